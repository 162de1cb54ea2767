import Kernel
import Testing
import Workflow

@testable import Cases

/// What the journal of a case can say.
@Suite("Replay of a case")
struct CaseEvolutionTests {
    /// One event of every name, taken from the road and its side roads.
    static func everyEvent() throws -> [CaseEvent] {
        var found: [String: CaseEvent] = [:]
        for stage in CaseStage.allCases {
            for event in try CaseTrial(at: stage).events { found[event.name] = event }
        }
        var corrected = try CaseTrial(at: .correcting)
        try corrected.perform(CaseSamples.supplement(files: ["lease"]))
        var back = try CaseTrial(at: .approving)
        try back.perform(.claim, by: "approver")
        try back.perform(.sendBack(words: CaseSamples.sealed("words/3")), by: "approver")
        for event in corrected.events + back.events { found[event.name] = event }
        return found.values.sorted { $0.name < $1.name }
    }

    @Test("Nothing happens before a case is submitted")
    func nothingBefore() throws {
        for event in try Self.everyEvent() where event.name != "submitted" {
            #expect(throws: JournalError.impossible("\(event.name) before submitted")) {
                try CaseProcedure.evolve(nil, event)
            }
        }
    }

    @Test("An event that cannot follow is not believed")
    func impossible() throws {
        let follows: [CaseStage: Set<String>] = [
            .submitted: ["received", "withdrawn", "voided"],
            .received: [
                "correction-requested", "accepted", "declined", "not-needed", "withdrawn", "voided", "assigned",
            ],
            .correcting: ["supplemented", "lapsed", "withdrawn", "voided"],
            .accepted: ["review-passed", "approved", "refused", "withdrawn", "voided", "assigned", "terminated"],
            .approving: ["sent-back", "approved", "refused", "withdrawn", "voided", "assigned", "terminated"],
            .approved: ["completed", "voided", "assigned"],
        ]
        let events = try Self.everyEvent()
        #expect(events.count == 17)
        for stage in CaseStage.allCases {
            let state = try CaseTrial(at: stage).current
            for event in events {
                if follows[stage, default: []].contains(event.name) {
                    #expect(throws: Never.self, "\(event.name) in \(stage)") { try CaseProcedure.evolve(state, event) }
                } else {
                    #expect(throws: JournalError.impossible("\(event.name) in \(stage.rawValue)")) {
                        try CaseProcedure.evolve(state, event)
                    }
                }
            }
        }
    }

    @Test("The journal alone gives the state back, byte for byte")
    func replay() throws {
        for stage in CaseStage.allCases {
            let trial = try CaseTrial(at: stage)
            var state: CaseState?
            for event in trial.events {
                state = try CaseProcedure.evolve(state, try CaseEvent(name: event.name, data: try event.encoded()))
            }
            #expect(try canonical(state) == canonical(trial.current), "\(stage)")
        }
    }
}
