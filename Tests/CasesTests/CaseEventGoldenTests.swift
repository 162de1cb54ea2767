import Foundation
import Kernel
import Testing
import Workflow

@testable import Cases

/// Journals are kept for decades: the name and the data of an event never change. A file stands for each.
@Suite("Frozen events")
struct CaseEventGoldenTests {
    @Test("Every event is written byte for byte as its golden file has it", arguments: try CaseEventSamples.all())
    func golden(_ event: CaseEvent) throws {
        let file = Self.folder.appending(path: "\(event.name).json")
        if ProcessInfo.processInfo.environment["TONGBAN_NEW_GOLDEN"] == "1",
            !FileManager.default.fileExists(atPath: file.path)
        {
            try Data((try event.encoded() + "\n").utf8).write(to: file)
        }
        let frozen = try String(contentsOf: file, encoding: .utf8)
        #expect(try event.encoded() + "\n" == frozen)
    }

    @Test("Every golden file is read back as the event it stands for", arguments: try CaseEventSamples.all())
    func readBack(_ event: CaseEvent) throws {
        let frozen = try String(contentsOf: Self.folder.appending(path: "\(event.name).json"), encoding: .utf8)
        #expect(try CaseEvent(name: event.name, data: String(frozen.dropLast())) == event)
    }

    @Test("Every event has a sample and a golden file, and no file stands alone")
    func complete() throws {
        let events = try CaseEventSamples.all()
        #expect(Set(events.map(CaseEventSamples.place)).sorted() == Array(0..<events.count))
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".json")
        }
        #expect(files.sorted() == events.map { "\($0.name).json" }.sorted())
    }

    @Test("Names are read back as they were written, and no others")
    func names() throws {
        for event in try CaseEventSamples.all() {
            #expect(try CaseEvent(name: event.name, data: event.encoded()).name == event.name)
            #expect(throws: JournalError.self) { try CaseEvent(name: event.name, data: "{}") }
            #expect(throws: JournalError.self) { try CaseEvent(name: event.name, data: "not JSON") }
        }
        #expect(throws: JournalError.unknown("Submitted")) { try CaseEvent(name: "Submitted", data: "{}") }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
}

/// One event of every kind, every optional part filled.
enum CaseEventSamples {
    private static let at = morning("2026-03-12")
    private static let words = CaseSamples.sealed("words/1")

    static func limit(_ text: String, days: Int) -> RunningLimit {
        RunningLimit(
            limit: Limit(text) ?? Limit(0, .days), startedAt: at, dueAt: day("2026-03-12").adding(days: days + 1).start,
            warnAt: day("2026-03-12").adding(days: days).start, dueOn: day("2026-03-12").adding(days: days),
            provisional: false)
    }

    static func next(_ step: String) -> CaseEvent.NextTask {
        .init(step: step, queue: "market/staff", warnAt: at.adding(seconds: 3600), dueAt: at.adding(seconds: 7200))
    }

    private static func ended(by: String?) -> CaseEvent.Ended {
        .init(at: at, by: by, words: words, notice: CaseSamples.notice("decline", at: at))
    }

    private static func decided(_ kind: String) -> CaseEvent.Decided {
        .init(at: at, by: "staff-3", words: words, notice: CaseSamples.notice(kind, at: at), next: next("complete"))
    }

    static func all() throws -> [CaseEvent] {
        [
            .submitted(
                .init(
                    number: "5101062026031201000012", item: "shop-licence", itemVersion: 3, department: "market",
                    owner: "account-1", bucket: "@07", subject: "subject-1", channel: .web,
                    form: CaseSamples.sealed("form/1"),
                    files: [CaseSamples.file("lease")], receipt: CaseSamples.notice("receipt", at: at), at: at)),
            .received(.init(at: at, acceptance: limit("5wd", days: 7), calendar: 7, queue: "market/clerk")),
            .correctionRequested(
                .init(
                    by: "staff-1", points: ["m.lease", "f.area", "o.1"].map(CaseSamples.point), words: words,
                    limit: limit("10wd", days: 14), calendar: 7, notice: CaseSamples.notice("correction", at: at),
                    reminders: [morning("2026-03-19")])),
            .supplemented(
                .init(
                    at: at, form: CaseSamples.sealed("form/2"), changedFields: ["area"],
                    files: [CaseSamples.file("lease")],
                    answered: ["o.1"], acceptance: limit("5wd", days: 7), calendar: 7, queue: "market/clerk",
                    assignee: "staff-1")),
            .lapsed(ended(by: nil)),
            .accepted(
                .init(
                    at: at, by: "staff-1", deemed: false, promised: limit("10wd", days: 14),
                    statutory: limit("20wd", days: 28),
                    calendar: 7, next: next("review"), notice: CaseSamples.notice("acceptance", at: at))),
            .declined(ended(by: "staff-1")), .notNeeded(ended(by: "staff-1")), .withdrawn(ended(by: nil)),
            .voided(ended(by: "staff-4")),
            .reviewPassed(.init(at: at, by: "staff-2", words: words, next: next("approve"))),
            .sentBack(.init(at: at, by: "staff-3", words: words, next: next("review"))),
            .approved(decided("approval")), .refused(decided("refusal")),
            .completed(
                .init(
                    at: at, by: "staff-1",
                    result: CaseResult(
                        number: "JY15101062600001", on: day("2026-03-20"), until: day("2031-03-19"),
                        delivery: "electronic"),
                    notice: CaseSamples.notice("delivery", at: at))),
            .assigned(.init(to: "staff-2", by: "staff-1")),
            .limitsRecounted(
                .init(
                    at: at, calendar: 8, acceptance: limit("5wd", days: 8), correction: limit("10wd", days: 15),
                    promised: limit("10wd", days: 15), statutory: limit("20wd", days: 29), tasks: [next("review")],
                    dayMoved: true)),
        ] + FurtherSamples.facts.map { .further(Further($0)) }
    }

    /// Without a default: a new event does not compile until it has a place, and then wants a sample and a file.
    static func place(_ event: CaseEvent) -> Int {
        switch event {
        case .submitted: 0
        case .received: 1
        case .correctionRequested: 2
        case .supplemented: 3
        case .lapsed: 4
        case .accepted: 5
        case .declined: 6
        case .notNeeded: 7
        case .withdrawn: 8
        case .voided: 9
        case .reviewPassed: 10
        case .sentBack: 11
        case .approved: 12
        case .refused: 13
        case .completed: 14
        case .assigned: 15
        case .limitsRecounted: 16
        case .further(let further): 17 + (FurtherSamples.names.firstIndex(of: type(of: further.fact).name) ?? -18)
        }
    }
}

extension CaseEvent: CustomTestStringConvertible {
    package var testDescription: String { name }
}
