import Cases
import Catalogue
import Directory
import Foundation
package import Kernel
import Storage
import Workflow

/// Turns letters into cases: each step once, whatever breaks off in between.
extension PackagesAPI {
    /// Opens the cases of steps whose turn has come. Case, package and letter change in one transaction; a second server, or a
    /// second run after a crash, finds the step open and only throws the letter away.
    ///
    /// - Returns: how many cases were opened.
    @discardableResult
    package func openSteps(at now: Moment) async throws -> Int {
        let letters = try await cases.database.read { tx in
            try Outbox.due(channel: PackageProjection.channel, at: now, limit: 100, tx)
        }
        var opened = 0
        for letter in letters {
            guard try await cases.database.write({ tx in try Outbox.claim(letter, at: now, tx) }) else { continue }
            do {
                if try await openOnce(letter, at: now) { opened += 1 }
            } catch {
                try await cases.database.write { tx in
                    try Outbox.failed(letter, fault: "\(error)", at: now, tx)
                }
            }
        }
        return opened
    }

    /// Where the package moved on in between, it is looked at again: the step may be open or left out by now.
    private func openOnce(_ letter: Outbox.Letter, at now: Moment) async throws -> Bool {
        for _ in 0..<4 {
            do { return try await open(letter, at: now) } catch DomainError.conflict { continue }
        }
        return try await open(letter, at: now)
    }

    private func open(_ letter: Outbox.Letter, at now: Moment) async throws -> Bool {
        let area = letter.area
        guard let id = letter.payload["package"].text, let name = letter.payload["step"].text else {
            throw DomainError.notFound
        }
        let read = try await cases.database.read { [desk] tx -> (PackageState, SealedBundle)? in
            guard let state = try desk.office.state(of: id, area: area, tx)?.state,
                let bundle = try VaultStore.read(id, area: area, slots: [state.form.slot], tx)
            else { return nil }
            return (state, bundle)
        }
        guard let (state, bundle) = read, let step = state.step(name), step.stage == .due else {
            // Open already, withdrawn meanwhile, or forgotten.
            try await cases.database.write { tx in try Outbox.delivered(letter, tx) }
            return false
        }
        let vault = try cases.vaults.open(bundle)
        guard let part = bundle.parts[state.form.slot] else { throw DomainError.notFound }
        let content = try JSONDecoder().decode(PackageContent.self, from: Data(try vault.open(part)))
        let package = try await cases.catalogue.item(state.package, version: state.version, area: area).definition
        let item = try await cases.catalogue.item(step.plan.item, version: step.plan.itemVersion, area: area)
        guard let plan = package.plan, let own = plan.step(name) else { throw DomainError.notFound }
        let done = state.steps.compactMap { step in step.result.map { (step.plan.id, $0) } }
        let filling = StepFilling(
            own, item.definition, of: plan,
            from: RuleContext(
                situations: content.situations, form: content.form,
                applicant: content.applicant.organisation == nil ? .person : .organisation, today: now.date,
                calendar: try await cases.directory.calendar(of: area)),
            chosen: Set(state.steps.filter { $0.stage != .leftOut }.map(\.plan.id)),
            results: Dictionary(done, uniquingKeysWith: { first, _ in first }))
        guard let bucket = AreaCode(state.bucket) else { throw DomainError.notFound }
        let prepared = try await cases.prepare(
            CaseShare(
                part: PackagePart(id: id, number: state.number, slug: state.package, step: name), item: item,
                filling: filling, files: filling.files(of: content.files), applicant: content.applicant,
                owner: state.owner,
                bucket: bucket, subject: state.subject, channel: state.channel,
                earlier: state.steps.compactMap(\.number)),
            from: vault, area: area, at: now)
        let occasion = Occasion(area: area, at: now, actor: .system("package"), request: "package-\(letter.id)")
        try await cases.database.write { [desk, cases] tx in
            try PackagesStore.lock(id, area: area, tx)
            try desk.office.perform(
                .open(OpenedStep(step: name, caseID: prepared.id, number: prepared.number)), on: id, occasion, tx
            ) { state in
                guard let state else { throw DomainError.notFound }
                return try desk.projection.context(state, occasion, tx)
            }
            try cases.begin(prepared, occasion, tx)
            try Outbox.delivered(letter, tx)
        }
        try await cases.decideAtOnce(prepared, occasion)
        return true
    }
}
