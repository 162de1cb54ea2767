package import Catalogue
package import Cryptography
import Directory
package import Documents
import Foundation
import Identity
package import Kernel
import Storage
package import Web
package import Workflow

/// A draft with its content open.
package struct OpenDraft: Sendable {
    package let row: DraftRow
    package let area: AreaCode
    package let item: PublishedItem
    package let content: DraftContent
    package let calendar: WorkCalendar
    package let vault: OpenVault
    /// The items of a package's steps, by slug.
    package var steps: [String: PublishedItem] = [:]

    /// What the item's rules may read now.
    package func context(_ kind: RuleContext.Applicant, on today: CivilDate) -> RuleContext {
        RuleContext(
            situations: content.situations, form: content.form, applicant: kind, certificates: [], today: today,
            calendar: calendar)
    }
}

extension CasesAPI {
    /// How long a draft lives after its last change, in seconds.
    static func draftLife(_ item: ItemDefinition) -> Int64 { Int64(item.draftDays) * 86_400 }

    /// Begins a draft with answers to the guiding questions; known values are filled in and marked.
    ///
    /// - Throws: `.refused` where a gate is shut, the item cannot be applied for online or is for others, `.invalid` for questions without answer.
    package func startDraft(
        _ slug: String, answers: [String: JSON], _ viewer: ResidentViewer, area: AreaCode, language: Language,
        at now: Moment
    ) async throws -> OpenDraft {
        let item = try await catalogue.current(slug, area: area)
        guard item.definition.online else { throw DomainError.refused(Message("cases.refused.notOnline")) }
        if let misfit = item.definition.misfit(viewer) { throw DomainError.refused(misfit) }
        let profile = try await identity.profile(of: viewer)
        let calendar = try await directory.calendar(of: area)
        let kind: RuleContext.Applicant = viewer.isOrganisation ? .organisation : .person
        let context = RuleContext(situations: answers, applicant: kind, today: now.date, calendar: calendar)
        let situations = Situations(of: item.definition, in: context)
        try Self.requireClear(situations, language: language)
        var content = DraftContent(situations: situations.answers)
        for field in item.definition.fields {
            if let value = Self.known(field, profile, situations.answers) {
                content.form[field.id] = value
                content.prefilled.append(field.id)
            }
        }
        let id = ID<CaseState>(at: now).description
        let (vault, wrapped) = try vaults.create(area: area, id: id)
        let part = try vault.seal(try canonical(content), slot: "draft")
        let row = DraftRow(
            id: id, owner: viewer.account, subject: viewer.subject, item: slug, itemVersion: item.version, version: 1,
            number: nil, createdAt: now, changedAt: now, expiresAt: now.adding(seconds: Self.draftLife(item.definition))
        )
        try await database.write { tx in
            try VaultStore.insert(id, area: area, wrapped: wrapped, at: now, tx)
            try VaultStore.put(part, in: id, area: area, at: now, tx)
            try DraftStore.insert(row, bucket: viewer.bucket.text, area: area, tx)
        }
        return OpenDraft(
            row: row, area: area, item: item, content: content, calendar: calendar, vault: vault,
            steps: try await steps(of: item))
    }

    /// The items of a package's steps as they are on offer now.
    private func steps(of item: PublishedItem) async throws -> [String: PublishedItem] {
        var steps: [String: PublishedItem] = [:]
        for step in item.definition.plan?.steps ?? [] where steps[step.item] == nil {
            steps[step.item] = try await catalogue.current(step.item, area: item.area)
        }
        return steps
    }

    /// Opens a resident's own draft; another's looks like none.
    ///
    /// - Throws: `.notFound`; `.conflict` with the number where it was submitted already.
    package func openDraft(_ id: String, area: AreaCode, _ viewer: ResidentViewer) async throws -> OpenDraft {
        switch try await findDraft(id, area: area, viewer) {
        case .open(let draft): return draft
        case .submitted(let number):
            throw DomainError.conflict(
                Message("cases.conflict.draftSubmitted", ["number": CaseNumber.grouped(number)]))
        }
    }

    /// What became of a draft.
    enum FoundDraft {
        case open(OpenDraft)
        /// The number under which it is a case.
        case submitted(String)
    }

    /// A resident's own draft, or the number it got.
    ///
    /// - Throws: `.notFound`, also for another's; `.refused` where it was begun for another subject.
    func findDraft(_ id: String, area: AreaCode, _ viewer: ResidentViewer) async throws -> FoundDraft {
        let found = try await database.read { tx -> (DraftRow, SealedBundle?)? in
            guard let row = try DraftStore.draft(id, area: area, tx), row.owner == viewer.account else { return nil }
            return (row, row.number == nil ? try VaultStore.read(id, area: area, slots: ["draft"], tx) : nil)
        }
        guard let (row, sealed) = found else { throw DomainError.notFound }
        if let number = row.number { return .submitted(number) }
        guard let bundle = sealed else { throw DomainError.notFound }
        // A draft keeps the one it was begun for: nobody hands it in under another name.
        guard row.subject == viewer.subject else { throw DomainError.refused(Message("cases.refused.otherSubject")) }
        guard let part = bundle.parts["draft"] else { throw DomainError.notFound }
        let vault = try vaults.open(bundle)
        let content = try JSONDecoder().decode(DraftContent.self, from: Data(try vault.open(part)))
        let item = try await catalogue.item(row.item, version: row.itemVersion, area: area)
        return .open(
            OpenDraft(
                row: row, area: area, item: item, content: content,
                calendar: try await directory.calendar(of: area), vault: vault, steps: try await steps(of: item)))
    }

    /// The number under which a draft was submitted, where it was.
    package func numberOfDraft(_ id: String, area: AreaCode, _ viewer: ResidentViewer) async throws -> String? {
        try await database.read { tx in
            guard let row = try DraftStore.draft(id, area: area, tx), row.owner == viewer.account else { return nil }
            return row.number
        }
    }

    /// Changes a draft's content; what another tab saved meanwhile is kept, since the change is applied to the newest content.
    ///
    /// Answers the new content.
    @discardableResult
    package func changeDraft(
        _ id: String, area: AreaCode, _ viewer: ResidentViewer, at now: Moment,
        _ change: @Sendable (inout DraftContent, ItemDefinition) throws -> Void
    ) async throws -> OpenDraft {
        for _ in 0..<8 {
            let draft = try await openDraft(id, area: area, viewer)
            var content = draft.content
            try change(&content, draft.item.definition)
            if content == draft.content { return draft }
            let part = try draft.vault.seal(try canonical(content), slot: "draft")
            let version = draft.row.version
            let attached = content.files.map(\.id)
            let dropped = draft.content.files.map(\.id).filter { !attached.contains($0) }
            let end = now.adding(seconds: Self.draftLife(draft.item.definition))
            let freed = try await database.write { tx -> [String]? in
                guard try DraftStore.touch(id, area: area, version: version, at: now, expiresAt: end, tx)
                else { return nil }
                try VaultStore.put(part, in: id, area: area, at: now, tx)
                try DocumentsStore.attach(attached, area: area, tx)
                return try DocumentsStore.remove(dropped, area: area, tx)
            }
            if let freed {
                try await notices.discard(freed)
                return OpenDraft(
                    row: draft.row.changed(at: now, expiresAt: end), area: area,
                    item: draft.item, content: content, calendar: draft.calendar, vault: draft.vault,
                    steps: draft.steps)
            }
        }
        throw DomainError.conflict(Message("cases.conflict.draftBusy"))
    }

    /// Saves the fields of one section as a page sends them.
    @discardableResult
    package func saveSection(
        _ section: String, _ pairs: [(name: String, value: String)], of id: String, area: AreaCode,
        _ viewer: ResidentViewer,
        at now: Moment
    ) async throws -> OpenDraft {
        try await saveSection(section, of: id, area: area, viewer, at: now) { _ in pairs }
    }

    /// Saves the fields of one section.
    ///
    /// - Parameter pairs: the fields as a page sends them, once the section is known.
    @discardableResult
    func saveSection(
        _ section: String, of id: String, area: AreaCode, _ viewer: ResidentViewer, at now: Moment,
        pairs: @Sendable (FormSection) throws -> [(name: String, value: String)]
    ) async throws -> OpenDraft {
        try await changeDraft(id, area: area, viewer, at: now) { content, item in
            guard let section = item.section(section) else { throw DomainError.notFound }
            for (name, value) in FormInput(try pairs(section)).values(of: section)
            where content.form[name] ?? .null != value {
                content.form[name] = value.isNull ? nil : value
                content.prefilled.removeAll { $0 == name }
            }
            if !content.visited.contains(section.id) { content.visited.append(section.id) }
        }
    }

    /// Answers the guiding questions anew; the form's values stay.
    @discardableResult
    package func saveAnswers(
        _ answers: [String: JSON], of id: String, area: AreaCode, _ viewer: ResidentViewer, language: Language,
        at now: Moment
    ) async throws -> OpenDraft {
        let calendar = try await directory.calendar(of: area)
        let kind: RuleContext.Applicant = viewer.isOrganisation ? .organisation : .person
        return try await changeDraft(id, area: area, viewer, at: now) { content, item in
            let context = RuleContext(
                situations: answers, form: content.form, applicant: kind, today: now.date, calendar: calendar)
            let situations = Situations(of: item, in: context)
            try Self.requireClear(situations, language: language)
            content.situations = situations.answers
        }
    }

    /// Takes one uploaded file for a material of the draft. What was uploaded before stays, whatever becomes of this one.
    package func attach(
        named name: String, material: String, to id: String, area: AreaCode, _ viewer: ResidentViewer, at now: Moment,
        receive: (OpenVault, String, [FileKind], Int) async throws -> (file: StoredFile, digest: String)
    ) async throws -> DraftContent.File {
        let draft = try await openDraft(id, area: area, viewer)
        let rule = try Self.uploadRule(material, draft.item.definition)
        let field = "m-\(material)"
        let present = draft.content.files.count { $0.material == material }
        guard present < rule.most else {
            throw DomainError.invalid(field, "cases.fault.tooManyFiles", ["count": String(rule.most)])
        }
        let allowed = rule.kinds
        let limit = min(rule.bytes, uploadLimit)
        let fileID = ID<StoredFile>(at: now).description
        let (stored, digest) = try await receive(draft.vault, fileID, allowed, limit)
        let file = DraftContent.File(
            id: stored.id, material: material, name: name, size: stored.size, type: stored.kind.rawValue, digest: digest
        )
        try await database.write { tx in try DocumentsStore.insert(stored, area: area, at: now, tx) }
        let changed = try await changeDraft(id, area: area, viewer, at: now) { content, _ in
            // The same file chosen twice is one file.
            if !content.files.contains(where: { $0.material == material && $0.digest == digest }) {
                content.files.append(file)
            }
        }
        return changed.content.files.first { $0.material == material && $0.digest == digest } ?? file
    }

    /// What may be handed in for a material, or as a power of attorney.
    static func uploadRule(_ material: String, _ item: ItemDefinition) throws -> (
        most: Int, kinds: [FileKind], bytes: Int
    ) {
        if material == Scans.material { return (Scans.most, Scans.kinds, 20 << 20) }
        if material == HandlerContent.material { return (HandlerContent.mostPapers, [.pdf, .jpg, .png], 20 << 20) }
        guard let definition = item.material(material), !definition.generated else { throw DomainError.notFound }
        return (
            definition.maxFiles, definition.accept.compactMap { FileKind(rawValue: $0.rawValue) },
            definition.maxMegabytes << 20
        )
    }

    /// Takes a file off a draft again.
    package func detach(_ file: String, from id: String, area: AreaCode, _ viewer: ResidentViewer, at now: Moment)
        async throws
    {
        try await changeDraft(id, area: area, viewer, at: now) { content, _ in content.files.removeAll { $0.id == file }
        }
    }

    /// A file of a draft, to be looked at by its owner.
    package func draftFile(
        _ file: String, of id: String, area: AreaCode, _ viewer: ResidentViewer
    ) async throws -> (name: String, kind: FileKind, reader: SealedFileReader) {
        let draft = try await openDraft(id, area: area, viewer)
        guard let named = draft.content.files.first(where: { $0.id == file }),
            let stored = try await database.read({ tx in try DocumentsStore.file(file, area: area, tx) })
        else { throw DomainError.notFound }
        return (named.name, stored.kind, try files.open(stored, draft.vault))
    }

    // MARK: Inside

    /// - Throws: what stands in the way of applying with these answers.
    static func requireClear(_ situations: Situations, language: Language) throws(DomainError) {
        switch situations.obstacle {
        case .blocked(_, let reason): throw .refused(Message("cases.refused.gate", ["reason": reason[language]]))
        case .diverted(_, _, let reason): throw .refused(Message("cases.refused.gate", ["reason": reason[language]]))
        case nil: break
        }
        let missing = situations.questions.filter(\.isMissing)
        guard missing.isEmpty else {
            throw .invalid(
                missing.map {
                    FieldFault(
                        "s.\($0.situation.id)", Message("cases.fault.answer", ["question": $0.situation.ask[language]]))
                })
        }
    }

    /// A value that is known already: from the account, the organisation or an answer.
    static func known(_ field: FormField, _ profile: ApplicantProfile, _ answers: [String: JSON]) -> JSON? {
        for source in field.prefill {
            let value: String? =
                switch source {
                case .identity(.name): profile.name
                case .identity(.idcard): profile.idNumber
                case .identity(.phone): profile.phone
                case .identity(.address): nil
                case .organisation(.name): profile.organisation?.name
                case .organisation(.uscc): profile.organisation?.uscc
                case .organisation(.representative): profile.organisation?.representative
                case .organisation(.address): nil
                case .situation(let id): answers[id]?.text
                case .certificate, .answer: nil
                }
            guard let value, !value.isEmpty else { continue }
            switch field.kind {
            case .text, .phone, .idcard, .uscc, .select: return .string(value)
            default: continue
            }
        }
        switch field.kind {
        case .person where field.prefill.contains(.identity(.name)):
            return [
                "name": .string(profile.name), "idcard": .string(profile.idNumber), "phone": .string(profile.phone),
            ]
        case .organisation where field.prefill.contains(.organisation(.name)):
            guard let organisation = profile.organisation else { return nil }
            return [
                "name": .string(organisation.name), "uscc": .string(organisation.uscc),
                "representative": .string(organisation.representative),
            ]
        default: return nil
        }
    }
}
