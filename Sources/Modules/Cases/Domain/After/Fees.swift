package import Kernel
package import Workflow

/// A fee of the case: nothing is charged but by law (行政许可法 arts. 58, 59).
package struct CaseFee: Sendable, Hashable, Codable {
    /// Where it stands.
    package enum Standing: String, Sendable, Hashable, Codable, CaseIterable {
        case assessed, paid, waived, refunded
    }

    /// Fen.
    package let amount: Int
    package let assessedAt: Moment
    package var standing: Standing
    package var settledAt: Moment?
}

/// Assesses a fee that the item names with its legal basis.
package struct AssessFee: FurtherCommand {
    package static let name = CaseCommand.Name.assessFee

    /// Fen.
    let amount: Int
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard [.accepted, .approving, .approved].contains(state.stage) else { throw CaseProcedure.moved(state) }
        guard context.rules.charges else { throw .refused(Message("cases.refused.noFee")) }
        guard state.fee == nil || state.fee?.standing == .refunded else {
            throw .refused(Message("cases.refused.feeAssessed"))
        }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        guard (1...100_000_000).contains(amount) else { throw .invalid("amount", "cases.fault.amount") }
        return [
            CaseProcedure.fact(
                FeeAssessed(
                    at: context.at, by: try CaseProcedure.officer(context), amount: amount, words: words,
                    notice: notice))
        ]
    }
}

/// A fee was assessed.
package struct FeeAssessed: CaseFact {
    package static let name = "fee-assessed"

    let at: Moment
    let by: String
    /// Fen.
    let amount: Int
    let words: Sealed
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool {
        [.accepted, .approving, .approved].contains(state.stage)
            && (state.fee == nil || state.fee?.standing == .refunded)
    }

    package func evolve(_ state: inout CaseState) {
        state.fee = CaseFee(amount: amount, assessedAt: at, standing: .assessed)
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] { [CaseProcedure.notify("feeAssessed", state, at)] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("feeAssessed", at: at, by: .officer(by), words: words, notice: notice)
    }
}

/// Records that a fee was paid, waived or refunded.
package struct SettleFee: FurtherCommand {
    package static let name = CaseCommand.Name.settleFee

    let standing: CaseFee.Standing
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard let fee = state.fee else { throw .refused(Message("cases.refused.noFee")) }
        let fits =
            switch standing {
            case .assessed: false
            case .paid, .waived: fee.standing == .assessed
            case .refunded: fee.standing == .paid
            }
        guard fits else { throw .refused(Message("cases.refused.feeStanding")) }
        return [
            CaseProcedure.fact(
                FeeSettled(
                    at: context.at, by: try CaseProcedure.officer(context), standing: standing, words: words))
        ]
    }
}

/// A fee was paid, waived or refunded.
package struct FeeSettled: CaseFact {
    package static let name = "fee-settled"

    let at: Moment
    let by: String
    let standing: CaseFee.Standing
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool { state.fee != nil && standing != .assessed }

    package func evolve(_ state: inout CaseState) {
        state.fee?.standing = standing
        state.fee?.settledAt = at
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "feeSettled", at: at, by: .officer(by), words: words, about: "cases.fee.\(standing.rawValue)")
    }
}
