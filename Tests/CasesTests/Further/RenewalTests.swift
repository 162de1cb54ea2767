import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 延续: asked for in time, decided before the expiry, and renewed where the organ keeps silent (行政许可法 art. 50).
@Suite("Renewal before the expiry")
struct RenewalTests {
    /// Three years, granted on 12 March 2026: until 11 March 2029.
    private func licensed(renew: Catalogue.Outcome.Renewal? = nil) throws -> CaseTrial {
        var item = LawSamples.item()
        item.outcome = [
            Catalogue.Outcome(
                id: "licence", kind: .certificate, name: LocalizedText(zh: "许可证"), certificate: "licence", number: nil,
                validity: .period(Limit(3, .years)), dated: .decision, renew: renew, verify: false)
        ]
        var trial = try CaseTrial(at: .approved, CaseRules(item, version: 3))
        try trial.perform(
            .complete(
                CaseResult(
                    number: "JY1", on: day("2026-03-12"), until: day("2029-03-11"), delivery: "electronic"), notice: nil
            ),
            by: "clerk")
        return trial
    }

    private let ask = RequestRenewal(words: LawSamples.words)

    @Test("Thirty days before the expiry is the last day, where the item says nothing else")
    func window() throws {
        var trial = try licensed()
        trial.now = morning("2028-12-10")
        #expect(try trial.refused(ask, by: nil) == "cases.refused.renewalEarly")
        trial.now = morning("2028-12-11")
        var copy = trial
        try copy.go(ask, by: nil)
        trial.now = morning("2029-02-09")
        copy = trial
        try copy.go(ask, by: nil)
        trial.now = morning("2029-02-10")
        #expect(try trial.refused(ask, by: nil) == "cases.refused.renewalLate")
        #expect(try trial.refused(ask, by: "clerk") == "forbidden")
    }

    @Test("The item's own window counts in working days")
    func ownWindow() throws {
        var trial = try licensed(renew: .init(from: Limit(90, .workingDays), until: Limit(15, .workingDays)))
        // Sunday 11 March 2029: fifteen working days before it is Monday 19 February.
        trial.now = morning("2029-02-19")
        try trial.go(ask, by: nil)
        #expect(try trial.refused(ask, by: nil) == "cases.refused.renewalAsked")
    }

    @Test("Granted, the period begins again on the day after the old one's last")
    func granted() throws {
        var trial = try licensed()
        trial.now = morning("2029-01-10")
        try trial.go(ask, by: nil)
        #expect(trial.tasks.map(\.step) == ["renew"])
        #expect(trial.timers[TimerName.renewal]?.dueAt == day("2029-03-11").end)
        #expect(
            try trial.refused(DecideRenewal(granted: true, words: LawSamples.words, notice: nil), by: "approver")
                == "cases.refused.untold")
        try trial.go(
            DecideRenewal(granted: true, words: LawSamples.words, notice: LawSamples.notice("renewal")), by: "approver")
        #expect(try trial.current.result?.until == day("2032-03-11"))
        #expect(trial.tasks.isEmpty && trial.timers.isEmpty)
        // And again, three years later.
        trial.now = morning("2032-01-10")
        try trial.go(ask, by: nil)
    }

    @Test("Silence until the expiry renews")
    func silence() throws {
        var trial = try licensed()
        trial.now = morning("2029-01-10")
        try trial.go(ask, by: nil)
        try trial.letFallDue(TimerName.renewal)
        #expect(try trial.current.result?.until == day("2032-03-11") && trial.current.renewal == nil)
        #expect(trial.messages.last == "cases.renewalDeemed")
        #expect(trial.tasks.isEmpty && trial.timers.isEmpty)
    }

    @Test("Refused, it holds until its day; what was revoked is not renewed")
    func refused() throws {
        var trial = try licensed()
        trial.now = morning("2029-01-10")
        try trial.go(ask, by: nil)
        var revoked = trial
        try trial.go(
            DecideRenewal(granted: false, words: LawSamples.words, notice: LawSamples.notice("renewal-refusal")),
            by: "approver")
        #expect(try trial.current.result?.until == day("2029-03-11"))
        try revoked.go(
            TakeBack(ground: .fraud, words: LawSamples.words, notice: LawSamples.notice("revocation")), by: "head")
        #expect(revoked.timers.isEmpty && revoked.tasks.isEmpty)
        #expect(try revoked.refused(ask, by: nil) == "cases.conflict.completed")
    }

    @Test("What never expires is not renewed")
    func permanent() throws {
        var trial = try CaseTrial(at: .approved, LawSamples.rules())
        try trial.perform(
            .complete(CaseResult(number: nil, on: day("2026-03-12"), until: nil, delivery: "counter"), notice: nil),
            by: "clerk")
        #expect(try trial.refused(ask, by: nil) == "cases.conflict.completed")
    }
}
