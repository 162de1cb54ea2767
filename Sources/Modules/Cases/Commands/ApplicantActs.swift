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
    package func withdraw(_ number: String, reason: String, _ viewer: ResidentViewer, _ occasion: Occasion) async throws
    {
        let opened = try await openOwn(number, area: occasion.area, viewer)
        if opened.state.stage == .withdrawn { return }
        let part =
            reason.isEmpty
            ? nil : try opened.seal(DecisionWords(reason: String(reason.prefix(500))), kind: "words", at: occasion.at)
        try await perform(
            .withdraw(reason: part?.reference), opened, occasion, officer: nil, parts: part.map { [$0] } ?? [])
    }

    /// Answers a correction notice: changed fields, new files (already received), words.
    package func supplement(
        _ number: String, values: [String: JSON], files: [DraftContent.File], answers: [String: String],
        _ viewer: ResidentViewer,
        _ occasion: Occasion
    ) async throws {
        let opened = try await openOwn(number, area: occasion.area, viewer)
        var content = try opened.content()
        var changed: [String] = []
        for (field, value) in values where content.form[field] ?? .null != value {
            content.form[field] = value.isNull ? nil : value
            changed.append(field)
        }
        for file in files { content.fileNames[file.id] = file.name }
        content.answers = answers.filter { !$0.value.isEmpty }
        let form = try opened.seal(content, kind: "form", at: occasion.at)
        let supplement = Supplement(
            form: form.reference, changedFields: changed.sorted(),
            files: files.map {
                CaseFile(id: $0.id, material: $0.material, digest: $0.digest, size: $0.size, type: $0.type)
            },
            answered: content.answers.keys.sorted())
        let id = opened.id
        let area = opened.area
        let replaced = Set(files.map(\.material)).sorted()
        let kept = opened.keptAnswerSlots
        try await perform(.supplement(supplement), opened, occasion, officer: nil, parts: [form]) { tx in
            try DocumentsStore.attach(files.map(\.id), area: area, tx)
            try NotesStore.unmark(replaced, stream: id, area: area, tx)
            for slot in kept { try VaultStore.remove(slot: slot, from: id, area: area, tx) }
        }
    }

    /// Receives one file for a listed point of a correction.
    package func receiveSupplementFile(
        _ number: String, material: String, name: String, _ viewer: ResidentViewer, area: AreaCode, at now: Moment,
        receive: (OpenVault, String, [FileKind], Int) async throws -> (file: StoredFile, digest: String)
    ) async throws -> DraftContent.File {
        let opened = try await openOwn(number, area: area, viewer)
        guard opened.state.stage == .correcting,
            opened.state.points.contains(where: { $0.target == .material && $0.ref == material }),
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

    /// Writes parts and carries a command out, in one transaction; a lost race is told with who did what and when.
    @discardableResult
    func perform(
        _ command: CaseCommand, _ opened: OpenCase, _ occasion: Occasion, officer: String?, parts: [SealedPart],
        notice: PreparedNotice? = nil, also: (@Sendable (Transaction) throws -> Void)? = nil
    ) async throws -> Workflow.Outcome<CaseProcedure> {
        let context = opened.context(at: occasion.at, officer: officer)
        let prefix = opened.profile.numberPrefix
        let id = opened.id
        do {
            return try await database.write { [office, notices] tx in
                let outcome = try office.perform(command, on: id, occasion, tx) { _ in context }
                // Nothing happened: a double click. Then nothing is written either.
                guard !outcome.events.isEmpty else { return outcome }
                for part in parts { try VaultStore.put(part, in: id, area: occasion.area, at: occasion.at, tx) }
                if let notice {
                    try notices.issue(notice, stream: id, prefix: prefix, area: occasion.area, at: occasion.at, tx)
                }
                try also?(tx)
                return outcome
            }
        } catch DomainError.conflict(let message) {
            throw DomainError.conflict(try await told(message, id, occasion.area, masked: officer == nil))
        }
    }

    /// Puts into a conflict's message who acted last and when; to applicants an officer's name shows in part.
    func told(_ message: Message, _ id: String, _ area: AreaCode, masked: Bool = false) async throws -> Message {
        let last = try await database.read { tx in try JournalStore.entries(of: id, area: area, tx).last }
        // The shell's own words for a lost race name nobody; ours do.
        let message = message.key.hasPrefix("cases.") ? message : Message("cases.conflict.moved")
        guard let last, let actor = try? JSONDecoder().decode(Kernel.Actor.self, from: Data(last.actor.utf8)) else {
            return message
        }
        let who: String =
            switch actor.kind {
            case .staff where masked: Mask.name(try await identity.staffName(area, actor.id))
            case .staff: try await identity.staffName(area, actor.id)
            case .resident, .client: "申请人"
            case .system, .os: "系统"
            }
        return Message(message.key, message.arguments.merging(["who": who, "time": last.at.clock]) { own, _ in own })
    }
}
