import Catalogue
import Directory
package import Documents
import Foundation
import Identity
package import Kernel
import Storage
package import Web
package import Workflow

extension CasesAPI {
    /// Takes the application back; what was handed in stays with the office's file.
    @discardableResult
    package func withdraw(_ number: String, reason: String, _ viewer: ResidentViewer, _ occasion: Occasion) async throws
        -> CaseHead
    {
        let opened = try await openOwn(number, area: occasion.area, viewer)
        if opened.state.stage == .withdrawn { return opened.head }
        let part =
            reason.isEmpty
            ? nil : try opened.seal(DecisionWords(reason: String(reason.prefix(500))), kind: "words", at: occasion.at)
        return try await perform(
            .withdraw(reason: part?.reference), opened, occasion, with: Enclosures(parts: part.map { [$0] } ?? []))
    }

    /// Answers a correction notice: changed fields, new files (already received), words.
    @discardableResult
    package func supplement(
        _ number: String, values: [String: JSON], files: [DraftContent.File], answers: [String: String],
        _ viewer: ResidentViewer,
        _ occasion: Occasion
    ) async throws -> CaseHead {
        let opened = try await openOwn(number, area: occasion.area, viewer)
        var content = try opened.content()
        var changed: [String] = []
        for (field, value) in values where content.form[field] ?? .null != value {
            content.form[field] = value.isNull ? nil : value
            changed.append(field)
        }
        for file in files { content.fileNames[file.id] = file.name }
        content.answers = answers.filter { !$0.value.isEmpty }
        if opened.round?.amends == true { content.form = opened.shown(content, on: occasion.at.date) }
        let form = try opened.seal(content, kind: "form", at: occasion.at)
        let supplement = Supplement(
            form: form.reference, changedFields: changed.sorted(),
            files: files.map {
                CaseFile(id: $0.id, material: $0.material, digest: $0.digest, size: $0.size, type: $0.type)
            },
            answered: content.answers.keys.sorted())
        let amendment = try opened.round.flatMap { $0.amends ? $0 : nil }.map { _ in
            try notices.prepare(
                Notices.amendment(opened, supplement, at: occasion.at), in: opened.vault, at: occasion.at)
        }
        let id = opened.id
        let area = opened.area
        let replaced = Set(files.map(\.material)).sorted()
        let kept = opened.keptAnswerSlots
        let also: @Sendable (Transaction) throws -> Void = { tx in
            try DocumentsStore.attach(files.map(\.id), area: area, tx)
            try NotesStore.unmark(replaced, stream: id, area: area, tx)
            for slot in kept { try VaultStore.remove(slot: slot, from: id, area: area, tx) }
        }
        if let amendment {
            let issued = IssuedNotice(id: amendment.id, kind: "amendment", at: occasion.at)
            let told = staffMessage("cases.applicationAmended", opened, at: occasion.at)
            return try await perform(
                .further(AmendApplication(change: supplement, notice: issued)), opened, occasion,
                with: Enclosures(parts: [form], notice: amendment) { tx in
                    try also(tx)
                    try told(tx)
                })
        }
        return try await perform(.supplement(supplement), opened, occasion, with: Enclosures(parts: [form], also: also))
    }

    /// Receives one file for a listed point of a correction.
    package func receiveSupplementFile(
        _ number: String, material: String, name: String, _ viewer: ResidentViewer, area: AreaCode, at now: Moment,
        receive: (OpenVault, String, [FileKind], Int) async throws -> (file: StoredFile, digest: String)
    ) async throws -> DraftContent.File {
        let opened = try await openOwn(number, area: area, viewer)
        guard let round = opened.round,
            round.points.contains(where: { $0.target == .material && $0.ref == material }),
            let definition = opened.item.definition.material(material)
        else { throw DomainError.refused(Message("cases.refused.onlyListedPoints")) }
        let allowed = definition.accept.compactMap { FileKind(rawValue: $0.rawValue) }
        let (stored, digest) = try await receive(
            opened.vault, ID<StoredFile>(at: now).description, allowed, min(definition.maxMegabytes << 20, uploadLimit))
        try await database.write { tx in try DocumentsStore.insert(stored, area: area, at: now, tx) }
        return DraftContent.File(
            id: stored.id, material: material, name: name, size: stored.size, type: stored.kind.rawValue, digest: digest
        )
    }
}
