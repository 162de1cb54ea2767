import Foundation
import Kernel
import Testing
import Workflow

@testable import Cases

/// What an applicant and an officer read of a journal.
@Suite("History")
struct TimelineTests {
    /// The journal of a trial, each event by the kind of account that causes it.
    private func journal(_ trial: CaseTrial, at moments: [Moment]? = nil) throws -> [JournalEntry] {
        var previous = JournalEntry.zero
        return try trial.events.enumerated().map { index, event in
            let actor: Kernel.Actor =
                switch event {
                case .submitted, .received, .supplemented, .withdrawn: Actor(.resident, id: "owner", channel: .web)
                case .lapsed: .system("timer")
                default: Actor(.staff, id: "clerk", channel: .window)
                }
            let entry = JournalEntry(
                area: try #require(AreaCode("510106")), cohort: 2026, stream: "case-1", seq: index + 1,
                at: moments?[index] ?? morning("2026-03-12"), actor: try canonical(actor), request: "r",
                name: event.name,
                data: try event.encoded(), previous: previous)
            previous = entry.hash
            return entry
        }
    }

    @Test("What comes by the web is received in the same instant: one line says both")
    func one() throws {
        let trial = try CaseTrial(at: .received)
        let lines = try Timeline.entries(try journal(trial))
        #expect(lines.map(\.kind) == ["submittedAndReceived"])
        #expect(lines.first?.due == day("2026-03-19"))
        let later = [morning("2026-03-12"), morning("2026-03-13")]
        #expect(try Timeline.entries(try journal(trial, at: later)).map(\.kind) == ["received", "submitted"])
    }

    @Test("The newest comes first, with who did it and until when the next step is due")
    func order() throws {
        let trial = try CaseTrial(at: .approved)
        let lines = try Timeline.entries(try journal(trial))
        #expect(lines.map(\.kind) == ["approved", "reviewPassed", "accepted", "submittedAndReceived"])
        #expect(lines.map(\.doer).last == .applicant)
        #expect(lines.first?.doer == .officer("approver"))
        #expect(lines[2].due != nil)
    }

    @Test("Who has the task, and what officers write to each other, is not for the applicant")
    func inside() throws {
        var trial = try CaseTrial(at: .received)
        try trial.perform(.claim, by: "clerk")
        try trial.perform(.assign(nil), by: "clerk")
        try trial.perform(.assign("other"), by: "clerk")
        let lines = try Timeline.entries(try journal(trial))
        #expect(lines.map(\.kind) == ["assigned", "returnedToQueue", "claimed", "submittedAndReceived"])
        #expect(lines.map(\.isInternal) == [true, true, true, false])
        let reviewed = try Timeline.entries(try journal(try CaseTrial(at: .approving)))
        #expect(reviewed.first?.wordsAreInternal == true)
        #expect(try Timeline.entries(try journal(try CaseTrial(at: .refused))).first?.wordsAreInternal == false)
    }

    @Test("A point answered by a file and by words is one point")
    func answered() throws {
        var trial = try CaseTrial(at: .received)
        try trial.perform(CaseSamples.correction(["m.lease", "f.area"]), by: "clerk")
        try trial.perform(CaseSamples.supplement(files: ["lease"], fields: ["area"], answered: ["m.lease"]))
        #expect(try Timeline.entries(try journal(trial)).first?.count == 2)
    }

    @Test("Every stage, line, conflict, document and way of delivery has its words", arguments: ["zh", "en"])
    func words(_ language: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/Modules/Cases/Resources/Locales/\(language).json")
        let texts = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
        var keys: [String] = []
        for stage in CaseStage.allCases {
            keys += [
                stage.message(of: "510106202603120100001").key, stage.deskMessage(of: "510106202603120100001").key,
                "cases.conflict.\(stage.rawValue)",
            ]
            let entries = try Timeline.entries(try journal(try CaseTrial(at: stage)))
            keys += entries.map { "cases.timeline.\($0.kind)" }
            keys += entries.compactMap { $0.notice.map { "cases.notice.\($0.kind)" } }
        }
        keys += [
            "supplemented", "sentBack", "claimed", "assigned", "returnedToQueue", "deemedAccepted",
            "correctionUnanswered", "acceptanceMoved", "correctionMoved", "resultMoved", "limitsRecounted",
        ]
        .map { "cases.timeline.\($0)" }
        #expect(keys.filter { texts[$0] == nil } == [])
        for stage in CaseStage.allCases {
            let text = try #require(texts["cases.conflict.\(stage.rawValue)"])
            #expect(text.contains("{who}") && text.contains("{time}"), "\(stage) says who and when")
        }
    }
}
