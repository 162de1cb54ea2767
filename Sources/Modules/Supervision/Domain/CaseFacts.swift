import Cases
import Catalogue
import Foundation
import Kernel
import Workflow

/// What a journal says of one case, for figures and for the detector: nothing is asked of anybody, nothing is kept twice
/// that the journal does not say.
struct CaseFacts: Sendable, Hashable {
    /// The decision: 准予 or 不予, or for an item without one 办结; nil where the case ended otherwise.
    struct Decision: Sendable, Hashable {
        let at: Moment
        let officer: String?
        /// Working days of the promise spent by then, without those in which it stood (行政许可法 arts. 42, 45).
        let used: Int
        let promised: Limit
        let statutory: Limit?
        /// 即办: decided on the day on which the papers came.
        let onReceipt: Bool
        let isLate: Bool
        /// Past the statutory limit.
        let breached: Bool
    }

    let decision: Decision?
    let at: Moment
    /// Correction notices sent, and those of them on the last of the five days.
    let corrections: Int
    let lastDayCorrections: Int
    /// What rules are asked about; a fact that does not apply is null.
    let json: JSON

    /// Events after which a case has something new to tell.
    static let telling: [String] = [
        "approved", "refused", "completed", "declined", "not-needed", "withdrawn", "lapsed", "voided", "terminated",
        "decided-instantly", "superior-answered",
    ]

    /// - Parameter limits: those of the item; what is decided in the instant of its receipt begins none of its own.
    /// - Throws: `JournalError` for a journal that is none of a case; nil for one that has not come to anything yet.
    init?(_ whole: [JournalEntry], limits: LimitSet, calendar: WorkCalendar) throws {
        // What an officer took back did not happen.
        let journal = LastAct.holding(whole)
        guard let last = journal.last, let first = journal.first,
            let telling = journal.last(where: { Self.telling.contains($0.name) })
        else { return nil }
        let bill = try Bill(journal, calendar: calendar, at: last.at)
        decision = try Self.decision(journal, limits, calendar)
        at = decision?.at ?? telling.at
        let notices = journal.filter { $0.name == "correction-requested" }
        let starts = bill.accounts.filter { $0.name == "acceptance" }
        let lastDay = notices.filter { notice in
            starts.contains { $0.endedAt == notice.at && $0.dueOn == notice.at.date && $0.used > 1 }
        }
        corrections = notices.count
        lastDayCorrections = lastDay.count
        let accepted = journal.first { $0.name == "accepted" }
        let answers = zip(
            notices, notices.map { notice in journal.first { $0.name == "supplemented" && $0.seq > notice.seq } }
        )
        .compactMap { notice, answer in answer.map { Self.minutes(notice.at, $0.at) } }
        let stops = bill.accounts.filter { $0.name == "promised" }.flatMap { account in
            account.stops.map { stop in
                account.limit.amount - calendar.consumed(from: account.startedAt.date, to: stop.from.date)
            }
        }
        let decided = decision?.at
        let procedures = try Self.procedures(journal)
        json = [
            "reviewed": .bool(journal.contains { $0.name == "review-passed" }),
            "deemed": .bool(accepted.map { $0.at > first.at && Self.actor($0) == nil } ?? false),
            "minutesFromAcceptance": Self.number(
                accepted.flatMap { start in decided.map { Self.minutes(start.at, $0) } }),
            "corrections": .int(Int64(notices.count)), "lastDayCorrections": .int(Int64(lastDay.count)),
            "minutesToAnswer": Self.number(answers.min()),
            "stops": .int(Int64(stops.count)), "daysLeftAtStop": Self.number(stops.min()),
            "decidedWhileClosed": .bool(
                decision.map { $0.officer != nil && !calendar.isOpen(at: $0.at) } ?? false),
            "used": Self.number(decision?.used),
            "minutesOfProcedure": Self.number(procedures.map { Self.minutes($0.from, $0.to) }.min()),
            "daysBeforeExpected": Self.number(
                procedures.filter { $0.stopped && $0.expected.dayNumber - $0.from.date.dayNumber >= 10 }
                    .map { max(0, $0.expected.dayNumber - $0.to.date.dayNumber) }.min()),
        ]
    }

    /// The procedures of the review that came to their end, and the day on which each was expected to.
    static func procedures(_ journal: [JournalEntry]) throws -> [(
        from: Moment, to: Moment, expected: CivilDate, stopped: Bool
    )] {
        try journal.filter { $0.name == "procedure-started" }.compactMap { start in
            let begun = try JSON(parsing: start.data)["procedure"]
            guard let id = begun["id"].text, let expected = begun["expected"].text.flatMap({ CivilDate($0) }) else {
                return nil
            }
            let end = try journal.first {
                try $0.seq > start.seq && $0.name == "procedure-ended"
                    && JSON(parsing: $0.data)["procedure"].text == id
            }
            return end.map { (start.at, $0.at, expected, begun["pauses"] == .bool(true)) }
        }
    }

    private static func decision(_ journal: [JournalEntry], _ limits: LimitSet, _ calendar: WorkCalendar) throws
        -> Decision?
    {
        if let instant = journal.first(where: { $0.name == "decided-instantly" }) {
            return Decision(
                at: instant.at, officer: nil, used: 0, promised: limits.promised, statutory: limits.statutory,
                onReceipt: true, isLate: false, breached: false)
        }
        let decided = journal.firstIndex { ["approved", "refused"].contains($0.name) || Self.isSuperiors($0) }
        guard let index = decided ?? journal.firstIndex(where: { $0.name == "completed" }) else { return nil }
        let entry = journal[index]
        // As it stood just before: the clocks still run.
        let before = Array(journal[..<index])
        let bill = try Bill(before, calendar: calendar, at: entry.at)
        guard let promised = bill.accounts.last(where: { $0.name == "promised" }) else { return nil }
        let statutory = bill.accounts.last { $0.name == "statutory" }
        let received = journal.first { $0.name == "received" }?.at ?? entry.at
        let used =
            promised.limit.unit == .workingDays
            ? promised.used
            : max(0, calendar.consumed(from: promised.startedAt.date, to: entry.at.date) - promised.stoppedDays)
        return Decision(
            at: entry.at, officer: actor(entry), used: used, promised: promised.limit, statutory: statutory?.limit,
            onReceipt: received.date == entry.at.date, isLate: entry.at >= promised.dueAt && !promised.isStopped,
            breached: statutory.map { entry.at >= $0.dueAt && !$0.isStopped } ?? false)
    }

    /// The organ above granted or refused; a file that came back is none of both.
    private static func isSuperiors(_ entry: JournalEntry) -> Bool {
        entry.name == "superior-answered" && (try? JSON(parsing: entry.data))?["answer"].text != "returned"
    }

    private static func minutes(_ from: Moment, _ to: Moment) -> Int {
        Int((to.milliseconds - from.milliseconds) / 60_000)
    }

    private static func number(_ value: Int?) -> JSON { value.map { .int(Int64($0)) } ?? .null }

    /// The member of staff who acted; nil for applicants, systems and clocks.
    private static func actor(_ entry: JournalEntry) -> String? {
        guard let actor = try? JSONDecoder().decode(Kernel.Actor.self, from: Data(entry.actor.utf8)),
            actor.kind == .staff
        else { return nil }
        return actor.id
    }
}
