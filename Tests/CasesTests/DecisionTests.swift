import Kernel
import Testing
import Workflow

@testable import Cases

/// 行政许可法 arts. 34, 37, 38, 44.
@Suite("Review, decision and result")
struct DecisionTests {
    private let words = CaseSamples.sealed("words/1")
    private let approval = CaseSamples.notice("approval", at: morning("2026-03-12"))
    private let refusalNotice = CaseSamples.notice("refusal", at: morning("2026-03-12"))

    @Test("Reviewer and approver are two persons")
    func fourEyes() throws {
        var trial = try CaseTrial(at: .approving)
        for command in [.approve(notice: approval), .refuse(words: words, notice: refusalNotice)] as [CaseCommand] {
            #expect(
                try refusal { try trial.perform(command, by: "reviewer") }
                    == .refused(Message("cases.refused.fourEyes")))
        }
        try trial.perform(.approve(notice: approval), by: "approver")
        #expect(try trial.current.decidedBy == "approver")
    }

    @Test("Where the item allows it one person may review and approve")
    func twoEyes() throws {
        var trial = try CaseTrial(at: .approving, CaseSamples.rules(fourEyes: false))
        try trial.perform(.approve(notice: approval), by: "reviewer")
        #expect(try trial.current.stage == .approved)
    }

    @Test("A case sent back goes to the one who reviewed it, and comes forward again")
    func sentBack() throws {
        var trial = try CaseTrial(at: .approving)
        try trial.perform(.sendBack(words: words), by: "approver")
        #expect(try trial.current.stage == .accepted)
        #expect(trial.tasks.map(\.step) == ["review"])
        #expect(trial.tasks.map(\.assignee) == ["reviewer"])
        try trial.perform(.passReview(words: nil), by: "other")
        #expect(
            try refusal { try trial.perform(.approve(notice: approval), by: "other") }
                == .refused(Message("cases.refused.fourEyes")))
        try trial.perform(.approve(notice: approval), by: "approver")
        #expect(try trial.current.stage == .approved)
    }

    @Test("A refusal ends the case with its document; every clock stops")
    func refused() throws {
        let trial = try CaseTrial(at: .refused)
        let state = try trial.current
        #expect(state.decidedBy == "approver")
        #expect(state.notices.last?.kind == "refusal")
        #expect(state.endedAt == trial.now)
        #expect(trial.timers.isEmpty)
        #expect(trial.tasks.isEmpty)
    }

    @Test("An approved case is not done before its result is served")
    func completed() throws {
        var trial = try CaseTrial(at: .approved)
        #expect(try !trial.current.stage.isEnded)
        #expect(trial.tasks.map(\.step) == ["complete"])
        #expect(Set(trial.timers.keys) == ["promised", "statutory"])
        try trial.perform(
            .complete(CaseSamples.result(), notice: CaseSamples.notice("delivery", at: trial.now)), by: "clerk")
        let state = try trial.current
        #expect(state.stage == .completed)
        #expect(state.result == CaseSamples.result())
        #expect(state.notices.map(\.kind) == ["receipt", "acceptance", "approval", "delivery"])
        #expect(trial.timers.isEmpty)
    }

    @Test("An instant item goes from acceptance to completion")
    func instant() throws {
        var trial = try CaseTrial(at: .received, CaseSamples.rules(.instant))
        try trial.perform(.accept(notice: CaseSamples.notice("acceptance", at: trial.now)), by: "clerk")
        #expect(trial.tasks.map(\.step) == ["complete"])
        try trial.perform(.complete(CaseSamples.result(), notice: nil), by: "clerk")
        #expect(try trial.current.stage == .completed)
    }

    @Test("A notification has no review")
    func notification() throws {
        var trial = try CaseTrial(at: .received, CaseSamples.rules(.instant))
        try trial.perform(.accept(notice: CaseSamples.notice("acceptance", at: trial.now)), by: "clerk")
        #expect(
            try refusal { try trial.perform(.passReview(words: nil), by: "reviewer") }
                == .conflict(Message("cases.conflict.approved")))
    }

    @Test(
        "An item without review goes straight to the approver, who may be the one who accepted it, and cannot be sent back"
    )
    func unreviewed() throws {
        var trial = try CaseTrial(at: .received, CaseSamples.rules(.unreviewed))
        try trial.perform(.accept(notice: CaseSamples.notice("acceptance", at: trial.now)), by: "clerk")
        #expect(try trial.current.stage == .approving)
        #expect(trial.tasks.map(\.queue) == ["market/approver"])
        #expect(
            try refusal { try trial.perform(.sendBack(words: words), by: "approver") }
                == .conflict(Message("cases.conflict.approving")))
        try trial.perform(.approve(notice: approval), by: "clerk")
        #expect(try trial.current.stage == .approved)
    }

    @Test("The applicant may withdraw until the decision, not after it")
    func withdraw() throws {
        for stage in [CaseStage.submitted, .received, .correcting, .accepted, .approving] {
            var trial = try CaseTrial(at: stage)
            try trial.perform(.withdraw(reason: words))
            #expect(try trial.current.stage == .withdrawn)
            #expect(trial.timers.isEmpty, "\(stage)")
            #expect(trial.tasks.isEmpty, "\(stage)")
        }
        var decided = try CaseTrial(at: .approved)
        #expect(
            try refusal { try decided.perform(.withdraw(reason: nil)) } == .conflict(Message("cases.conflict.approved"))
        )
    }

    @Test("An error of the office is voided by somebody who had no hand in the case")
    func void() throws {
        for involved in ["clerk", "reviewer", "approver"] {
            var trial = try CaseTrial(at: .approved)
            #expect(
                try refusal { try trial.perform(.void(words: words), by: involved) }
                    == .refused(Message("cases.refused.secondOfficer")), "\(involved)")
        }
        var taken = try CaseTrial(at: .received)
        try taken.perform(.claim, by: "clerk")
        #expect(
            try refusal { try taken.perform(.void(words: words), by: "clerk") }
                == .refused(Message("cases.refused.secondOfficer")))
        try taken.perform(.void(words: words), by: "second")
        #expect(try taken.current.stage == .voided)
    }

    @Test("One officer holds a task; another is told so")
    func claim() throws {
        var trial = try CaseTrial(at: .accepted)
        try trial.perform(.claim, by: "anna")
        #expect(trial.tasks.map(\.assignee) == ["anna"])
        #expect(try refusal { try trial.perform(.claim, by: "bo") } == .conflict(Message("cases.conflict.claimed")))
        try trial.perform(.assign("bo"), by: "anna")
        #expect(trial.tasks.map(\.assignee) == ["bo"])
        try trial.perform(.assign(nil), by: "bo")
        #expect(trial.tasks.map(\.assignee) == [nil])
    }

    @Test("The next link's task belongs to nobody yet")
    func handedOn() throws {
        var trial = try CaseTrial(at: .accepted)
        try trial.perform(.claim, by: "reviewer")
        try trial.perform(.passReview(words: nil), by: "reviewer")
        #expect(trial.tasks.map(\.assignee) == [nil])
        #expect(try trial.current.assignee == nil)
    }
}
