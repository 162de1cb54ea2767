import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 远程身份核验: nothing is granted before it is known that the person named, who is not there, agrees.
@Suite("Remote identity check")
struct RemoteCheckTests {
    static let rule = RemoteCheckRule(
        person: "area", declares: LocalizedText(zh: "我同意。"), within: Limit(1, .workingDays))
    private let words = LawSamples.words
    private let until = morning("2026-03-15")

    private func rules(_ shape: ItemShape = .reviewed) -> CaseRules {
        var item = CaseSamples.item(shape)
        item.remoteCheck = Self.rule
        return CaseRules(item, version: 3)
    }

    private func begun(_ shape: ItemShape = .reviewed) throws -> CaseTrial {
        var trial = CaseTrial(rules(shape))
        let plain = CaseSamples.submission()
        try trial.perform(
            .submit(
                Submission(
                    number: plain.number, owner: plain.owner, bucket: plain.bucket, subject: plain.subject,
                    channel: .web, form: plain.form, files: plain.files, onPaper: false, receipt: plain.receipt,
                    remote: RemoteCheck(field: "area"))))
        return trial
    }

    private var ask: AskRemoteCheck { AskRemoteCheck(words: words, until: until) }
    private let record = RecordRemoteCheck(file: "video-1", digest: "00")
    private func confirm(_ means: RemoteCheck.Means = .video) -> ConfirmRemoteCheck {
        ConfirmRemoteCheck(means: means, words: LawSamples.words)
    }
    private func decline(_ means: RemoteCheck.Means = .video) -> DeclineRemoteCheck {
        DeclineRemoteCheck(means: means, words: LawSamples.words)
    }

    @Test("Asked, filmed, compared: each step says what is still missing, and only the last one opens the decision")
    func road() throws {
        var trial = try begun()
        for (command, officer) in [
            (CaseCommand.accept(notice: LawSamples.notice("acceptance")), "clerk"),
            (.passReview(words: words), "reviewer"),
        ] {
            try trial.perform(command, by: officer)
        }
        let approval = CaseCommand.approve(notice: LawSamples.notice("approval"))
        #expect(try trial.refusedPlain(approval, by: "approver") == "cases.refused.remote.needed")
        try trial.go(ask, by: nil)
        #expect(try trial.refusedPlain(approval, by: "approver") == "cases.refused.remote.asked")
        try trial.go(record, by: nil)
        #expect(try trial.refusedPlain(approval, by: "approver") == "cases.refused.remote.recorded")
        #expect(trial.tasks.map(\.step) == ["approve", "identity"])
        #expect(trial.tasks[1].queue == "market/reviewer")
        #expect(trial.tasks[1].dueAt == day("2026-03-13").end)
        try trial.go(confirm(), by: "reviewer")
        #expect(trial.tasks.map(\.step) == ["approve"])
        #expect(trial.messages.last == "cases.remoteCheckConfirmed")
        try trial.perform(approval, by: "approver")
        #expect(try trial.current.stage == .approved && trial.current.remote?.means == .video)
    }

    @Test("A refusal waits for nobody")
    func refusal() throws {
        var trial = try begun()
        try trial.perform(.accept(notice: LawSamples.notice("acceptance")), by: "clerk")
        try trial.perform(.passReview(words: words), by: "reviewer")
        try trial.perform(.refuse(words: words, notice: LawSamples.notice("refusal")), by: "approver")
        #expect(try trial.current.stage == .refused)
        #expect(try trial.refused(ask, by: nil) == "cases.refused.remote.over")
        #expect(try trial.refused(confirm(.inPerson), by: "clerk") == "cases.refused.remote.over")
    }

    @Test("Where nobody approves, it is the result that waits; and no rule decides in an instant")
    func unreviewed() throws {
        var trial = try begun(.instant)
        let instant = DecideInstantly(result: CaseSamples.result(), notices: [], sampled: false)
        #expect(try trial.refused(instant, by: nil) == "cases.refused.remote.needed")
        try trial.perform(.accept(notice: LawSamples.notice("acceptance")), by: "clerk")
        let complete = CaseCommand.complete(CaseSamples.result(), notice: LawSamples.notice("delivery"))
        #expect(try trial.refusedPlain(complete, by: "clerk") == "cases.refused.remote.needed")
        try trial.go(confirm(.inPerson), by: "clerk")
        try trial.perform(complete, by: "clerk")
        #expect(try trial.current.stage == .completed)
    }

    @Test("The task to compare outlives the step in which it was opened, once, and ends with the case")
    func task() throws {
        var trial = try begun()
        try trial.go(ask, by: nil)
        try trial.go(record, by: nil)
        #expect(trial.tasks.map(\.step) == ["accept", "identity"])
        try trial.perform(.accept(notice: LawSamples.notice("acceptance")), by: "clerk")
        #expect(trial.tasks.map(\.step).sorted() == ["identity", "review"])
        #expect(trial.tasks.first { $0.step == "identity" }?.queue == "market/clerk")
        try trial.perform(.withdraw(reason: nil))
        #expect(trial.tasks == [])
    }

    @Test("Declined, the person films again with new words; what was found out before does not count")
    func again() throws {
        var trial = try begun()
        try trial.go(ask, by: nil)
        #expect(try trial.refused(confirm(), by: "clerk") == "cases.refused.remote.noVideo")
        try trial.go(record, by: nil)
        #expect(try trial.refused(ask, by: nil) == "cases.refused.remote.recorded")
        try trial.go(decline(), by: "clerk")
        #expect(trial.tasks.map(\.step) == ["accept"])
        #expect(try trial.refused(record, by: nil) == "cases.refused.remote.over")
        try trial.go(ask, by: nil)
        try trial.go(RecordRemoteCheck(file: "video-2", digest: "01"), by: nil)
        #expect(try trial.current.remote?.recordings == ["video-1", "video-2"])
        #expect(CaseProcedure.files(try trial.current).contains("video-1"))
        try trial.go(confirm(), by: "clerk")
        #expect(try trial.refused(decline(), by: "clerk") == "cases.refused.remote.over")
    }

    @Test("A link that ran out takes no video")
    func late() throws {
        var trial = try begun()
        try trial.go(ask, by: nil)
        trial.now = until
        #expect(try trial.refused(record, by: nil) == "cases.refused.remote.over")
    }

    @Test("A service speaks for itself and no officer for it; nobody says afterwards that a package did")
    func service() throws {
        var trial = try begun()
        #expect(try trial.refused(confirm(.service), by: nil) == "cases.refused.remote.over")
        try trial.go(ask, by: nil)
        #expect(try trial.refused(confirm(.service), by: "clerk") == "forbidden")
        #expect(try trial.refused(confirm(.package), by: "clerk") == "forbidden")
        #expect(try trial.refused(confirm(.inPerson), by: nil) == "forbidden")
        try trial.go(decline(.service), by: nil)
        #expect(try trial.current.remote?.standing == .declined)
    }

    @Test("Who is named anew by a correction is asked anew")
    func renamed() throws {
        var trial = try begun()
        try trial.go(ask, by: nil)
        try trial.go(record, by: nil)
        try trial.go(confirm(), by: "clerk")
        try trial.perform(CaseSamples.correction(["f.area"]), by: "clerk")
        try trial.perform(CaseSamples.supplement(fields: ["area"]))
        #expect(try trial.current.remote?.standing == .needed)
        #expect(try trial.current.remote?.recordings == ["video-1"])
        #expect(trial.tasks.map(\.step) == ["accept"])
    }
}
