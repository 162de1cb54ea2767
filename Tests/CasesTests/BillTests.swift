import Foundation
import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 期限账单: every day of a case is somebody's, and the days add up.
@Suite("Bill of days")
struct BillTests {
    /// The journal that the office would have written.
    private static func journal(_ trial: CaseTrial, _ moments: [Moment]) throws -> [JournalEntry] {
        let area = try #require(AreaCode("510106"))
        let actor = try canonical(Kernel.Actor(.resident, id: "account-1", channel: .web))
        var previous = JournalEntry.zero
        return try zip(trial.events, moments).enumerated().map { index, pair in
            let entry = JournalEntry(
                area: area, cohort: 2026, stream: "case", seq: index + 1, at: pair.1, actor: actor, request: "r",
                name: pair.0.name, data: try pair.0.encoded(), previous: previous)
            previous = entry.hash
            return entry
        }
    }

    /// A case with the moment of each event noted.
    private struct Told {
        var trial: CaseTrial
        var moments: [Moment] = []

        init(_ rules: CaseRules = CaseSamples.rules()) { trial = CaseTrial(rules) }

        mutating func at(_ moment: Moment, _ command: CaseCommand, by officer: String? = nil) throws {
            trial.now = moment
            moments += try trial.perform(command, by: officer).map { _ in moment }
        }

        func bill(_ now: Moment) throws -> Bill {
            try Bill(BillTests.journal(trial, moments), calendar: trial.calendar, at: now)
        }
    }

    @Test("A correction, an acceptance and a review: who had it, which limit ran, how many working days")
    func plainRoad() throws {
        var told = Told()
        try told.at(morning("2026-03-12"), .submit(CaseSamples.submission()))
        try told.at(morning("2026-03-16"), CaseSamples.correction(["m.lease"]), by: "clerk")
        try told.at(morning("2026-03-20"), CaseSamples.supplement(files: ["lease"]))
        let notice = CaseSamples.notice("acceptance", at: morning("2026-03-23"))
        try told.at(morning("2026-03-23"), .accept(notice: notice), by: "clerk")
        try told.at(morning("2026-03-24"), .claim, by: "reviewer")
        let bill = try told.bill(morning("2026-03-30"))
        #expect(
            bill.lines.map(\.cause.kind) == ["received", "correctionRequested", "supplemented", "accepted", "claimed"])
        #expect(bill.lines.map(\.workingDays) == [2, 4, 1, 1, 4])
        #expect(bill.lines.map(\.calendarDays) == [4, 4, 3, 1, 6])
        #expect(
            bill.lines.map(\.running)
                == [
                    ["acceptance"], ["correction"], ["acceptance"], ["promised", "statutory"],
                    ["promised", "statutory"],
                ])
        #expect(bill.lines[1].holders == [.applicant])
        #expect(bill.lines[2].holders == [.office(queue: "market/clerk", step: "accept", officer: "clerk")])
        #expect(bill.lines[3].holders == [.office(queue: "market/reviewer", step: "review", officer: nil)])
        #expect(bill.lines[4].holders == [.office(queue: "market/reviewer", step: "review", officer: "reviewer")])
        #expect(bill.lines.last?.until == nil)
        #expect(bill.accounts.map(\.name) == ["acceptance", "correction", "acceptance", "promised", "statutory"])
        #expect(bill.accounts.map(\.used) == [2, 4, 1, 5, 5])
        #expect(Bill.left(bill.accounts[3]) == 5)
        #expect(bill.accounts[3].dueOn == day("2026-04-07"), "over the days of 4 to 6 April")
        #expect(bill.entries == 6)
        #expect(bill.head == (try Self.journal(told.trial, told.moments).last?.hash))
    }

    @Test("Taken in the instant of acceptance, the line still says accepted; the applicant is told no hand-overs")
    func sameInstant() throws {
        var told = Told()
        try told.at(morning("2026-03-12"), .submit(CaseSamples.submission()))
        let at = morning("2026-03-13")
        try told.at(at, .accept(notice: CaseSamples.notice("acceptance", at: at)), by: "clerk")
        try told.at(at, .claim, by: "anna")
        try told.at(morning("2026-03-16"), .assign("bo"), by: "anna")
        let bill = try told.bill(morning("2026-03-17"))
        #expect(bill.lines.map(\.cause.kind) == ["received", "accepted", "assigned"])
        #expect(bill.withoutOfficers.lines.map(\.cause.kind) == ["received", "accepted"])
        #expect(bill.withoutOfficers.lines.map(\.workingDays) == [1, 2])
    }

    @Test("Deemed accepted: the promise runs from the day the papers came")
    func deemed() throws {
        var told = Told()
        try told.at(morning("2026-03-12"), .submit(CaseSamples.submission()))
        try told.at(day("2026-03-19").end, .acceptanceFellDue)
        let bill = try told.bill(morning("2026-03-23"))
        let promised = try #require(bill.accounts.first { $0.name == "promised" })
        #expect(promised.startedAt.date == day("2026-03-12"))
        #expect(promised.used == 7)
        #expect(bill.lines.map(\.cause.kind) == ["received", "deemedAccepted"])
    }

    @Test("A bill of an ended case stands still")
    func ended() throws {
        var told = Told()
        try told.at(morning("2026-03-12"), .submit(CaseSamples.submission()))
        try told.at(morning("2026-03-13"), .withdraw(reason: nil))
        let bill = try told.bill(morning("2026-03-16"))
        #expect(bill.lines == (try told.bill(morning("2026-05-20")).lines))
        #expect(bill.accounts == (try told.bill(morning("2026-05-20")).accounts))
        #expect(bill.lines.map(\.workingDays) == [1])
        #expect(bill.accounts.map(\.endedAt) == [morning("2026-03-13")])
    }

    @Test("Whatever happens, no day is lost or counted twice, and what ran is what the timers say", arguments: 0..<30)
    func addsUp(seed: Int) throws {
        var dice = Dice(UInt64(4_000 + seed))
        let shape = ItemShape.allCases[dice.roll(3)]
        var told = Told(CaseSamples.rules(shape, onLapse: LapseRule.allCases[dice.roll(3)], fourEyes: false))
        var now = morning("2026-02-02").adding(seconds: Int64(dice.roll(40) * 86_400))
        try told.at(now, .submit(CaseSamples.submission(onPaper: dice.roll(4) == 0)))
        for _ in 0..<40 where try !told.trial.current.stage.isEnded {
            let later = now.adding(seconds: Int64(dice.roll(3 * 86_400)))
            let due = told.trial.timers.values.filter { $0.dueAt <= later }.sorted { $0.dueAt < $1.dueAt }
            for timer in due {
                guard let command = CaseProcedure.command(onDue: timer.name, try told.trial.current) else { continue }
                try told.at(timer.dueAt, command)
            }
            now = later
            let kind = CaseMatrixTests.Kind.allCases[dice.roll(CaseMatrixTests.Kind.allCases.count)]
            guard kind != .withdraw, kind != .void else { continue }
            let officer = ["anna", "bo", "chen"][dice.roll(3)]
            do { try told.at(now, kind.command, by: kind == .supplement ? nil : officer) } catch is DomainError {}
        }
        let state = try told.trial.current
        let bill = try told.bill(now)
        let end = state.endedAt ?? now
        let calendar = told.trial.calendar
        #expect(bill.lines.reduce(0) { $0 + $1.calendarDays } == end.date.dayNumber - state.submittedAt.date.dayNumber)
        let worked = calendar.consumed(from: state.submittedAt.date, to: end.date)
        #expect(bill.lines.reduce(0) { $0 + $1.workingDays } == worked)
        #expect(zip(bill.lines, bill.lines.dropFirst()).allSatisfy { $0.until == $1.from })
        let open = bill.accounts.filter { $0.endedAt == nil }
        #expect(
            Dictionary(uniqueKeysWithValues: open.map { ($0.name, $0.dueAt) }) == told.trial.timers.mapValues(\.dueAt))
        for account in open where account.limit.unit == .workingDays && account.dueAt > now {
            #expect(account.used + calendar.consumed(from: now.date, to: account.dueOn) == account.limit.amount)
            #expect(Bill.left(account) == calendar.consumed(from: now.date, to: account.dueOn))
        }
    }
}
