import Kernel
import Logging
import Storage
import TestKit
import Testing

@testable import Workflow

@Suite("Timers")
struct TimerTests {
    private func worker(_ database: any Database) -> TimerWorker {
        TimerWorker(
            database: database, handlers: [TallyTimers()],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func clock(_ name: String, _ seconds: Int64) -> Tally.Clock {
        Tally.Clock(name: name, dueAt: after(seconds))
    }

    private func falls(_ database: any Database, _ id: String = "t-1") async throws -> [JournalEntry] {
        try await database.journal(id).filter { $0.name == "fell-due" }
    }

    @Test("A limit falls due once, at its own moment, however late the worker comes", arguments: Backend.all)
    func once(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([clock("first", 100)]))
            #expect(try await worker(database).run(at: after(99)) == 0)
            #expect(try await worker(database).run(at: after(5000)) == 1)
            #expect(try await worker(database).run(at: after(6000)) == 0)
            let falls = try await falls(database)
            #expect(falls.map(\.at) == [after(100)])
            #expect(falls.first?.actor == #"{"channel":"system","id":"timer","kind":"system"}"#)
            #expect(try await database.timers().map(\.name) == ["first"], "its light stays until it is stopped")
        }
    }

    @Test("Two servers on one database fire every timer exactly once", arguments: Backend.all)
    func twoServers(_ backend: Backend) async throws {
        try await withDatabaseAddress(backend, migrations: WorkflowModule().migrations) { address in
            let here = try address.open()
            let there = try address.open()
            try await here.write { tx in
                for number in 0..<150 {
                    try tallies.perform(.open([clock("first", Int64(number % 7))]), on: "t-\(number)", occasion(), tx) {
                        _ in
                        Tally.Context(at: after(0))
                    }
                }
            }
            async let one = worker(here).run(at: after(50))
            async let two = worker(there).run(at: after(50))
            let fired = try await [one, two]
            #expect(fired.reduce(0, +) == 150)
            let rest = try await worker(here).run(at: after(51))
            #expect(rest == 0)
            for number in 0..<150 {
                let falls = try await falls(here, "t-\(number)")
                #expect(falls.map(\.at) == [after(Int64(number % 7))], "\(number)")
            }
            let report = try await Verifier([Replay<Tally>()], database: there).run()
            #expect(report.faults.isEmpty)
            await here.close()
            await there.close()
        }
    }

    @Test(
        "A command and the worker at once: what fell due is in the journal once, and before the command",
        arguments: Backend.all)
    func race(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            for number in 0..<30 { try await database.tally(.open([clock("first", 10)]), on: "t-\(number)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await worker(database).run(at: after(20)) }
                for number in 0..<30 {
                    group.addTask {
                        do { try await database.tally(.add(1), on: "t-\(number)", 20) } catch is DomainError {}
                    }
                }
                try await group.waitForAll()
            }
            // What lost against a command is tried again.
            try await worker(database).run(at: after(21))
            for number in 0..<30 {
                let names = try await database.journal("t-\(number)").map(\.name)
                #expect(names == ["opened", "fell-due", "added"] || names == ["opened", "fell-due"], "\(number)")
            }
        }
    }

    @Test("What fell due takes effect before a command, with the moment it fell due", arguments: Backend.all)
    func beforeCommand(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([clock("second", 200), clock("first", 100), clock("later", 900)]))
            let outcome = try await database.tally(.add(1), 500)
            #expect(outcome.state.fell == ["first", "second"])
            #expect(outcome.state.count == 1)
            let journal = try await database.journal()
            #expect(journal.map(\.name) == ["opened", "fell-due", "fell-due", "added"])
            #expect(journal.map(\.at) == [after(0), after(100), after(200), after(500)])
            #expect(try await worker(database).run(at: after(500)) == 0)
        }
    }

    @Test("Who looked before a limit fell due decided on an older version", arguments: Backend.all)
    func staleBecauseOfTimer(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([clock("first", 100)]))
            await #expect(throws: DomainError.conflict(Message("workflow.conflict.moved"))) {
                try await database.tally(.add(1), 500, expecting: 1)
            }
        }
    }

    @Test(
        "A limit that starts when another falls due, and is over as well, takes effect before the command",
        arguments: Backend.all)
    func chain(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([clock("chain", 100)]))
            let outcome = try await database.tally(.add(1), 3 * 86_400)
            #expect(outcome.state.fell == ["chain", "link"])
        }
    }

    @Test(
        "A limit of which only the light changes writes no journal and is not looked at again", arguments: Backend.all)
    func light(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([clock("light", 100)]))
            #expect(try await worker(database).run(at: after(200)) == 1)
            #expect(try await worker(database).run(at: after(300)) == 0)
            #expect(try await database.journal().count == 1)
            #expect(try await database.timers().map(\.dueAt) == [after(100)])
        }
    }

    @Test("What was stopped does not fall due", arguments: Backend.all)
    func stopped(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([clock("first", 100), clock("second", 100)]))
            try await database.effects([.stopTimer(name: "first")])
            #expect(try await worker(database).run(at: after(200)) == 1)
            #expect(try await database.state()?.state.fell == ["second"])
        }
    }

    @Test("A paused limit does not fall due until it goes on with what was left", arguments: Backend.all)
    func paused(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([clock("first", 100)]))
            try await database.effects([.pauseTimer(name: "first", at: after(50))])
            #expect(try await worker(database).run(at: after(1000)) == 0)
            #expect(try await database.timers().map(\.pausedAt) == [after(50)])
            try await database.effects([
                .resumeTimer(name: "first", at: after(1000), dueAt: after(1050), warnAt: after(1040))
            ])
            #expect(try await worker(database).run(at: after(1049)) == 0)
            #expect(try await worker(database).run(at: after(1050)) == 1)
            #expect(try await falls(database).map(\.at) == [after(1050)])
        }
    }

    @Test("An extended limit falls due at its new end only", arguments: Backend.all)
    func extended(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([clock("first", 100)]))
            try await database.effects([.extendTimer(name: "first", dueAt: after(300), warnAt: after(250))])
            #expect(try await worker(database).run(at: after(299)) == 0)
            #expect(try await worker(database).run(at: after(300)) == 1)
        }
    }

    @Test(
        "A limit started anew under the same name replaces the old one; who saw the old one due comes too late",
        arguments: Backend.all)
    func startedAnew(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([clock("first", 100)]))
            let seen = try #require(
                try await database.read { tx in try TimerStore.due(at: after(100), limit: 10, tx) }.first)
            try await database.effects([Tally.start(clock("first", 500))])
            let fired = try await database.write { tx in try tallies.fire(seen, at: after(100), request: "r", tx) }
            #expect(!fired)
            #expect(try await database.timers().map(\.dueAt) == [after(500)])
            #expect(try await worker(database).run(at: after(500)) == 1)
        }
    }

    @Test("A light is green, yellow from the warning, red from the end, grey while the clock stands")
    func lights() {
        func light(_ seconds: Int64) -> Light { Light(warnAt: after(100), dueAt: after(200), now: after(seconds)) }
        #expect([99, 100, 199, 200, 9999].map(light) == [.green, .yellow, .yellow, .red, .red])
        #expect(Light(warnAt: after(0), dueAt: Light.paused, now: after(50)) == .grey)
    }
}
