package import Catalogue
import Cryptography
import Directory
import Documents
import Foundation
import Identity
package import Kernel
import Storage
package import Web
package import Workflow

/// What stands between a draft and its submission.
package struct DraftCheck: Sendable {
    package let situations: Situations
    package let rules: FormRules
    /// Faults of the form; fields as the pages name them.
    package let faults: [FieldFault]
    /// Sections with faults.
    package let faultySections: Set<String>
    /// Materials that must be handed in and are not.
    package let missing: [MaterialDefinition]
    /// What a department of a package would have to ask for again, although the package's own form is complete.
    package let stepFaults: [FieldFault]
    package var isReady: Bool { faults.isEmpty && missing.isEmpty && stepFaults.isEmpty && situations.isClear }
}

extension CasesAPI {
    /// Looks over a draft as submission will.
    package func check(_ draft: OpenDraft, _ viewer: ResidentViewer, language: Language, on today: CivilDate)
        -> DraftCheck
    {
        let context = draft.context(viewer.isOrganisation ? .organisation : .person, on: today)
        let situations = Situations(of: draft.item.definition, in: context)
        let rules = FormRules(item: draft.item.definition, context: context)
        var faults: [FieldFault] = []
        var faulty: Set<String> = []
        for section in rules.sections {
            let found = rules.faults(in: section.id, language: language)
            if !found.isEmpty { faulty.insert(section.id) }
            faults += found
        }
        let uploaded = Set(draft.content.files.map(\.material))
        let missing = situations.materials.filter {
            $0.required && $0.toUpload && $0.material.form != .paper && !uploaded.contains($0.material.id)
        }
        let known = Set(faults.map(\.field) + missing.map { "m-\($0.material.id)" })
        let later =
            !situations.isClear
            ? []
            : Self.fillings(draft, situations, rules).flatMap {
                $0.faults(uploaded: uploaded, language: language)
            }.filter { !known.contains($0.field) }
        return DraftCheck(
            situations: situations, rules: rules, faults: faults, faultySections: faulty,
            missing: missing.map(\.material), stepFaults: later)
    }

    /// What each department of a package gets of these answers; empty for an item.
    package static func fillings(
        _ draft: OpenDraft, _ situations: Situations, _ rules: FormRules
    ) -> [StepFilling] {
        guard let plan = draft.item.definition.plan else { return [] }
        var context = rules.given
        context.situations = situations.answers
        context.form = rules.visibleValues
        let chosen = plan.chosen(in: context)
        let ids = Set(chosen.map(\.id))
        return chosen.compactMap { step in
            draft.steps[step.item].map { StepFilling(step, $0.definition, of: plan, from: context, chosen: ids) }
        }
    }

    /// Hands a draft in. Submitting the same draft again answers the same number.
    ///
    /// - Returns: the case's number and the query code printed on the receipt (only the first time).
    /// - Parameter lacking: materials the applicant signs to bring later, as far as the item allows it (容缺).
    /// - Throws: `.invalid` with every gap of form and materials, `.refused` for one barred from applying.
    package func submit(
        _ id: String, _ viewer: ResidentViewer, _ occasion: Occasion, language: Language, lacking: Set<String> = []
    ) async throws -> (number: String, queryCode: String?) {
        let area = occasion.area
        let now = occasion.at
        let draft: OpenDraft
        switch try await findDraft(id, area: area, viewer) {
        case .submitted(let number): return (number, nil)
        case .open(let found): draft = found
        }
        let check = check(draft, viewer, language: language, on: now.date)
        try Self.requireClear(check.situations, language: language)
        let later = check.missing.filter { $0.lackingWithin != nil && lacking.contains($0.id) }.map(\.id)
        let gaps =
            check.faults
            + check.missing.filter { !later.contains($0.id) }.map {
                FieldFault("m-\($0.id)", Message("cases.fault.materialMissing", ["name": $0.name[language]]))
            } + check.stepFaults + handlerFaults(draft, viewer, on: now.date)
            + Self.scanFaults(draft)
        guard gaps.isEmpty else { throw DomainError.invalid(gaps) }
        if draft.item.definition.plan != nil, let packages {
            return (try await packages.submit(draft, check, viewer, occasion, in: self), nil)
        }

        let definition = draft.item.definition
        let person = try await identity.profile(of: viewer)
        let profile = try await directory.profile(of: area)
        let sequence = try await numbers.next("case/\(definition.type.standardCode)", area: area, on: now.date)
        let number = CaseNumber.make(area: area, on: now.date, type: definition.type.standardCode, sequence: sequence)
        let code = QueryCode.random()
        let needed = Set(check.situations.materials.map(\.material.id) + [HandlerContent.material])
        let files = draft.content.files.filter { needed.contains($0.material) }
        let applicant = ApplicantContent(
            name: person.name, idNumber: person.idNumber, phone: person.phone, organisation: person.organisation?.name,
            uscc: person.organisation?.uscc, handler: draft.content.handler)
        let content = FormContent(
            situations: check.situations.answers, form: check.rules.visibleValues,
            fileNames: Dictionary(files.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first }),
            applicant: applicant, answers: [:])
        let form = try draft.vault.seal(try canonical(content), slot: "form/\(ID<FormContent>(at: now).description)")
        let secret = try draft.vault.seal(code.text, slot: "query-code")
        let lookups = try lookupCodes(applicant) + [("query-code", try vaults.lookupCode(code.text, .queryCode))]
        let holder = applicant.organisation ?? applicant.name
        let receipt = try notices.prepare(
            Notices.receipt(
                number: number, code: code.description, item: definition, profile: profile, applicant: holder,
                handler: applicant.handler, files: files,
                at: now, due: draft.calendar.deadline(after: now, limit: CaseRules.acceptance).date),
            in: draft.vault, at: now)
        let party = Party(
            role: "applicant", kind: applicant.organisation == nil ? "person" : "organisation",
            mask: applicant.organisation ?? Mask.name(applicant.name), account: viewer.account,
            bucket: viewer.bucket.text)
        let absent = Self.absent(
            definition, form: content.form, present: Self.present(applicant, byHandler: viewer.byHandler))
        let link = try absent.map {
            try remoteLink(
                $0, declares: definition.remoteCheck.map { [$0.declares] } ?? [], for: id, in: draft.vault, at: now)
        }
        let submission = Submission(
            number: number, owner: viewer.account, bucket: viewer.bucket.text, subject: viewer.subject,
            channel: occasion.actor.channel, form: form.reference,
            files: files.map {
                CaseFile(id: $0.id, material: $0.material, digest: $0.digest, size: $0.size, type: $0.type)
            },
            onPaper: false, receipt: IssuedNotice(id: receipt.id, kind: "receipt", at: now),
            lacking: later.isEmpty ? nil : later,
            remote: link.flatMap { _ in definition.remoteCheck.map { RemoteCheck(field: $0.person) } })
        let context = CaseContext(
            at: now, rules: CaseRules(definition, version: draft.item.version), calendar: draft.calendar, officer: nil)
        let version = draft.row.version
        // What was uploaded under other answers and is not needed now.
        let unneeded = draft.content.files.filter { !needed.contains($0.material) }.map(\.id)
        do {
            let dropped = try await database.write { [office, notices] tx in
                try VaultStore.put(form, in: id, area: area, at: now, tx)
                try VaultStore.put(secret, in: id, area: area, at: now, tx)
                try VaultStore.remove(slot: "draft", from: id, area: area, tx)
                guard
                    try DraftStore.submitted(
                        id, number: number, version: version, by: viewer.subject, area: area, at: now, tx)
                else { throw DomainError.conflict(Message("cases.conflict.draftBusy")) }
                try PartyStore.put(party, vault: id, area: area, tx)
                for (kind, lookup) in lookups { try PartyStore.addLookup(kind, lookup, stream: id, area: area, tx) }
                try office.perform(.submit(submission), on: id, occasion, tx) { _ in context }
                if let link {
                    try VaultStore.put(link.words, in: id, area: area, at: now, tx)
                    try office.perform(.further(link.command), on: id, occasion, tx) { _ in context }
                    try link.write(area: area, at: now, tx)
                }
                try notices.issue(receipt, stream: id, prefix: nil, result: nil, area: area, at: now, tx)
                try Self.giveAttorney(
                    applicant.handler, application: id, number: number, papers: Self.papers(files).map(\.id), occasion,
                    tx)
                try Pointer(
                    account: viewer.account, bucket: viewer.bucket, area: area, id: id, number: number,
                    item: definition.slug,
                    openedAt: now
                ).post(at: now, tx)
                return try DocumentsStore.remove(unneeded, area: area, tx)
            }
            try await notices.discard(dropped)
        } catch DomainError.conflict {
            // Another click was faster: its number is the answer.
            if let number = try await numberOfDraft(id, area: area, viewer) { return (number, nil) }
            let barred = try await database.read { tx in
                try ConductStore.has(.fraud, subject: viewer.subject, item: definition.slug, area: area, at: now, tx)
            }
            if barred { throw DomainError.refused(Message("cases.refused.barred")) }
            let concealed = try await database.read { tx in
                try ConductStore.has(
                    .concealment, subject: viewer.subject, item: definition.slug, area: area, at: now, tx)
            }
            if concealed { throw DomainError.refused(Message("cases.refused.barredYear")) }
            throw DomainError.conflict(Message("cases.conflict.draftBusy"))
        }
        if definition.instantWhen != nil {
            let context = draft.context(viewer.isOrganisation ? .organisation : .person, on: now.date)
            try await decideInstantly(number, context, occasion)
        }
        return (number, code.description)
    }

    /// Codes by which the case is found again: name, phone, number of the applicant and of the organisation.
    func lookupCodes(_ applicant: ApplicantContent) throws -> [(String, (version: Int, code: String))] {
        var codes = [
            ("name", try vaults.lookupCode(applicant.name, .name)),
            ("phone", try vaults.lookupCode(applicant.phone, .phone)),
            ("id", try vaults.lookupCode(applicant.idNumber, .idNumber)),
        ]
        if let organisation = applicant.organisation {
            codes.append(("name", try vaults.lookupCode(organisation, .name)))
        }
        if let uscc = applicant.uscc { codes.append(("id", try vaults.lookupCode(uscc, .idNumber))) }
        return codes
    }
}
