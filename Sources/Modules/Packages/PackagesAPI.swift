package import Cases
package import Catalogue
import Directory
import Documents
import Foundation
package import Kernel
import Storage
package import Web
package import Workflow

/// One-thing packages under way, for pages, API and other modules.
package final class PackagesAPI: Sendable {
    package let cases: CasesAPI
    package let desk: PackageDesk

    package init(cases: CasesAPI, desk: PackageDesk) {
        self.cases = cases
        self.desk = desk
    }
}

/// A package with its vault and its cases open.
package struct OpenPackage: Sendable {
    package let id: String
    package let area: AreaCode
    package let state: PackageState
    package let version: Int
    /// The package as it was when it was handed in.
    package let definition: PublishedItem
    /// The cases of its steps, by step.
    package let cases: [String: OpenCase]
    let vault: OpenVault
    let parts: [String: SealedPart]

    /// Seals text of another module for this package's vault: it is forgotten with the package.
    package func sealed(_ text: String, slot: String) throws -> SealedPart { try vault.seal(text, slot: slot) }

    /// The text of a slot.
    package func text(_ slot: String) throws -> String? { try parts[slot].map { try vault.text($0) } }
}

extension PackagesAPI {
    /// Opens a resident's own package; another's looks like none.
    ///
    /// - Throws: `.notFound`.
    package func openOwn(_ number: String, area: AreaCode, _ viewer: ResidentViewer) async throws -> OpenPackage {
        let opened = try await open(number, area: area)
        guard opened.state.owner == viewer.account else { throw DomainError.notFound }
        return opened
    }

    /// Opens a package with all its cases; whether the caller may is for the caller to check.
    func open(_ number: String, area: AreaCode) async throws -> OpenPackage {
        let read = try await cases.database.read { [desk] tx -> (String, PackageState, Int, SealedBundle)? in
            guard let line = try PackagesStore.line(number: number, area: area, tx),
                let (state, version) = try desk.office.state(of: line.id, area: area, tx),
                let bundle = try VaultStore.read(line.id, area: area, tx)
            else { return nil }
            return (line.id, state, version, bundle)
        }
        guard let (id, state, version, bundle) = read else { throw DomainError.notFound }
        var open: [String: OpenCase] = [:]
        for step in state.steps {
            guard let number = step.number else { continue }
            do { open[step.plan.id] = try await cases.open(number: number, area: area) } catch DomainError.notFound {
                // Its own term was shorter: the case is forgotten, the package not yet.
                continue
            }
        }
        return OpenPackage(
            id: id, area: area, state: state, version: version,
            definition: try await cases.catalogue.item(state.package, version: state.version, area: area),
            cases: open, vault: try cases.vaults.open(bundle), parts: bundle.parts)
    }

    /// Numbers of an account's packages in an area, newest first.
    package func numbers(of account: String, area: AreaCode) async throws -> [String] {
        try await cases.database.read { tx in
            try PackagesStore.owned(by: account, area: area, limit: 1_000, tx).map(\.number)
        }
    }

    /// A package by its number, for the file of somebody's own data.
    package func openUnchecked(_ number: String, area: AreaCode) async throws -> OpenPackage {
        try await open(number, area: area)
    }

    /// Takes the whole back: cases that may still be withdrawn are, steps not begun are left out, what was decided stays.
    package func withdraw(_ number: String, _ viewer: ResidentViewer, _ occasion: Occasion) async throws -> PackageState
    {
        let opened = try await openOwn(number, area: occasion.area, viewer)
        let (id, running) = (opened.id, opened.state.steps.filter { $0.stage == .open }.compactMap(\.caseID))
        return try await cases.database.write { [desk, cases] tx in
            try PackagesStore.lock(id, area: occasion.area, tx)
            var state = try desk.office.perform(.withdraw, on: id, occasion, tx) { state in
                guard let state else { throw DomainError.notFound }
                return try desk.projection.context(state, occasion, tx)
            }.state
            for id in running { try cases.withdrawOpen(id, occasion, tx) }
            state = try desk.office.state(of: id, area: occasion.area, tx)?.state ?? state
            return state
        }
    }

    /// Leaves a step out that has not begun; sent again it changes nothing.
    ///
    /// - Throws: `.notFound`, `.refused` with the package's rule that is in the way, `.conflict` where the package has ended.
    @discardableResult
    package func leaveOut(_ step: String, of number: String, _ viewer: ResidentViewer, _ occasion: Occasion)
        async throws -> PackageState
    {
        let opened = try await openOwn(number, area: occasion.area, viewer)
        let id = opened.id
        return try await cases.database.write { [desk] tx in
            try PackagesStore.lock(id, area: occasion.area, tx)
            return try desk.office.perform(.leaveOut(step: step), on: id, occasion, tx) { state in
                guard let state else { throw DomainError.notFound }
                return try desk.projection.context(state, occasion, tx)
            }.state
        }
    }

    /// Counts overall limits anew where an area's calendar has changed, package by package.
    package func recountLimits(at now: Moment) async throws {
        for (area, _) in try await cases.directory.areas() {
            let streams = try await cases.database.read { tx in
                try TimerStore.countedBefore(
                    DirectoryStore.calendar(of: area, tx).version, kind: PackageProcedure.kind, area: area, limit: 500,
                    tx)
            }
            for id in streams {
                let occasion = Occasion(area: area, at: now, actor: .system("calendar"), request: "calendar-\(id)")
                try await cases.database.write { [desk] tx in
                    var calendar = 0
                    let outcome = try desk.office.perform(.recountLimit, on: id, occasion, tx) { state in
                        guard let state else { throw DomainError.notFound }
                        let context = try desk.projection.context(state, occasion, tx)
                        calendar = context.calendar.version
                        return context
                    }
                    if outcome.events.isEmpty {
                        try TimerStore.counted(by: calendar, stream: id, area: area, tx)
                    }
                }
            }
        }
    }

    /// Destroys the personal part of packages whose term is over (个人信息保护法 art. 47); journal and state stay and verify.
    ///
    /// - Returns: how many were forgotten.
    @discardableResult
    package func forgetEnded(at now: Moment) async throws -> Int {
        let due = try await cases.database.read { tx in try PackagesStore.toForget(at: now, limit: 500, tx) }
        var count = 0
        for (area, id) in due {
            let freed = try await cases.database.write { tx -> [String]? in
                guard try PackagesStore.forget(id, area: area, dueBy: now, tx) else { return nil }
                try VaultStore.forget(id, area: area, tx)
                return try DocumentsStore.removeFiles(of: id, area: area, tx)
            }
            guard let freed else { continue }
            try await cases.notices.discard(freed)
            count += 1
        }
        return count
    }
}
