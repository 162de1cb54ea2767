import Dispatch
import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

@Suite("The office")
struct OfficeTests {
    @Test("State, version, head and journal agree after every command", arguments: Backend.all)
    func agreement(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([]))
            try await database.tally(.add(2), 1)
            let outcome = try await database.tally(.add(3), 2)
            #expect(outcome.version == 3)
            #expect(outcome.events == [.added(3)])
            let stored = try #require(try await database.state())
            #expect(stored.version == 3)
            #expect(stored.state == outcome.state)
            #expect(stored.state.count == 5)

            let journal = try await database.journal()
            #expect(journal.map(\.seq) == [1, 2, 3])
            #expect(journal.map(\.name) == ["opened", "added", "added"])
            #expect(journal.map(\.at) == [after(0), after(1), after(2)])
            #expect(journal[0].previous == JournalEntry.zero)
            #expect(journal[1].previous == journal[0].hash)
            #expect(journal[2].previous == journal[1].hash)
            #expect(journal.allSatisfy { $0.isGenuine })
            #expect(journal[2].actor == #"{"channel":"window","id":"staff-1","kind":"staff"}"#)
            #expect(journal[2].request == "request-1")
            let head = try await database.read { tx in
                try tx.value("SELECT head FROM proceeding WHERE area = \(jinniu) AND id = 't-1'", as: String.self)
            }
            #expect(head == journal[2].hash)
        }
    }

    @Test("A proceeding stays in the year it was opened in", arguments: Backend.all)
    func cohort(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([]))
            try await database.tally(.add(1), 400 * 86_400)
            #expect(try await database.journal().map(\.cohort) == [2026, 2026])
        }
    }

    @Test("A command that changes nothing writes nothing", arguments: Backend.all)
    func nothing(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([]))
            let outcome = try await database.tally(.add(0), 1)
            #expect(outcome.version == 1)
            #expect(outcome.events.isEmpty)
            #expect(try await database.journal().count == 1)
        }
    }

    @Test("The same id in two areas names two proceedings", arguments: Backend.all)
    func areas(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([]))
            try await database.tally(.open([]), area: licang)
            try await database.tally(.add(7), 1, area: licang)
            #expect(try await database.state()?.state.count == 0)
            #expect(try await database.state(area: licang)?.state.count == 7)
            #expect(try await database.journal().count == 1)
        }
    }

    @Test("What is not there cannot be acted on", arguments: Backend.all)
    func missing(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            await #expect(throws: DomainError.notFound) { try await database.tally(.add(1)) }
            let none = try await database.state()
            #expect(none == nil)
        }
    }

    @Test("Who decided on an older version is told so", arguments: Backend.all)
    func stale(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([]))
            try await database.tally(.add(1), expecting: 1)
            await #expect(throws: moved) { try await database.tally(.add(1), expecting: 1) }
            #expect(try await database.state()?.state.count == 1)
        }
    }

    @Test("Many at once: whoever is not told of a conflict was counted", arguments: Backend.all)
    func many(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([]))
            let done = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        do {
                            try await database.tally(.add(100), 1)
                            return true
                        } catch let error as DomainError {
                            #expect(error == moved)
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let stored = try #require(try await database.state())
            #expect(done > 0)
            #expect(stored.state.count == done * 100)
            #expect(stored.version == done + 1)
            #expect(try await database.journal().count == done + 1)
        }
    }

    @Test("A lost race is a conflict", arguments: Backend.all.filter { $0 == .postgres })
    func lostRace(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([]))
            try await race(database, slow: .add(5), fast: .add(1), on: "t-1")
            #expect(try await database.state()?.state.count == 1)
        }
    }

    @Test(
        "Two who begin the same proceeding: one does, the other is told",
        arguments: Backend.all.filter { $0 == .postgres })
    func lostBeginning(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await race(database, slow: .open([]), fast: .open([]), on: "t-2")
            #expect(try await database.journal("t-2").count == 1)
        }
    }

    /// Lets `slow` load the state, then `fast` commit, then `slow` go on. SQLite has one writer and no such race.
    private func race(_ database: any Database, slow: Tally.Command, fast: Tally.Command, on id: String) async throws {
        let loaded = AsyncStream<Void>.makeStream()
        let done = DispatchSemaphore(value: 0)
        async let late = database.tally(slow, on: id, 1) {
            loaded.continuation.yield()
            _ = done.wait(timeout: .now() + 10)
        }
        for await _ in loaded.stream { break }
        try await database.tally(fast, on: id, 1)
        done.signal()
        do {
            _ = try await late
            Issue.record("both won")
        } catch let error as DomainError {
            #expect(error == moved)
        }
    }

    @Test("An effect that fails rolls everything back", arguments: Backend.all)
    func failingEffect(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([]))
            await #expect(throws: StorageError.self) { try await database.tally(.spoil, 1) }
            try await nothingChanged(database)
        }
    }

    @Test("A projection that refuses rolls everything back", arguments: Backend.all)
    func failingProjection(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([]))
            await #expect(throws: DomainError.refused(Message("tally.unlucky"))) {
                try await database.tally(.add(13), 1)
            }
            try await nothingChanged(database)
        }
    }

    private func nothingChanged(_ database: any Database) async throws {
        #expect(try await database.state()?.state == Tally.State())
        #expect(try await database.state()?.version == 1)
        #expect(try await database.journal().count == 1)
        #expect(try await database.letters(100).isEmpty)
        #expect(try await database.tasks().count == 1)
    }

    @Test("Effects open and close tasks, give them to people and post one letter an event", arguments: Backend.all)
    func effects(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.tally(.open([Tally.Clock(name: "first", dueAt: after(500))]))
            let task = try #require(try await database.tasks().first)
            #expect(task.step == "count")
            #expect(task.queue == "tallies/clerk")
            #expect(task.number == "N-0")
            #expect(task.openedAt == after(0))
            try await database.effects([.assignTasks("anna")])
            #expect(try await database.tasks().map(\.assignee) == ["anna"])
            try await database.effects([.closeTasks(step: "another")])
            #expect(try await database.tasks().count == 1)

            try await database.tally(.add(1), 1)
            let letter = try #require(try await database.letters(1).first)
            #expect(letter.dedup == "t-1/added/1")
            #expect(letter.payload["kind"] == "tally.added")
            #expect(letter.payload["account"] == "account-1")
            #expect(letter.payload["arguments"]["count"] == "1")

            try await database.tally(.close, 2)
            #expect(try await database.tasks().isEmpty)
            #expect(try await database.timers().isEmpty)
        }
    }
}

/// What the loser of a race hears.
private let moved = DomainError.conflict(Message("workflow.conflict.moved"))
