package import Catalogue
import Cryptography
import Directory
import Documents
import Identity
package import Kernel
package import Storage
package import Workflow

/// What a case of a package begins with: the department's share of the merged form.
package struct CaseShare: Sendable {
    package let part: PackagePart
    package let item: PublishedItem
    package let situations: [String: JSON]
    package let form: [String: JSON]
    /// Files of the package by the item's material; they are sealed anew for the case.
    package let files: [(material: String, file: DraftContent.File)]
    package let applicant: ApplicantContent
    package let owner: String
    package let bucket: AreaCode
    package let subject: String
    package let channel: Channel
    /// What the item's rules may read, for a decision without a person (秒批).
    package let context: RuleContext
    /// The identity number of the one who handed the package in.
    package let present: String
    /// What somebody who was not there has to agree to, for all steps at once.
    package let declares: [LocalizedText]
    /// Numbers of the package's cases that began before: who was confirmed there is not asked again.
    package let earlier: [String]

    package init(
        part: PackagePart, item: PublishedItem, filling: StepFilling,
        files: [(material: String, file: DraftContent.File)], applicant: ApplicantContent, owner: String,
        bucket: AreaCode, subject: String, channel: Channel, present: String? = nil, declares: [LocalizedText] = [],
        earlier: [String] = []
    ) {
        self.present = present ?? applicant.idNumber
        self.declares = declares
        self.earlier = earlier
        situations = filling.situations.answers
        form = filling.rules.visibleValues
        context = filling.rules.given
        self.part = part
        self.item = item
        self.files = files
        self.applicant = applicant
        self.owner = owner
        self.bucket = bucket
        self.subject = subject
        self.channel = channel
    }
}

/// A case with everything sealed and drawn, before the unit of work that begins it.
package struct PreparedCase: Sendable {
    package let id: String
    package let number: String
    package let step: String
    let item: String
    let wrapped: [UInt8]
    let parts: [SealedPart]
    let files: [StoredFile]
    let party: Party
    let lookups: [(String, (version: Int, code: String))]
    let receipt: PreparedNotice
    let submission: Submission
    /// For somebody who is not there; nil where nobody is to be asked.
    let link: RemoteLink?
    let context: CaseContext
    let pointer: Pointer
    /// What the item's rule reads that decides without a person; nil where it has none.
    let instant: RuleContext?
}

extension CasesAPI {
    /// The next sequence of a type's numbers on a day; gaps are allowed.
    package func nextNumber(type: String, area: AreaCode, on date: CivilDate) async throws -> Int {
        try await numbers.next("case/\(type)", area: area, on: date)
    }

    /// A draft became a package; false where it was saved, submitted or discarded in between.
    package func markSubmitted(
        _ draft: String, number: String, version: Int, by subject: String, area: AreaCode, at now: Moment,
        _ tx: Transaction
    ) throws -> Bool {
        try DraftStore.submitted(draft, number: number, version: version, by: subject, area: area, at: now, tx)
    }

    /// Prepares a case of a package: number, vault, sealed form, copies of files, receipt. Nothing refers to it before `begin`;
    /// what is not begun leaves a gap in the numbers and files that are swept.
    ///
    /// - Parameter source: opens the package's files.
    package func prepare(
        _ share: CaseShare, from source: OpenVault, area: AreaCode, at now: Moment
    ) async throws -> PreparedCase {
        let item = share.item.definition
        let calendar = try await directory.calendar(of: area)
        let profile = try await directory.profile(of: area)
        let sequence = try await numbers.next("case/\(item.type.standardCode)", area: area, on: now.date)
        let number = CaseNumber.make(area: area, on: now.date, type: item.type.standardCode, sequence: sequence)
        let id = ID<CaseState>(at: now).description
        let (vault, wrapped) = try vaults.create(area: area, id: id)
        let copies = try await copies(of: share.files, from: source, into: vault, area: area, at: now)
        let code = QueryCode.random()
        let content = FormContent(
            situations: share.situations, form: share.form,
            fileNames: Dictionary(copies.map { ($0.file.id, $0.file.name) }, uniquingKeysWith: { first, _ in first }),
            applicant: share.applicant, answers: [:])
        let form = try vault.seal(try canonical(content), slot: "form/\(ID<FormContent>(at: now).description)")
        let holder = share.applicant.organisation ?? share.applicant.name
        let receipt = try notices.prepare(
            Notices.receipt(
                number: number, code: code.description, item: item, profile: profile, applicant: holder,
                handler: share.applicant.handler, files: copies.map(\.file), at: now,
                due: calendar.deadline(after: now, limit: CaseRules.acceptance).date
            ),
            in: vault, at: now)
        let remote = try await remote(share, area: area)
        var link: RemoteLink?
        if let remote, remote.standing == .needed, let person = FormContent.person(remote.field, in: share.form) {
            let declares = share.declares.isEmpty ? item.remoteCheck.map { [$0.declares] } ?? [] : share.declares
            link = try remoteLink(person, declares: declares, for: id, in: vault, at: now)
        }
        let submission = Submission(
            number: number, owner: share.owner, bucket: share.bucket.text, subject: share.subject,
            channel: share.channel, form: form.reference,
            files: copies.map {
                CaseFile(
                    id: $0.file.id, material: $0.file.material, digest: $0.file.digest, size: $0.file.size,
                    type: $0.file.type)
            },
            onPaper: false, receipt: IssuedNotice(id: receipt.id, kind: "receipt", at: now), part: share.part,
            remote: remote)
        return PreparedCase(
            id: id, number: number, step: share.part.step, item: item.slug, wrapped: wrapped,
            parts: [form, try vault.seal(code.text, slot: "query-code")], files: copies.map(\.stored),
            party: Party(
                role: "applicant", kind: share.applicant.organisation == nil ? "person" : "organisation",
                mask: share.applicant.organisation ?? Mask.name(share.applicant.name), account: share.owner,
                bucket: share.bucket.text),
            lookups: try lookupCodes(share.applicant) + [("query-code", try vaults.lookupCode(code.text, .queryCode))],
            receipt: receipt, submission: submission, link: link,
            context: CaseContext(
                at: now, rules: CaseRules(item, version: share.item.version), calendar: calendar, officer: nil),
            pointer: Pointer(
                account: share.owner, bucket: share.bucket, area: area, id: id, number: number, item: item.slug,
                openedAt: now),
            instant: item.instantWhen == nil ? nil : share.context)
    }

    /// 秒批 of a case that has begun, where its item's rule says so; otherwise it waits for people.
    package func decideAtOnce(_ prepared: PreparedCase, _ occasion: Occasion) async throws {
        guard let context = prepared.instant else { return }
        try await decideInstantly(prepared.number, context, occasion)
    }

    /// Writes a prepared case: its journal begins.
    package func begin(_ prepared: PreparedCase, _ occasion: Occasion, _ tx: Transaction) throws {
        let (id, area, now) = (prepared.id, occasion.area, occasion.at)
        try VaultStore.insert(id, area: area, wrapped: prepared.wrapped, at: now, tx)
        for part in prepared.parts { try VaultStore.put(part, in: id, area: area, at: now, tx) }
        for file in prepared.files { try DocumentsStore.insert(file, area: area, at: now, tx) }
        try DocumentsStore.attach(prepared.files.map(\.id), area: area, tx)
        try PartyStore.put(prepared.party, vault: id, area: area, tx)
        for (kind, lookup) in prepared.lookups {
            try PartyStore.addLookup(kind, lookup, stream: id, area: area, tx)
        }
        try office.perform(.submit(prepared.submission), on: id, occasion, tx) { _ in prepared.context }
        if let link = prepared.link {
            try VaultStore.put(link.words, in: id, area: area, at: now, tx)
            try office.perform(.further(link.command), on: id, occasion, tx) { _ in prepared.context }
            try link.write(area: area, at: now, tx)
        }
        try notices.issue(prepared.receipt, stream: id, prefix: nil, result: nil, area: area, at: now, tx)
        try prepared.pointer.post(at: now, tx)
    }

    /// Takes back what still may be taken back of a package, in the transaction of the package's own withdrawal; what is decided
    /// already stays.
    package func withdrawOpen(_ id: String, _ occasion: Occasion, _ tx: Transaction) throws {
        guard let (state, _) = try office.state(of: id, area: occasion.area, tx), WithdrawPage.allowed(state.stage)
        else { return }
        try office.perform(.withdraw(reason: nil), on: id, occasion, tx) { state in
            guard let state else { throw DomainError.notFound }
            return try projection.context(state, occasion, officer: nil, tx)
        }
    }

    /// Whom the office has to see for a step: not again who was there, or was confirmed, with an earlier one.
    private func remote(_ share: CaseShare, area: AreaCode) async throws -> RemoteCheck? {
        guard let rule = share.item.definition.remoteCheck,
            let person = Self.absent(share.item.definition, form: share.form, present: share.present)
        else { return nil }
        for number in share.earlier {
            let opened: OpenCase
            do { opened = try await open(number: number, area: area) } catch DomainError.notFound { continue }
            guard let field = opened.item.definition.remoteCheck?.person,
                FormContent.person(field, in: try opened.content().form)?.idNumber == person.idNumber
            else { continue }
            guard let before = opened.state.remote else { return nil }
            if before.standing == .confirmed {
                return RemoteCheck(field: rule.person, standing: .confirmed, means: .package)
            }
        }
        return RemoteCheck(field: rule.person)
    }

    private func copies(
        of files: [(material: String, file: DraftContent.File)], from source: OpenVault, into vault: OpenVault,
        area: AreaCode, at now: Moment
    ) async throws -> [(stored: StoredFile, file: DraftContent.File)] {
        var copies: [(stored: StoredFile, file: DraftContent.File)] = []
        for (material, file) in files {
            guard let stored = try await database.read({ tx in try DocumentsStore.file(file.id, area: area, tx) })
            else { throw DomainError.notFound }
            let reader = try self.files.open(stored, source)
            let copy = try self.files.store(
                try reader.read(0..<reader.length), kind: stored.kind, into: vault,
                id: ID<StoredFile>(at: now).description)
            var named = file
            named.id = copy.file.id
            named.material = material
            copies.append((copy.file, named))
        }
        return copies
    }
}
