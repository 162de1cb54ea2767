import Foundation
import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 撤回操作: an officer's last act is taken back, and everything stands as before it.
@Suite("Taking the last act back")
struct UndoTests {
    /// A trial that writes down who did what.
    struct Written {
        var trial: CaseTrial
        var journal: [JournalEntry] = []

        init(undoMinutes: Int = 10) throws {
            var item = LawSamples.item()
            item.undoMinutes = undoMinutes
            trial = CaseTrial(CaseRules(item, version: 3))
            try go(.submit(CaseSamples.submission()), by: nil)
        }

        mutating func go(_ command: CaseCommand, by officer: String?) throws {
            let actor: Kernel.Actor =
                officer.map { .init(.staff, id: $0, channel: .window) }
                ?? .init(.resident, id: "account-1", channel: .web)
            let request = "request-\(journal.count)"
            for event in try trial.perform(command, by: officer) {
                journal.append(
                    JournalEntry(
                        area: try #require(AreaCode("510106")), cohort: 2026, stream: "case-1", seq: journal.count + 1,
                        at: trial.now, actor: try canonical(actor), request: request, name: event.name,
                        data: try event.encoded(), previous: journal.last?.hash ?? JournalEntry.zero))
            }
        }

        mutating func undo(by officer: String) throws {
            let last = try #require(try LastAct(journal))
            try go(.further(Undo(last: last, words: LawSamples.words)), by: officer)
        }

        mutating func refused(by officer: String) throws -> String {
            let last = try #require(try LastAct(journal))
            return try trial.refused(Undo(last: last, words: LawSamples.words), by: officer)
        }

        mutating func wait(minutes: Int64) { trial.now = trial.now.adding(seconds: minutes * 60) }
    }

    private static let accept = CaseCommand.accept(notice: LawSamples.notice("acceptance"))

    @Test("What issued a document is taken back by a second officer; state, tasks and limits are those before it")
    func acceptance() throws {
        var written = try Written()
        try written.go(.claim, by: "clerk")
        let before = written.trial
        written.wait(minutes: 1)
        try written.go(Self.accept, by: "clerk")
        written.wait(minutes: 5)
        #expect(try written.refused(by: "clerk") == "cases.refused.undoSecond")
        try written.undo(by: "clerk-2")
        #expect(try written.trial.current == before.current)
        #expect(written.trial.timers == before.timers && written.trial.paused.isEmpty)
        #expect(
            written.trial.tasks.map { [$0.step, $0.queue, $0.assignee ?? "", "\($0.dueAt)"] }
                == before.tasks.map { [$0.step, $0.queue, $0.assignee ?? "", "\($0.dueAt)"] })
        #expect(LastAct.holding(written.journal).map(\.name) == ["submitted", "received", "assigned"])
        // It can be done again, properly.
        try written.go(.claim, by: "clerk")
        try written.go(Self.accept, by: "clerk")
        #expect(try written.trial.current.stage == .accepted)
        #expect(try Bill(written.journal, calendar: written.trial.calendar, at: written.trial.now).lines.count > 1)
    }

    @Test("What issued nothing the officer takes back himself, and nobody else")
    func review() throws {
        var written = try Written()
        try written.go(Self.accept, by: "clerk")
        let before = try written.trial.current
        let timers = written.trial.timers
        written.wait(minutes: 1)
        try written.go(.passReview(words: nil), by: "reviewer")
        #expect(try written.refused(by: "colleague") == "cases.refused.undoOthers")
        try written.undo(by: "reviewer")
        #expect(try written.trial.current == before && written.trial.timers == timers)
        #expect(written.trial.tasks.map(\.step) == ["review"])
        #expect(try LastAct(written.journal) == nil, "taking back is not taken back")
    }

    @Test("A clock that was stopped goes on, with the end it had")
    func pause() throws {
        var written = try Written()
        try written.go(Self.accept, by: "clerk")
        let before = written.trial
        written.wait(minutes: 1)
        try written.go(.further(LawSamples.start("experts")), by: "reviewer")
        #expect(written.trial.paused.keys.contains(TimerName.promised))
        written.wait(minutes: 2)
        try written.undo(by: "colleague")
        #expect(try written.trial.current == before.current)
        #expect(written.trial.paused.isEmpty && written.trial.timers == before.timers)
        #expect(written.trial.tasks.map(\.dueAt) == before.tasks.map(\.dueAt))
        let bill = try Bill(written.journal, calendar: written.trial.calendar, at: written.trial.now)
        #expect(bill.accounts.filter { $0.name == TimerName.promised }.count == 1)
    }

    @Test("Not after the item's minutes, not after somebody else acted, not after service")
    func barred() throws {
        var written = try Written()
        try written.go(Self.accept, by: "clerk")
        written.wait(minutes: 10)
        #expect(try written.refused(by: "clerk-2") == "cases.refused.undoLate")
        try written.go(.claim, by: "reviewer")
        #expect(try LastAct(written.journal) == nil)
        try written.go(.passReview(words: nil), by: "reviewer")
        try written.go(.approve(notice: LawSamples.notice("approval")), by: "approver")
        let last = try #require(try LastAct(written.journal))
        try written.go(.complete(CaseSamples.result(), notice: LawSamples.notice("delivery")), by: "clerk")
        // The journal went on since it was read.
        #expect(
            try written.trial.refused(Undo(last: last, words: LawSamples.words), by: "second")
                == "cases.conflict.completed")
        #expect(try LastAct(written.journal)?.event == "completed")
        try written.go(
            .further(
                Serve(
                    method: .direct, on: day("2026-03-12"), consented: false, words: LawSamples.words,
                    notice: LawSamples.notice("service"))), by: "clerk")
        #expect(try LastAct(written.journal) == nil)
    }

    @Test("Where the item gives no minutes nothing is taken back")
    func none() throws {
        var written = try Written(undoMinutes: 0)
        try written.go(Self.accept, by: "clerk")
        #expect(try written.refused(by: "clerk-2") == "cases.refused.undoLate")
    }

    @Test("Each act that can be taken back has a name in both languages", arguments: ["zh", "en"])
    func named(_ language: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/Modules/Cases/Resources/Locales/\(language).json")
        let texts = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
        for event in LastAct.groups.keys { #expect(texts["cases.undo.\(event)"] != nil, "\(event)") }
    }
}
