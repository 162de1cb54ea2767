import Catalogue
import Cryptography
import Documents
import Identity
import Kernel
import Storage
import Web

// 扫码上传, 扫描件: papers that come to a counter's application from a phone or a scanner, and are sorted there.

/// What lies with a draft and belongs to no material yet.
enum Scans {
    /// Its place among the files. No item has such a material: its ids begin with a letter.
    static let material = "-scans"
    /// At most so many files wait at once.
    static let most = 60
    static let kinds: [FileKind] = [.jpg, .png, .pdf]
    /// Seconds a code for a phone is good.
    static let life: Int64 = 900
}

extension CasesAPI {
    /// Scans that wait to be sorted: nothing is handed in while there are any, since they would be lost.
    static func scanFaults(_ draft: OpenDraft) -> [FieldFault] {
        let count = draft.content.files.count { $0.material == Scans.material }
        return count == 0 ? [] : [FieldFault("scans", Message("cases.scans.left", ["count": String(count)]))]
    }

    // MARK: The code

    /// A new code for a draft; the one before is dead. Good for a quarter of an hour, and no longer than the sitting.
    ///
    /// - Parameter screen: the code of the counter's screen.
    func showScanLink(
        _ draft: String, screen: String, area: AreaCode, _ viewer: ResidentViewer, at now: Moment
    ) async throws {
        _ = try await openDraft(draft, area: area, viewer)
        guard let place = Token(screen[...]), let token = Self.scanToken(draft, screen: screen, at: now) else {
            throw DomainError.notFound
        }
        let row = ScanLinkRow(
            draft: draft, hash: token.storageHash, screen: place.storageHash, createdAt: now,
            expiresAt: now.adding(seconds: Scans.life))
        try await database.write { tx in try ScanLinkStore.put(row, area: area, tx) }
    }

    func hideScanLink(_ draft: String, area: AreaCode, _ viewer: ResidentViewer) async throws {
        _ = try await openDraft(draft, area: area, viewer)
        try await database.write { tx in try ScanLinkStore.remove(of: draft, area: area, tx) }
    }

    /// Where a draft's code leads to now; nil while none is shown at this counter.
    func scanAddress(_ draft: String, screen: String, area: AreaCode, at now: Moment) async throws -> String? {
        guard
            let row = try await database.read({ tx in
                try ScanLinkStore.current(of: draft, area: area, at: now, tx)
            }), let token = Self.scanToken(draft, screen: screen, at: row.createdAt), token.storageHash == row.hash
        else { return nil }
        return publicURL + ScanPhonePages.path.url(area, token.text)
    }

    /// Made of what only the counter knows, so that nothing has to be kept that opens it.
    private static func scanToken(_ draft: String, screen: String, at moment: Moment) -> Token? {
        Token(Base64URL.encode(Digest.sha256("counter scan \(screen) \(draft) \(moment.milliseconds)".utf8)))
    }

    // MARK: The phone

    /// The draft a code leads to, and the one it belongs to; nil where the code or the sitting is over.
    func openScanLink(_ text: String, area: AreaCode, at now: Moment) async throws -> (
        draft: OpenDraft, viewer: ResidentViewer
    )? {
        guard let token = Token(text[...]),
            let row = try await database.read({ tx in
                try ScanLinkStore.find(hash: token.storageHash, area: area, at: now, tx)
            }), let viewer = try await identity.attended(onScreenHash: row.screen, area: area, at: now),
            case .open(let draft) = try await findDraft(row.draft, area: area, viewer)
        else { return nil }
        return (draft, viewer)
    }

    /// Whether this phone may send papers by the code: the first one that does.
    func ties(_ text: String, to phone: Token, area: AreaCode) async throws -> Bool {
        guard let token = Token(text[...]) else { return false }
        return try await database.write { tx in
            try ScanLinkStore.bind(hash: token.storageHash, to: phone.storageHash, area: area, tx)
        }
    }

    // MARK: Sorting

    /// Puts files under other materials, all at once; back among what waits by `-scans`.
    ///
    /// - Parameter places: the material by file; what is not of the draft is left aside.
    /// - Throws: `.invalid` with what does not fit, then nothing is moved.
    func sort(
        _ places: [String: String], of id: String, area: AreaCode, _ viewer: ResidentViewer, at now: Moment
    ) async throws {
        try await changeDraft(id, area: area, viewer, at: now) { content, item in
            var faults: [FieldFault] = []
            for index in content.files.indices {
                let file = content.files[index]
                guard let place = places[file.id], place != file.material else { continue }
                let rule = try Self.uploadRule(place, item)
                if FileKind(rawValue: file.type).map(rule.kinds.contains) != true {
                    faults.append(
                        FieldFault(
                            "to-\(file.id)",
                            Message(
                                "documents.fault.kind",
                                [
                                    "name": file.name,
                                    "allowed": rule.kinds.map { $0.rawValue.uppercased() }.joined(separator: "、"),
                                ])))
                } else if file.size > rule.bytes {
                    faults.append(
                        FieldFault(
                            "to-\(file.id)",
                            Message(
                                "documents.fault.tooLarge", ["name": file.name, "limit": String(rule.bytes >> 20)])))
                } else if content.files.count(where: { $0.material == place }) >= rule.most {
                    faults.append(
                        FieldFault(
                            "to-\(file.id)", Message("cases.fault.tooManyFiles", ["count": String(rule.most)])))
                } else {
                    content.files[index].material = place
                }
            }
            guard faults.isEmpty else { throw DomainError.invalid(faults) }
        }
    }
}
