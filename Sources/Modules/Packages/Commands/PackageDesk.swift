package import Cases
package import Catalogue
import Cryptography
import Directory
import Documents
import Foundation
import Identity
package import Kernel
package import Storage
package import Web
package import Workflow

/// What Cases asks of packages: their drafts are handed in here, and their cases say here how they go on.
package struct PackageDesk: PackageOffice {
    package let office: Office<PackageProcedure>
    let projection: PackageProjection
    let catalogue: CatalogueAPI

    package init(catalogue: CatalogueAPI) {
        self.catalogue = catalogue
        projection = PackageProjection(catalogue: catalogue)
        office = Office(projection: projection)
    }

    package func submit(
        _ draft: OpenDraft, _ check: DraftCheck, _ viewer: ResidentViewer, _ occasion: Occasion, in cases: CasesAPI
    ) async throws -> String {
        let (area, now, id) = (occasion.area, occasion.at, draft.row.id)
        let definition = draft.item.definition
        let fillings = CasesAPI.fillings(draft, check.situations, check.rules)
        guard !fillings.isEmpty else { throw DomainError.refused(Message("packages.refused.noSteps")) }
        let person = try await cases.identity.profile(of: viewer)
        let applicant = ApplicantContent(
            name: person.name, idNumber: person.idNumber, phone: person.phone, organisation: person.organisation?.name,
            uscc: person.organisation?.uscc, handler: draft.content.handler)
        // Of the same type as a public service, whose numbers it shares.
        let type = definition.type.standardCode
        let number = CaseNumber.make(
            area: area, on: now.date, type: type,
            sequence: try await cases.nextNumber(type: type, area: area, on: now.date))
        let wanted = Set(fillings.flatMap { $0.filledMaterials.values } + [HandlerContent.material])
        let files = draft.content.files.filter { wanted.contains($0.material) }
        let content = PackageContent(
            situations: check.situations.answers, form: check.rules.visibleValues, files: files, applicant: applicant)
        let form = try draft.vault.seal(
            try canonical(content), slot: "form/\(ID<PackageContent>(at: now).description)")
        let chosen = Set(fillings.map(\.step.id))
        let planned = fillings.compactMap { filling in
            draft.steps[filling.step.item].map {
                PlannedStep(
                    id: filling.step.id, item: filling.step.item, itemVersion: $0.version,
                    department: filling.step.department, after: filling.step.after.filter(chosen.contains),
                    onFailure: filling.step.onFailure)
            }
        }
        let code = QueryCode.random()
        let secret = try draft.vault.seal(code.text, slot: "query-code")
        let lookup = try cases.vaults.lookupCode(code.text, .queryCode)
        let receipt = try cases.notices.prepare(
            PackageReceipt.draft(
                number: number, code: code, package: definition, profile: try await cases.directory.profile(of: area),
                applicant: applicant.organisation ?? applicant.name, handler: applicant.handler,
                steps: fillings.map(\.step), files: files, at: now),
            in: draft.vault, at: now)
        let present = CasesAPI.present(applicant, byHandler: viewer.byHandler)
        let declares = fillings.compactMap { $0.item.remoteCheck?.declares }
        var begun: [PreparedCase] = []
        for (filling, plan) in zip(fillings, planned) where plan.after.isEmpty {
            guard let item = draft.steps[plan.item] else { continue }
            let share = CaseShare(
                part: PackagePart(id: id, number: number, slug: definition.slug, step: plan.id), item: item,
                filling: filling, files: filling.files(of: files), applicant: applicant, owner: viewer.account,
                bucket: viewer.bucket,
                subject: viewer.subject, channel: occasion.actor.channel, present: present, declares: declares)
            begun.append(try await cases.prepare(share, from: draft.vault, area: area, at: now))
        }
        let submission = PackageSubmission(
            number: number, package: definition.slug, version: draft.item.version, department: definition.department,
            owner: viewer.account, bucket: viewer.bucket.text, subject: viewer.subject,
            channel: occasion.actor.channel, form: form.reference,
            files: files.map {
                CaseFile(id: $0.id, material: $0.material, digest: $0.digest, size: $0.size, type: $0.type)
            }, steps: planned,
            first: begun.map { OpenedStep(step: $0.step, caseID: $0.id, number: $0.number) },
            receipt: IssuedNotice(id: receipt.id, kind: "receipt", at: now))
        let context = PackageContext(at: now, calendar: draft.calendar, definition)
        let party = Party(
            role: "applicant", kind: applicant.organisation == nil ? "person" : "organisation",
            mask: applicant.organisation ?? Mask.name(applicant.name), account: viewer.account,
            bucket: viewer.bucket.text)
        let unneeded = draft.content.files.filter { !wanted.contains($0.material) }.map(\.id)
        let version = draft.row.version
        do {
            let dropped = try await cases.database.write { [office, begun] tx in
                try VaultStore.put(form, in: id, area: area, at: now, tx)
                try VaultStore.put(secret, in: id, area: area, at: now, tx)
                try PartyStore.addLookup("query-code", lookup, stream: id, area: area, tx)
                try VaultStore.remove(slot: "draft", from: id, area: area, tx)
                guard
                    try cases.markSubmitted(
                        id, number: number, version: version, by: viewer.subject, area: area, at: now, tx)
                else {
                    throw DomainError.conflict(Message("cases.conflict.draftBusy"))
                }
                try PartyStore.put(party, vault: id, area: area, tx)
                try office.perform(.submit(submission), on: id, occasion, tx) { _ in context }
                try cases.notices.issue(
                    receipt, stream: id, prefix: nil, result: nil, area: area, at: now, tx)
                try CasesAPI.giveAttorney(
                    applicant.handler, application: id, number: number, papers: CasesAPI.papers(files).map(\.id),
                    occasion, tx)
                for prepared in begun { try cases.begin(prepared, occasion, tx) }
                return try DocumentsStore.remove(unneeded, area: area, tx)
            }
            try await cases.notices.discard(dropped)
            for prepared in begun { try await cases.decideAtOnce(prepared, occasion) }
        } catch DomainError.conflict {
            // Another click was faster: its number is the answer.
            if let number = try await cases.numberOfDraft(id, area: area, viewer) { return number }
            throw DomainError.conflict(Message("cases.conflict.draftBusy"))
        }
        return number
    }

    package func moved(
        _ state: CaseState, _ part: PackagePart, id: String, _ occasion: Occasion, _ tx: Transaction
    ) throws {
        let area = occasion.area
        try PackagesStore.lock(part.id, area: area, tx)
        guard try office.state(of: part.id, area: area, tx) != nil else { return }
        try office.perform(
            .caseMoved(step: part.step, to: state.stage, result: state.result?.number), on: part.id, occasion, tx
        ) { package in
            guard let package else { throw DomainError.notFound }
            return try projection.context(package, occasion, tx)
        }
    }

    package func standing(of part: PackagePart, area: AreaCode, _ tx: Transaction) throws -> PackageStanding? {
        try office.state(of: part.id, area: area, tx)?.state.standing
    }

    package func find(number: String, area: AreaCode, _ tx: Transaction) throws -> (
        id: String, standing: PackageStanding
    )? {
        guard let line = try PackagesStore.line(number: number, area: area, tx) else { return nil }
        return try office.state(of: line.id, area: area, tx).map { (id: line.id, standing: $0.state.standing) }
    }

    package func owned(by account: String, area: AreaCode, limit: Int, _ tx: Transaction) throws -> [PackageStanding] {
        try PackagesStore.owned(by: account, area: area, limit: limit, tx).compactMap {
            try office.state(of: $0.id, area: area, tx)?.state.standing
        }
    }
}

/// What was handed in, sealed in the package's vault: cases of later steps are filled from it.
struct PackageContent: Sendable, Hashable, Codable {
    var situations: [String: JSON]
    /// Only answers that were shown.
    var form: [String: JSON]
    var files: [DraftContent.File]
    var applicant: ApplicantContent
}

extension StepFilling {
    /// Of the item's materials that these answers ask for, the package's that fill them.
    var filledMaterials: [String: String] {
        let asked = Set(situations.materials.map(\.material.id))
        return materials.filter { asked.contains($0.key) }
    }

    /// Files of the package by the item's material; each department also gets the power of attorney.
    func files(of all: [DraftContent.File]) -> [(material: String, file: DraftContent.File)] {
        filledMaterials.sorted { $0.key < $1.key }.flatMap { material, source in
            all.filter { $0.material == source }.map { (material: material, file: $0) }
        } + CasesAPI.papers(all).map { (material: $0.material, file: $0) }
    }
}
