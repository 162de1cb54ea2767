package import Kernel
package import Workflow

/// Why a decision that grants is not shown to everybody (行政许可法 art. 5 (2), 政府信息公开条例 arts. 14, 15).
package enum WithholdingGround: String, Sendable, Hashable, Codable, CaseIterable {
    case stateSecret = "state-secret"
    case tradeSecret = "trade-secret"
    case privacy
}

/// 公开 and 不予公开: what was granted is open to everybody (行政许可法 art. 40) unless a law keeps it secret.
package struct Disclose: FurtherCommand {
    package static let name = CaseCommand.Name.disclose

    /// Nil: shown again.
    let withheld: WithholdingGround?
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard DisclosureSet.fits(state) else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard withheld != state.withheld else { throw .refused(Message("cases.refused.disclosedSo")) }
        return [CaseProcedure.fact(DisclosureSet(at: context.at, by: officer, withheld: withheld, words: words))]
    }
}

/// Whether everybody may read the decision was settled.
package struct DisclosureSet: CaseFact {
    package static let name = "disclosure-set"

    let at: Moment
    let by: String
    let withheld: WithholdingGround?
    let words: Sealed

    static func fits(_ state: CaseState) -> Bool {
        [.accepted, .approving, .approved, .completed].contains(state.stage)
    }

    package func mayFollow(_ state: CaseState) -> Bool { Self.fits(state) && withheld != state.withheld }
    package func evolve(_ state: inout CaseState) { state.withheld = withheld }
    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        guard let withheld else {
            return TimelineEntry("disclosed", at: at, by: .officer(by), words: words, wordsAreInternal: true)
        }
        return TimelineEntry(
            "withheld", at: at, by: .officer(by), words: words, wordsAreInternal: true,
            about: "cases.withheld.\(withheld.rawValue)")
    }
}
