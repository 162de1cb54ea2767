package import Catalogue
import Cryptography
package import Directory
package import Documents
import Foundation
package import Identity
package import Kernel
package import Registers
package import Storage
package import Web
package import Workflow

/// Drafts and cases for pages, API, kiosks and other modules: one use case a method, each one transaction.
package final class CasesAPI: Sendable {
    package let database: any Database
    let time: TimeSource
    package let vaults: Vaults
    package let office: Office<CaseProcedure>
    let projection: CaseProjection
    package let catalogue: CatalogueAPI
    package let directory: DirectoryAPI
    package let identity: IdentityAPI
    package let notices: NoticeDesk
    package let files: FileStore
    /// One-thing packages; nil where the house has none.
    let packages: (any PackageOffice)?
    /// Registers that decisions without a person ask; nil where the house has none.
    let registers: RegistersAPI?
    let numbers: NumberSeries
    let calls = CallsUnderWay()
    let exports = ExportProgress()
    /// The largest file in bytes.
    let uploadLimit: Int
    /// Where the portal is reached from outside, for links that leave the house.
    let publicURL: String
    /// How it is found out who an absent person is.
    let remoteCheck: any RemoteIdentityCheck

    package init(
        database: any Database, time: TimeSource, vaults: Vaults, catalogue: CatalogueAPI, directory: DirectoryAPI,
        identity: IdentityAPI, notices: NoticeDesk, files: FileStore, uploadLimit: Int,
        packages: (any PackageOffice)? = nil, registers: RegistersAPI? = nil, publicURL: String = "",
        remoteCheck: any RemoteIdentityCheck = VideoIdentityCheck()
    ) {
        self.publicURL = publicURL
        self.remoteCheck = remoteCheck
        self.database = database
        self.time = time
        self.vaults = vaults
        self.catalogue = catalogue
        self.directory = directory
        self.identity = identity
        self.notices = notices
        self.files = files
        self.uploadLimit = uploadLimit
        numbers = NumberSeries(database: database)
        self.packages = packages
        self.registers = registers
        projection = CaseProjection(catalogue: catalogue, packages: packages)
        office = Office(projection: projection)
    }
}

/// A case with everything a command or a page needs of it; its vault is open.
package struct OpenCase: Sendable {
    package let id: String
    package let area: AreaCode
    package let state: CaseState
    package let version: Int
    package let item: PublishedItem
    package let profile: AreaProfile
    package let calendar: WorkCalendar
    let vault: OpenVault
    let parts: [String: SealedPart]

    /// What was handed in.
    package func content() throws -> FormContent {
        guard let part = parts[state.form.slot] else { throw DomainError.notFound }
        return try JSONDecoder().decode(FormContent.self, from: Data(try vault.open(part)))
    }

    /// Sealed words of a kind, or nil where there are none.
    package func words<Words: Decodable>(_ reference: Sealed?, as type: Words.Type = Words.self) throws -> Words? {
        guard let reference, let part = parts[reference.slot] else { return nil }
        return try JSONDecoder().decode(Words.self, from: Data(try vault.open(part)))
    }

    /// The text of a slot.
    package func text(_ slot: String) throws -> String? { try parts[slot].map { try vault.text($0) } }

    /// The sealed words of an event, sealed for a new slot.
    func seal(_ words: some Encodable, kind: String, at now: Moment) throws -> SealedPart {
        try vault.seal(try canonical(words), slot: "\(kind)/\(ID<CaseState>(at: now).description)")
    }

    var head: CaseHead { CaseHead(state: state, version: version, item: item, profile: profile) }

    package var rules: CaseRules {
        CaseRules(item.definition, version: item.version).handled(by: state.department)
    }

    func context(at now: Moment, officer: String?, away: [String: String?] = [:]) -> CaseContext {
        CaseContext(at: now, rules: rules, calendar: calendar, officer: officer, away: away)
    }
}

/// How a case stands, without what was handed in: what an act answers.
package struct CaseHead: Sendable {
    package let state: CaseState
    package let version: Int
    package let item: PublishedItem
    package let profile: AreaProfile
}

extension CasesAPI {
    /// Opens a case by its number. Whether the caller may is for the caller to check.
    ///
    /// - Throws: `.notFound`.
    package func open(number: String, area: AreaCode) async throws -> OpenCase {
        let found = try await database.read { [office] tx -> (String, CaseState, Int, SealedBundle)? in
            guard let line = try CasesStore.line(number: number, area: area, tx),
                let (state, version) = try office.state(of: line.id, area: area, tx),
                let bundle = try VaultStore.read(line.id, area: area, tx)
            else { return nil }
            return (line.id, state, version, bundle)
        }
        guard let (id, state, version, bundle) = found else { throw DomainError.notFound }
        async let item = catalogue.item(state.item, version: state.itemVersion, area: area)
        async let profile = directory.profile(of: area)
        async let calendar = directory.calendar(of: area)
        return OpenCase(
            id: id, area: area, state: state, version: version, item: try await item, profile: try await profile,
            calendar: try await calendar, vault: try vaults.open(bundle), parts: bundle.parts)
    }

    /// Opens a resident's own case; another's looks like none.
    package func openOwn(_ number: String, area: AreaCode, _ viewer: ResidentViewer) async throws -> OpenCase {
        let found = try await open(number: number, area: area)
        guard found.state.owner == viewer.account else { throw DomainError.notFound }
        return found
    }

    /// Opens a case for a member of staff and logs the look, before anything is shown.
    ///
    /// - Throws: `.notFound` where the case is none of the person's departments, unless the person supervises the area.
    package func openForStaff(_ number: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws -> OpenCase {
        let found = try await openUnseen(number, viewer)
        let slot = found.state.form.slot
        let id = found.id
        try await database.write { tx in try AccessLog.record(occasion, stream: id, slot: slot, tx) }
        return found
    }

    /// Opens a case for a command, which logs the look together with what it does.
    func openUnseen(_ number: String, _ viewer: StaffViewer) async throws -> OpenCase {
        let found: OpenCase
        do {
            found = try await open(number: number, area: viewer.area)
        } catch DomainError.notFound {
            let all = Self.seesAll(viewer)
            try await tellForgotten(number, all ? nil : Set(viewer.departments), area: viewer.area)
            throw DomainError.notFound
        }
        guard Self.mayView(found.state, viewer) else { throw DomainError.notFound }
        return found
    }

    private static func seesAll(_ viewer: StaffViewer) -> Bool {
        if viewer.permissions.contains(Permission("supervision.board")), viewer.departments.isEmpty { return true }
        return viewer.permissions.contains(Permission("supervision.urge"))
    }

    /// A case is looked at by the departments that handle it, and by those who supervise the whole area.
    static func mayView(_ state: CaseState, _ viewer: StaffViewer) -> Bool {
        if seesAll(viewer) { return true }
        let department = state.queue?.split(separator: "/").first.map(String.init)
        return viewer.departments.contains(state.department) || department.map(viewer.departments.contains) ?? false
            || state.asked.contains(where: viewer.departments.contains)
    }
}
