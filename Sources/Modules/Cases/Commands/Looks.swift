import Catalogue
package import Cryptography
package import Documents
package import Kernel
import Storage
package import Web
import Workflow

// What pages and the API look at; nothing changes here.

extension CasesAPI {
    /// Opens a case for somebody who holds the receipt; nil where number or code are wrong, without saying which.
    package func openByCode(_ number: String, code: String, area: AreaCode) async throws -> OpenCase? {
        guard let number = CaseNumber.read(number), let code = QueryCode(code) else { return nil }
        let codes = try vaults.lookupCodes(code.text, .queryCode)
        let streams = try await database.read { tx in
            try PartyStore.find("query-code", codes, area: area, limit: 100, tx)
        }
        do {
            let opened = try await open(number: number, area: area)
            return streams.contains(opened.id) ? opened : nil
        } catch DomainError.notFound {
            return nil
        }
    }

    /// A package for somebody who holds the receipt of the whole; nil where number or code are wrong.
    func packageByCode(_ number: String, code: String, area: AreaCode) async throws -> PackageStanding? {
        guard let packages, let number = CaseNumber.read(number), let code = QueryCode(code) else { return nil }
        let codes = try vaults.lookupCodes(code.text, .queryCode)
        return try await database.read { tx in
            let streams = try PartyStore.find("query-code", codes, area: area, limit: 100, tx)
            guard let found = try packages.find(number: number, area: area, tx) else { return nil }
            return streams.contains(found.id) ? found.standing : nil
        }
    }

    /// What happened to a case, newest first.
    package func history(of opened: OpenCase) async throws -> [TimelineEntry] {
        let id = opened.id
        let area = opened.area
        return try Timeline.entries(try await database.read { tx in try JournalStore.entries(of: id, area: area, tx) })
    }

    /// The number of a case or package about one of these items that the resident has under way: he may not know it.
    ///
    /// - Parameter items: what is applied for; of a package its own slug and the items of the steps asked for.
    func underWay(_ items: Set<String>, of viewer: ResidentViewer, area: AreaCode) async throws -> String? {
        let running: Set<String> = ["waiting", "due", "open"]
        let package = try await ownedPackages(by: viewer, area: area).first { package in
            guard package.endedAt == nil else { return false }
            return items.contains(package.slug)
                || package.steps.contains { items.contains($0.item) && running.contains($0.state) }
        }
        if let package { return package.number }
        return try await owned(by: viewer, area: area, limit: 50).cases.first {
            items.contains($0.item) && !$0.stage.isEnded
        }?.number
    }

    /// A resident's cases in an area, newest first, and the drafts still open there.
    package func owned(
        by viewer: ResidentViewer, area: AreaCode, stage: CaseStage? = nil,
        before: (openedAt: Moment, id: String)? = nil, limit: Int
    ) async throws -> (cases: [CaseLine], drafts: [DraftRow]) {
        let account = viewer.account
        return try await database.read { tx in
            (
                try CasesStore.owned(by: account, area: area, stage: stage, before: before, limit: limit, tx),
                before == nil ? try DraftStore.owned(by: account, area: area, limit: 50, tx) : []
            )
        }
    }

    /// A resident's cases in the other areas.
    package func ownedElsewhere(by viewer: ResidentViewer, than area: AreaCode) async throws -> [Pointer] {
        let (account, bucket) = (viewer.account, viewer.bucket)
        return try await database.read { tx in try PointerStore.owned(by: account, bucket: bucket, limit: 100, tx) }
            .filter { $0.area != area }
    }

    /// The documents of a case, oldest first.
    package func notices(of opened: OpenCase) async throws -> [NoticeRow] {
        let (id, area) = (opened.id, opened.area)
        return try await database.read { tx in try DocumentsStore.notices(of: id, area: area, tx) }
    }

    /// The paper of one of a case's documents; throws `notFound` for another case's.
    package func paper(_ notice: String, of opened: OpenCase, at now: Moment) async throws -> (
        row: NoticeRow, reader: SealedFileReader
    ) {
        // Also one that was taken back: it says itself that it holds no longer.
        guard try await notices(of: opened).contains(where: { $0.id == notice }) else { throw DomainError.notFound }
        return try await notices.pdf(notice, area: opened.area, at: now)
    }

    /// A file of a case with its name; throws `notFound` for what is not part of it.
    package func file(_ id: String, of opened: OpenCase) async throws -> (
        name: String, kind: FileKind, reader: SealedFileReader
    ) {
        let area = opened.area
        guard opened.state.files.contains(where: { $0.id == id }),
            let stored = try await database.read({ tx in try DocumentsStore.file(id, area: area, tx) })
        else { throw DomainError.notFound }
        return (try opened.content().fileNames[id] ?? id, stored.kind, try files.open(stored, opened.vault))
    }
}
