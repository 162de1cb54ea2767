import Foundation
import HTTPTypes
import Kernel
import Logging
import Storage
import Synchronization
import TestKit
import Testing
import Web
import Workflow

@testable import Cases
@testable import Composition

/// What Prometheus is shown: nothing that the program does is left out of it.
@Suite("Figures of the program")
struct MetricsTests {
    @Test("Every command, route and queue has its series before the first of each")
    func declared() async throws {
        Metering.bootstrap()
        try await Office.open(.sqlite) { office in
            let house = office.house
            house.declareMetrics()
            for job in house.jobs { house.jobBoard.expect(job) }
            let shown = Shown(house.metrics)
            let proceedings = ["case", "package", "cases.attorney", "post", "identity.check"]
            #expect(house.commands.map(\.proceeding) == proceedings)
            for (proceeding, names) in house.commands {
                #expect(names.count >= 3)
                for name in names {
                    let labels = ["proceeding": proceeding, "command": name]
                    #expect(shown.value("tongban_commands_total", labels) != nil, "\(proceeding) \(name)")
                    #expect(shown.value("tongban_command_duration_seconds_count", labels) != nil, "\(name)")
                }
            }
            let routes = house.routes.entries
            #expect(routes.count > 100)
            for route in routes {
                let labels = ["method": route.method.rawValue, "route": route.pattern]
                #expect(shown.value("http_request_duration_seconds_count", labels) != nil, "\(labels)")
            }
            #expect(house.jobs.count > 12)
            for job in house.jobs {
                for name in ["runs_total", "failures_total", "duration_seconds_count"] {
                    #expect(shown.value("tongban_job_\(name)", ["name": job.name]) != nil, "\(job.name)")
                }
                // The operator reads it in words.
                for language in [Language.zh, .en] {
                    let words = house.context.pages.locales.text("notify.operations.job.\(job.name)", in: language)
                    #expect(words != nil, "\(job.name)")
                }
            }
            for line in house.metrics.split(separator: "\n") where line.hasPrefix("# TYPE ") {
                let name = line.split(separator: " ")[2]
                #expect(house.metrics.contains("# HELP \(name) "), "\(name) says what it means")
            }
            for queue in house.queues {
                for name in ["depth", "oldest_seconds", "dead"] {
                    #expect(shown.value("tongban_queue_\(name)", ["queue": queue]) != nil, "\(queue)")
                }
            }
        }
    }

    @Test(
        "What happened is counted: commands, errors by their kind, statements, letters that wait",
        arguments: Backend.all)
    func counted(_ backend: Backend) async throws {
        Metering.bootstrap()
        let tape = Tape()
        try await Office.open(backend, tape: tape) { office in
            let road = try await Road(office)
            let before = Shown(office.house.metrics)
            tape.rewind()
            let number = try await road.submit()
            try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
            // Decided on what another one had changed meanwhile.
            let opened = try await road.cases.open(number: number, area: road.area)
            let (id, occasion) = (opened.id, road.occasion(road.approver))
            await #expect(throws: DomainError.self) {
                try await office.house.database.write { tx in
                    _ = try road.cases.office.perform(.claim, on: id, occasion, tx, expecting: 1) { _ in
                        opened.context(at: occasion.at, officer: nil)
                    }
                }
            }
            office.time.advance(seconds: 60)
            try await office.runJob("house.gauges")
            let after = Shown(office.house.metrics)
            func grew(_ name: String, _ labels: [String: String]) -> Double {
                (after.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0)
            }
            // Other tests may count at the same time.
            for command in ["submit", "accept"] {
                let labels = ["proceeding": "case", "command": command]
                #expect(grew("tongban_commands_total", labels) >= 1)
                #expect(grew("tongban_command_duration_seconds_count", labels) >= 1)
            }
            let lost = ["proceeding": "case", "command": "claim", "kind": "conflict"]
            #expect(grew("tongban_command_errors_total", lost) >= 1)
            for statement in ["insert journal", "update proceeding", "insert outbox", "select proceeding"] {
                #expect(
                    grew("tongban_statement_duration_seconds_count", ["statement": statement]) >= 1, "\(statement)")
            }
            #expect(after.value("tongban_queue_depth", ["queue": "outbox.message"]) ?? 0 >= 1)
            #expect(after.value("tongban_queue_oldest_seconds", ["queue": "outbox.message"]) ?? 0 >= 60)
            // A channel that something is posted to is a queue that is shown.
            let posts = tape.units.flatMap(\.statements).filter { $0.text.contains("INSERT INTO outbox") }
            #expect(posts.count >= 3)
            for post in posts {
                guard case .text(let channel) = post.binds[2] else { continue }
                #expect(office.house.queues.contains("outbox.\(channel)"), "\(channel)")
            }
        }
    }

    @Test("A statement is named by the table it is about, whatever it asks beside it")
    func statements() {
        for (text, name) in [
            ("SELECT state, (SELECT MIN(next_at) FROM timer WHERE stream = ?) FROM proceeding", "select proceeding"),
            ("INSERT INTO outbox(id) VALUES (?)", "insert outbox"), ("UPDATE task SET due_at = ?", "update task"),
            ("WITH few AS (SELECT id FROM task) SELECT id FROM few", "with few"),
            ("SELECT COUNT(*) FROM (SELECT 1 FROM journal)", "select journal"), ("VACUUM", "other"),
        ] {
            #expect(StatementMeter.name(of: text) == name)
        }
    }

    @Test("A request's id stands in the answer, in the log and in the journal", arguments: Backend.all)
    func request(_ backend: Backend) async throws {
        let heard = Heard()
        var logger = Logger(label: "test") { _ in heard.handler }
        logger.logLevel = .trace
        try await Office.open(backend, logger: logger) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            let resident = Client(office)
            _ = try await resident.signInResident("13800000001")
            let check = "/\(Office.area)/my/drafts/\(draft)/check"
            let answer = try await resident.post(check, ["truth": "yes"], from: check)
            #expect(answer.status == 303)
            let id = try #require(answer.headers.first { $0.name.rawName.lowercased() == "x-request-id" }?.value)
            let lines = heard.lines.filter { $0.contains(id) }
            #expect(lines.contains { $0.contains("POST") && $0.contains("303") }, "\(lines)")
            let area = road.area
            let (requests, looks) = try await office.house.database.read { tx in
                (
                    try JournalStore.entries(of: draft, area: area, tx).map(\.request),
                    try tx.values(
                        "SELECT request FROM journal WHERE area = \(area) AND request = \(id)", as: String.self)
                )
            }
            #expect(!requests.isEmpty)
            #expect(Set(requests) == [id])
            #expect(looks.count == requests.count, "no other journal has it")
            // Whoever asks again is told apart.
            let again = try await resident.post(check, ["truth": "yes"], from: check)
            #expect(again.headers.first { $0.name.rawName.lowercased() == "x-request-id" }?.value != id)
        }
    }
}

/// The text format of Prometheus, read back.
struct Shown {
    private let samples: [(name: String, labels: [String: String], value: Double)]

    init(_ text: String) {
        samples = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            guard let blank = line.lastIndex(of: " "), let value = Double(line[line.index(after: blank)...]) else {
                return nil
            }
            let series = line[..<blank]
            let name = series.prefix { $0 != "{" }
            var labels: [String: String] = [:]
            for pair in series.matches(of: /([a-z_]+)="((?:[^"\\]|\\.)*)"/) { labels[String(pair.1)] = String(pair.2) }
            return (String(name), labels, value)
        }
    }

    func value(_ name: String, _ labels: [String: String]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    func labels(_ name: String) -> [[String: String]] { samples.filter { $0.name == name }.map(\.labels) }
}

/// Keeps every line of a log.
final class Heard: Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }
    var handler: any LogHandler { Handler(heard: self) }

    private struct Handler: LogHandler {
        let heard: Heard
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            heard.kept.withLock { $0.append("\(event.message) \(all)") }
        }
    }
}
