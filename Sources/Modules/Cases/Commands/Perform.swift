import Cryptography
import Directory
import Documents
import Foundation
import Identity
import Kernel
import Storage
import Workflow

/// What goes into the transaction of a command besides its events.
struct Enclosures: Sendable {
    var parts: [SealedPart] = []
    var notice: PreparedNotice?
    /// Rows of this module that change together with the case.
    var also: (@Sendable (Transaction) throws -> Void)?
}

extension CasesAPI {
    /// Carries a command out and writes what belongs to it, in one transaction; a lost race is told with who did what and when.
    @discardableResult
    func perform(
        _ command: CaseCommand, _ opened: OpenCase, _ occasion: Occasion, officer: String? = nil,
        with enclosures: Enclosures = Enclosures()
    ) async throws -> CaseHead {
        try await perform(opened, occasion, officer: officer, with: enclosures) { _ in (command, nil) }
    }

    /// The same for a command that is only made inside the transaction, with a number that may have no gap.
    ///
    /// - Parameter make: the command, and the result's number, which the document names.
    @discardableResult
    func perform(
        _ opened: OpenCase, _ occasion: Occasion, officer: String?, with enclosures: Enclosures,
        making make: @escaping @Sendable (Transaction) throws -> (CaseCommand, number: String?)
    ) async throws -> CaseHead {
        let prefix = opened.profile.numberPrefix
        let (id, area, now) = (opened.id, occasion.area, occasion.at)
        do {
            let outcome = try await database.write { [office, notices] tx -> Workflow.Outcome<CaseProcedure> in
                if officer != nil { try AccessLog.record(occasion, stream: id, slot: opened.state.form.slot, tx) }
                let (command, number) = try make(tx)
                let outcome = try office.perform(command, on: id, occasion, tx) { state in
                    let away = try CaseProjection.away(state, area: area, on: now.date, tx)
                    return opened.context(at: now, officer: officer, away: away)
                }
                // Nothing happened: a double click. Then nothing is written either.
                guard !outcome.events.isEmpty else {
                    if number != nil { throw CaseProcedure.moved(outcome.state) }
                    return outcome
                }
                for part in enclosures.parts { try VaultStore.put(part, in: id, area: area, at: now, tx) }
                if let notice = enclosures.notice {
                    try notices.issue(notice, stream: id, prefix: prefix, result: number, area: area, at: now, tx)
                }
                try enclosures.also?(tx)
                return outcome
            }
            return CaseHead(state: outcome.state, version: outcome.version, item: opened.item, profile: opened.profile)
        } catch DomainError.conflict(let message) {
            throw DomainError.conflict(try await told(message, id, area, masked: officer == nil))
        }
    }

    /// Puts into a conflict's message who acted last and when; to applicants an officer's name shows in part.
    func told(_ message: Message, _ id: String, _ area: AreaCode, masked: Bool = false) async throws -> Message {
        let last = try await database.read { tx in try JournalStore.entries(of: id, area: area, tx).last }
        // The shell's own words for a lost race name nobody; ours do.
        let message = message.key.hasPrefix("cases.") ? message : Message("cases.conflict.moved")
        guard let last, let actor = last.by else { return message }
        var arguments = message.arguments
        var texts = message.texts
        arguments["time"] = last.at.clock
        switch actor.kind {
        case .staff:
            let name = try await identity.staffName(area, actor.id)
            arguments["who"] = masked ? Mask.name(name) : name
        case .client where actor.onBehalfOf == nil: texts["who"] = "cases.shared.otherSystem"
        case .resident, .client: texts["who"] = "cases.shared.applicant"
        case .system, .os: texts["who"] = "cases.shared.system"
        }
        return Message(message.key, arguments, texts: texts)
    }
}
