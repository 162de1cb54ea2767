import Catalogue
import Cryptography
import Documents
import Foundation
import Identity
import Kernel
import Storage
import Web
import Workflow

// 远程身份核验, from the link that is written to the video that comes back.

/// A link on its way to somebody who is not there: sealed before the unit of work that writes it.
package struct RemoteLink: Sendable {
    let words: SealedPart
    let letter: SealedPart
    let row: RemoteLinkRow
    /// Where it leads: shown by nobody but a demonstration, as the code is.
    package let address: String
    /// The code that opens it.
    package let digits: String

    var command: AskRemoteCheck { AskRemoteCheck(words: words.reference, until: row.expiresAt) }

    /// The link, and the SMS with it.
    func write(area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        try RemoteLinkStore.put(row, area: area, tx)
        try VaultStore.put(letter, in: row.stream, area: area, at: now, tx)
        try Outbox.post(
            channel: "sms", area: area, dedup: row.hash,
            payload: ["kind": "cases.remote", "vault": .string(row.stream), "slot": .string(letter.slot)], at: now, tx)
    }
}

/// A link that somebody opened.
struct OpenRemoteLink: Sendable {
    let row: RemoteLinkRow
    let opened: OpenCase
    let words: RemoteCheckWords
    let check: RemoteCheck

    /// 法定代表人: what the application calls him.
    func role(_ language: Language) -> String {
        opened.item.definition.field(check.field)?.label[language] ?? ""
    }
}

extension CasesAPI {
    /// Seconds a link is good.
    static let linkLife: Int64 = 3 * 86_400
    /// The largest video in bytes.
    static let mostVideo = 50 << 20

    // MARK: Asking

    /// Whom the office has to see besides who is there; nil where the item asks for nobody, or he is there himself.
    ///
    /// - Parameter present: the identity number of the one who hands it in.
    static func absent(_ item: ItemDefinition, form: [String: JSON], present: String) -> PersonClaim? {
        guard let rule = item.remoteCheck, let person = FormContent.person(rule.person, in: form) else { return nil }
        return person.idNumber == CitizenID(present)?.text ? nil : person
    }

    /// Who hands an application in: at a counter the handler who sits there, else the applicant himself.
    package static func present(_ applicant: ApplicantContent, byHandler: Bool) -> String {
        byHandler ? applicant.handler?.idNumber ?? applicant.idNumber : applicant.idNumber
    }

    /// Makes a link for a person, with digits that nobody knows beforehand.
    func remoteLink(
        _ person: PersonClaim, declares: [LocalizedText], for stream: String, in vault: OpenVault, at now: Moment
    ) throws -> RemoteLink {
        let token = Token.random()
        let digits = Self.digits(6)
        let end = now.adding(seconds: Self.linkLife)
        let words = RemoteCheckWords(
            name: person.name, idNumber: person.idNumber, phone: person.phone, declares: declares,
            number: Self.digits(4))
        let address = publicURL + RemoteCheckPages.link.url(vault.area, token.text)
        let letter: JSON = [
            "phone": .string(person.phone), "code": .string(digits), "link": .string(address), "purpose": "remote",
            "area": .string(vault.area.text), "language": .string(Language.zh.rawValue),
            "until": .int(end.milliseconds),
        ]
        return RemoteLink(
            words: try vault.seal(
                try canonical(words), slot: "words/\(ID<RemoteCheckWords>(at: now).description)"),
            letter: try vault.seal(letter.canonical, slot: "remote-sms"),
            row: RemoteLinkRow(
                stream: stream, hash: token.storageHash, code: try codeMAC(digits, token.storageHash), tries: 0,
                sentAt: now, expiresAt: end),
            address: address, digits: digits)
    }

    /// Writes to the person once more, at the phone the applicant names.
    ///
    /// - Throws: `.invalid` for a phone that is none, `.refused` where nobody is to be asked now.
    func askRemoteCheck(
        _ number: String, phone: String, _ viewer: ResidentViewer, _ occasion: Occasion
    ) async throws -> RemoteLink {
        let opened = try await openOwn(number, area: occasion.area, viewer)
        guard let check = opened.state.remote, let rule = opened.item.definition.remoteCheck,
            let named = FormContent.person(check.field, in: try opened.content().form)
        else { throw DomainError.notFound }
        guard let phone = MobileNumber(phone) else { throw DomainError.invalid("phone", "cases.fault.phone") }
        let before = try opened.words(check.words, as: RemoteCheckWords.self)
        let declares = before.map { $0.idNumber == named.idNumber ? $0.declares : [] } ?? []
        let link = try remoteLink(
            PersonClaim(name: named.name, idNumber: named.idNumber, phone: phone.text),
            declares: declares.isEmpty ? [rule.declares] : declares, for: opened.id, in: opened.vault, at: occasion.at)
        var enclosures = Enclosures(parts: [link.words])
        enclosures.also = { tx in try link.write(area: occasion.area, at: occasion.at, tx) }
        try await perform(.further(link.command), opened, occasion, with: enclosures)
        return link
    }

    // MARK: The person

    /// What a link in an SMS leads to; nil where it is over, was replaced, or never was.
    func openRemoteLink(_ text: String, area: AreaCode, at now: Moment) async throws -> OpenRemoteLink? {
        guard let token = Token(text[...]) else { return nil }
        let found = try await database.read { [office] tx -> (RemoteLinkRow, String)? in
            guard let row = try RemoteLinkStore.find(hash: token.storageHash, area: area, at: now, tx),
                let state = try office.state(of: row.stream, area: area, tx)?.state
            else { return nil }
            return (row, state.number)
        }
        guard let (row, number) = found else { return nil }
        let opened = try await open(number: number, area: area)
        guard let check = opened.state.remote, !opened.state.stage.isEnded,
            let words = try opened.words(check.words, as: RemoteCheckWords.self)
        else { return nil }
        return OpenRemoteLink(row: row, opened: opened, words: words, check: check)
    }

    /// Whether the digits are those of the SMS; a wrong try counts.
    func opens(_ link: OpenRemoteLink, with typed: String) async throws -> Bool {
        let expected = try codeMAC(typed.filter(\.isNumber), link.row.hash)
        if MAC.equal(Array(expected.utf8), Array(link.row.code.utf8)) { return true }
        let area = link.opened.area
        try await database.write { tx in try RemoteLinkStore.countTry(hash: link.row.hash, area: area, tx) }
        return false
    }

    /// Takes the video: sealed like every file of the case, and a task for the office.
    ///
    /// - Throws: `.invalid("video", …)` for what is no video, `.tooLarge`, `.refused` where none is awaited.
    func recordRemoteCheck(
        _ link: OpenRemoteLink, _ occasion: Occasion,
        receive: (OpenVault, String, [FileKind], Int) async throws -> (file: StoredFile, digest: String)
    ) async throws {
        let (opened, area, now) = (link.opened, occasion.area, occasion.at)
        let id = ID<StoredFile>(at: now).description
        let (file, digest) = try await receive(opened.vault, id, FileKind.videos, min(Self.mostVideo, uploadLimit))
        var enclosures = Enclosures()
        enclosures.also = { tx in
            try DocumentsStore.insert(file, area: area, at: now, tx)
            try DocumentsStore.attach([file.id], area: area, tx)
        }
        try await perform(
            .further(RecordRemoteCheck(file: file.id, digest: digest)), opened, occasion, with: enclosures)
    }

    /// The page of the service that takes the video's place; nil where there is none.
    func servicePage(_ link: OpenRemoteLink, sentence: String, returnTo: String) async throws -> String? {
        try await remoteCheck.page(for: link.words.person, sentence: sentence, returnTo: returnTo)
    }

    /// Enters what the service says.
    func enterRemoteVerdict(_ result: String, _ link: OpenRemoteLink, _ occasion: Occasion) async throws {
        switch try await remoteCheck.verdict(result: result, for: link.words.person) {
        case .pending: return
        case .confirmed:
            try await perform(
                .further(ConfirmRemoteCheck(means: .service, words: nil)), link.opened, occasion)
        case .refused:
            let words = try link.opened.seal(
                DecisionWords(reason: "核验服务未通过"), kind: "words", at: occasion.at)
            try await perform(
                .further(DeclineRemoteCheck(means: .service, words: words.reference)), link.opened, occasion,
                with: Enclosures(parts: [words]))
        }
    }

    // MARK: The office

    /// Who may look at the videos: who handles the case at the window or in its review, and nobody else.
    static func mayCompare(_ state: CaseState, _ viewer: StaffViewer) -> Bool {
        let own = state.remote?.task?.queue.split(separator: "/").first.map(String.init)
        return [state.department, own].contains { $0.map(viewer.departments.contains) ?? false }
            && !viewer.permissions.isDisjoint(with: [CasesPermissions.accept, CasesPermissions.review])
    }

    /// One of the videos; the look is logged before it is shown.
    func recording(
        _ id: String, of number: String, _ viewer: StaffViewer, _ occasion: Occasion
    ) async throws -> (kind: FileKind, reader: SealedFileReader) {
        let opened = try await open(number: number, area: viewer.area)
        let area = opened.area
        guard Self.mayCompare(opened.state, viewer), opened.state.remote?.recordings?.contains(id) == true,
            let stored = try await database.read({ tx in try DocumentsStore.file(id, area: area, tx) })
        else { throw DomainError.notFound }
        try await database.write { tx in
            try AccessLog.record(occasion, stream: opened.id, slot: "remote/\(id)", tx)
        }
        return (stored.kind, try files.open(stored, opened.vault))
    }

    private func codeMAC(_ digits: String, _ hash: String) throws -> String {
        try vaults.lookupCode("\(hash) \(digits)", MACPurpose("cases.remote-code")).code
    }

    private static func digits(_ count: Int) -> String {
        Randomness.bytes(count * 8).chunked(8).map { bytes in
            String(bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 10)
        }.joined()
    }
}

extension [UInt8] {
    fileprivate func chunked(_ size: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
