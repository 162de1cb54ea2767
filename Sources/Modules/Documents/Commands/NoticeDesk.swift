package import Cryptography
import Foundation
package import Kernel
package import Storage
import Typesetting
package import Workflow

/// A document on its way out: content sealed and code drawn before the unit of work that issues it.
package struct PreparedNotice: Sendable {
    package let id: String
    let draft: NoticeDraft
    let part: SealedPart
    let code: String
}

/// Issues official documents (文书) and draws them as PDF when somebody wants the paper.
package struct NoticeDesk: Sendable {
    let database: any Database
    private let vaults: Vaults
    let files: FileStore
    private let publicURL: String
    private let demo: Bool

    package init(database: any Database, vaults: Vaults, files: FileStore, publicURL: String, demo: Bool) {
        self.database = database
        self.vaults = vaults
        self.files = files
        self.publicURL = publicURL
        self.demo = demo
    }

    /// Seals the content for the application's vault.
    package func prepare(_ draft: NoticeDraft, in vault: OpenVault, at now: Moment) throws -> PreparedNotice {
        let id = ID<NoticeDraft>(at: now).description
        let part = try vault.seal(try canonical(draft), slot: "notice/\(id)")
        return PreparedNotice(id: id, draft: draft, part: part, code: Base64URL.encode(Randomness.bytes(18)))
    }

    /// Issues a document inside the unit of work; its number 文号 is given last and without gaps. Receipts have none.
    ///
    /// - Parameter result: the number of the certificate or entry the document names, where it names one.
    @discardableResult
    package func issue(
        _ notice: PreparedNotice, stream: String, prefix: String?, result: String?, area: AreaCode, at now: Moment,
        _ tx: Transaction
    ) throws -> NoticeRow {
        try VaultStore.put(notice.part, in: stream, area: area, at: now, tx)
        var number: String?
        if !notice.draft.plain {
            let year = now.date.year
            let series = notice.draft.series
            let next = try NumberSeries.gapless("notice/\(series)", area: area, year: year, tx)
            number = "\(prefix ?? "")\(series)〔\(year)〕\(next)号"
        }
        let row = NoticeRow(
            id: notice.id, stream: stream, kind: notice.draft.kind, number: number, result: result, code: notice.code,
            organ: notice.draft.organ, title: notice.draft.title, state: "valid", issuedAt: now, file: nil, digest: nil)
        try DocumentsStore.insert(row, area: area, tx)
        return row
    }

    /// The paper: drawn once and kept, so that it stays the same byte for byte.
    package func pdf(_ id: String, area: AreaCode, at now: Moment) async throws -> (
        row: NoticeRow, reader: SealedFileReader
    ) {
        let found = try await database.read { tx -> (NoticeRow, SealedBundle, StoredFile?)? in
            guard let row = try DocumentsStore.notice(id, area: area, tx),
                let bundle = try VaultStore.read(row.stream, area: area, slots: ["notice/\(id)"], tx)
            else { return nil }
            return (row, bundle, try row.file.flatMap { try DocumentsStore.file($0, area: area, tx) })
        }
        guard let (row, bundle, drawn) = found else { throw DomainError.notFound }
        let vault = try vaults.open(bundle)
        if let drawn { return (row, try files.open(drawn, vault)) }
        guard let part = bundle.parts["notice/\(id)"] else { throw DomainError.notFound }
        let draft = try JSONDecoder().decode(NoticeDraft.self, from: Data(try vault.open(part)))
        let document = draft.document(
            number: row.number, result: row.result, url: "\(publicURL)/\(area.text)/verify/\(row.code)", code: row.code,
            progress: draft.link.map { "\(publicURL)/\(area.text)/\($0)" }, watermark: demo ? "演示" : nil)
        let bytes = try renderPDF(document)
        let (file, digest) = try files.store(bytes, kind: .pdf, into: vault, id: ID<StoredFile>(at: now).description)
        try await database.write { tx in
            try DocumentsStore.insert(file, area: area, at: now, tx)
            try DocumentsStore.attach([file.id], area: area, tx)
            try DocumentsStore.drawn(id, file: file.id, digest: digest, area: area, tx)
        }
        // Another request may have drawn it at the same time: the row keeps the first, and so do we.
        let kept = try await database.read { tx in
            try DocumentsStore.notice(id, area: area, tx)?.file.flatMap { try DocumentsStore.file($0, area: area, tx) }
        }
        return (row, try files.open(kept ?? file, vault))
    }

    /// What a third person may know of a document by its code; nil where there is none.
    package func verify(code: String, area: AreaCode) async throws -> (notice: NoticeRow, holder: String?)? {
        try await database.read { tx in
            guard let row = try DocumentsStore.notice(code: code, area: area, tx) else { return nil }
            return (row, try PartyStore.party("applicant", of: row.stream, area: area, tx)?.mask)
        }
    }

    /// Large files on their way.
    var uploads: Uploads { Uploads(database: database, files: files, vaults: vaults) }
}
