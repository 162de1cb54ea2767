import Cases
import Composition
import Foundation
import HTTPTypes
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Directory

/// An administrator edits the calendar while cases run.
@Suite("An edited calendar")
struct CalendarEditTests {
    /// 12 March 2026 is a Thursday; the tests' calendar year knows no holiday near it.
    private static let tomorrow = "2026-03-13"

    @Test(
        "A holiday declared for tomorrow moves running limits by a day, once, and journals replay",
        arguments: Backend.all)
    func holiday(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let received = try await road.submit()
            let accepted = try await road.submit()
            try await road.cases.accept(accepted, road.clerk, road.occasion(road.clerk))
            #expect(try await road.cases.recountLimits(at: road.now) == 0, "nothing has changed yet")
            let before = try await limits(received, accepted, road)

            try await declare(Self.tomorrow, office)
            #expect(try await road.cases.recountLimits(at: road.now) == 2)
            let after = try await limits(received, accepted, road)
            let calendar = try await office.house.directory.calendar(of: road.area)
            for (old, new) in zip(before, after) {
                #expect(new.dueOn == calendar.adding(workingDays: 1, to: old.dueOn))
                #expect(new.startedAt == old.startedAt)
            }
            for number in [received, accepted] {
                let opened = try await road.cases.openOwn(number, area: road.area, road.resident)
                let id = opened.id
                let (timers, tasks, line) = try await office.house.database.read { [area = road.area] tx in
                    (
                        try TimerStore.timers(of: id, area: area, tx), try TaskStore.tasks(of: id, area: area, tx),
                        try CasesStore.line(id, area: area, tx)
                    )
                }
                let state = opened.state
                let running = [state.acceptance, state.stage == .accepted ? state.promised : nil, state.statutory]
                #expect(Set(timers.map(\.dueAt)).isSuperset(of: Set(running.compactMap { $0?.dueAt })))
                #expect(line?.dueAt == (state.acceptance ?? state.promised)?.dueAt)
                if let acceptance = state.acceptance { #expect(tasks.map(\.dueAt) == [acceptance.dueAt]) }
                let history = try await road.cases.history(of: opened)
                #expect(history.first?.kind == (number == received ? "acceptanceMoved" : "resultMoved"))
            }
            // Again, and by two at once: nothing more happens.
            #expect(try await road.cases.recountLimits(at: road.now) == 0)
            let letters = try await office.house.database.read { tx in
                try Outbox.due(channel: "message", at: road.now, limit: 500, tx)
            }
            #expect(letters.count { $0.payload["kind"].text == "cases.acceptanceMoved" } == 1)
            #expect(letters.count { $0.payload["kind"].text == "cases.resultMoved" } == 1)
            let report = try await office.house.verifier.run()
            #expect(report.faults.isEmpty, "\(report.faults)")
        }
    }

    @Test("Two servers count at once: each case is counted once", arguments: Backend.all)
    func twice(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            var numbers: [String] = []
            for _ in 0..<4 { numbers.append(try await road.submit()) }
            try await declare(Self.tomorrow, office)
            async let one: Void = count(road)
            async let two: Void = count(road)
            _ = try await (one, two)
            // What lost against the other is looked at again, and is as it should be.
            try await road.cases.recountLimits(at: road.now)
            for number in numbers {
                let opened = try await road.cases.openOwn(number, area: road.area, road.resident)
                let (id, area) = (opened.id, road.area)
                let names = try await office.house.database.read { tx in
                    try JournalStore.entries(of: id, area: area, tx).map(\.name)
                }
                #expect(names == ["submitted", "received", "limits-recounted"])
            }
            #expect(try await office.house.verifier.run().faults.isEmpty)
        }
    }

    @Test("A day that changes no limit is noted, and taken back it changes nothing", arguments: Backend.all)
    func elsewhere(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            try await declare("2026-11-02", office)
            #expect(try await road.cases.recountLimits(at: road.now) == 1)
            #expect(try await road.cases.recountLimits(at: road.now) == 0)
            let opened = try await road.cases.openOwn(number, area: road.area, road.resident)
            #expect(try await road.cases.history(of: opened).map(\.kind) == ["submittedAndReceived"])
        }
    }

    /// A lost race leaves the rest to the next run.
    private func count(_ road: Road) async throws {
        do { try await road.cases.recountLimits(at: road.now) } catch is RecountFault {}
    }

    private func limits(_ received: String, _ accepted: String, _ road: Road) async throws -> [RunningLimit] {
        let one = try await road.cases.openOwn(received, area: road.area, road.resident).state
        let two = try await road.cases.openOwn(accepted, area: road.area, road.resident).state
        return [try #require(one.acceptance), try #require(two.promised)] + (two.statutory.map { [$0] } ?? [])
    }

    /// The administrator adds a day off to the year's list.
    private func declare(_ day: String, _ office: Office) async throws {
        let client = Client(office)
        #expect(try await client.signInStaff("demo.admin").status == 303)
        let path = "/\(Office.area)/desk/admin/calendars/2026"
        let page = HTMLReader(try await client.get(path).text)
        let form = try #require(page.form(action: path))
        let off = (form["off"] ?? "") + "\n\(day)"
        let body = form.body(["off": off, "action": "save"])
        let answer = try await client.send(
            .post, path, Array(body.utf8), [.contentType: "application/x-www-form-urlencoded"])
        #expect(answer.status == 303)
    }
}
