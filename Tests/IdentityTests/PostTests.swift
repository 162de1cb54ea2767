import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Identity

@Suite("Who holds which post")
struct PostTests {
    private static let place = PostPlace(
        staff: "s1", role: .clerk, department: "market", window: nil, street: nil, until: nil)

    private func context(_ actor: String, others: [Role] = [], last: Bool = false) -> PostProceeding.Context {
        .init(actor: actor, others: others, isLastAdministrator: last)
    }

    private var proposed: PostProceeding.State { .init(place: Self.place, status: .proposed, proposedBy: "staff:a") }

    @Test("The three administrators exclude each other and every business post")
    func exclusive() {
        let administrators: [Role] = [.sysadmin, .secadmin, .auditor]
        for one in Role.allCases {
            for other in Role.allCases where other != one {
                let apart = administrators.contains(one) || administrators.contains(other)
                #expect((one.conflict(with: [other]) != nil) == apart, "\(one) \(other)")
            }
        }
        let rights = administrators.map(\.permissions).reduce(Set()) { $0.union($1) }
        #expect(!rights.contains { $0.name.hasPrefix("cases.") || $0.name.hasPrefix("supervision.") })
        for role in Role.allCases where !role.isAdministrator {
            #expect(role.permissions.isDisjoint(with: rights), "\(role)")
        }
    }

    @Test("One proposes, another confirms; neither for himself")
    func two() throws {
        #expect(throws: DomainError.refused(Message("identity.post.own"))) {
            try PostProceeding.decide(.propose(Self.place), nil, context("staff:s1"))
        }
        #expect(throws: DomainError.refused(Message("identity.post.second"))) {
            try PostProceeding.decide(.confirm, proposed, context("staff:a"))
        }
        #expect(throws: DomainError.refused(Message("identity.post.own"))) {
            try PostProceeding.decide(.confirm, proposed, context("staff:s1"))
        }
        #expect(try PostProceeding.decide(.confirm, proposed, context("staff:b")) == [.confirmed(.init(by: "staff:b"))])
    }

    @Test("Exclusion is looked at again when a post is confirmed")
    func again() {
        #expect(throws: DomainError.refused(Message("identity.post.exclusive"))) {
            try PostProceeding.decide(.confirm, proposed, context("staff:b", others: [.auditor]))
        }
    }

    @Test("The last administrator stays")
    func last() throws {
        let held = PostProceeding.State(place: Self.place, status: .held, proposedBy: "staff:a")
        #expect(throws: DomainError.refused(Message("identity.post.last"))) {
            try PostProceeding.decide(.end, held, context("staff:b", last: true))
        }
        #expect(try PostProceeding.decide(.end, held, context("staff:b")).count == 1)
    }

    @Test("Events keep their names and form")
    func golden() throws {
        let place = PostPlace(
            staff: "s1", role: .clerk, department: "market", window: "w3", street: nil, until: CivilDate("2026-12-31"))
        let events: [(PostProceeding.Event, String, String)] = [
            (
                .proposed(.init(place: place, by: "staff:a")), "proposed",
                #"{"by":"staff:a","place":{"department":"market","role":"clerk","staff":"s1","until":"2026-12-31","window":"w3"}}"#
            ),
            (.confirmed(.init(by: "staff:b")), "confirmed", #"{"by":"staff:b"}"#),
            (.refused(.init(by: "staff:b")), "refused", #"{"by":"staff:b"}"#),
            (.ended(.init(by: "os:root")), "ended", #"{"by":"os:root"}"#),
        ]
        for (event, name, data) in events {
            #expect(event.name == name)
            #expect(try event.encoded() == data)
            #expect(try PostProceeding.Event(name: name, data: data) == event)
        }
    }

    @Test(
        "A proposed post gives nothing; confirmed, it does; ended, no more; the journal verifies",
        arguments: Backend.all)
    func whole(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let first = try await house.hire("first", [(.sysadmin, "")])
            let second = try await house.hire("second", [(.secadmin, "")])
            let clerk = try await house.hire("clerk", [])
            let cookie = try await house.signInStaff("clerk", password: "slow green lantern")
            let place = PostPlace(
                staff: clerk, role: .clerk, department: "market", window: nil, street: nil, until: house.time.now.date)
            let post = try await house.identity.propose(house.area, place, house.doing(as: first))
            #expect(try await house.staff(cookie)?.permissions.isEmpty == true)
            await #expect(throws: DomainError.refused(Message("identity.post.second"))) {
                try await house.identity.decide(.confirm, on: post, house.area, house.doing(as: first))
            }
            try await house.identity.decide(.confirm, on: post, house.area, house.doing(as: second))
            #expect(try await house.staff(cookie)?.queues == ["market/clerk"])

            // Held until today: tomorrow it is gone.
            house.time.advance(seconds: 16 * 3600)
            let tomorrow = try await house.signInStaff("clerk", password: "slow green lantern")
            #expect(try await house.staff(tomorrow)?.queues == [])

            let report = try await Verifier(IdentityModule.replays, database: house.database).run()
            #expect(report.faults.isEmpty)
            #expect(report.proceedings == 3)
            await #expect(throws: DomainError.refused(Message("identity.post.last"))) {
                let held = try await house.database.read { tx in
                    try PostStore.open(area: house.area, staff: [first], on: house.time.now.date, tx)
                }
                try await house.identity.decide(
                    .end, on: try #require(held.first).post.id, house.area, house.doing(as: second))
            }
            await #expect(throws: DomainError.refused(Message("identity.post.last"))) {
                try await house.identity.administer(.disable, staff: first, house.area, house.doing(as: second))
            }
        }
    }

    @Test("Two posts that exclude each other, given at the same moment: one is refused", arguments: Backend.all)
    func race(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            for number in 0..<8 {
                let id = try await house.hire("p\(number)00", [])
                async let one = try? house.identity.grant(house.area, staff: id, role: .auditor)
                async let two = try? house.identity.grant(house.area, staff: id, role: .clerk, department: "market")
                let given = await [one, two].compactMap { $0 }
                #expect(given.count == 1)
            }
        }
    }

    @Test("Outside a demonstration the command line appoints administrators only", arguments: [Backend.sqlite])
    func commandLine(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            let id = try await house.hire("wang", [])
            let root = Actor(.os, id: "root", channel: .system)
            await #expect(throws: DomainError.refused(Message("identity.post.commandLine"))) {
                try await house.identity.grant(house.area, staff: id, role: .clerk, department: "market", by: root)
            }
            try await house.identity.grant(house.area, staff: id, role: .sysadmin, by: root)
            await #expect(throws: DomainError.forbidden) {
                try await house.identity.grant(
                    house.area, staff: id, role: .sysadmin, by: Actor(.staff, id: "x", channel: .window))
            }
        }
    }
}

@Suite("Absence and deputies")
struct AbsenceTests {
    @Test("A deputy serves the queues of who is away, on those days only", arguments: Backend.all)
    func queues(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let away = try await house.hire("away", [(.approver, "market")])
            let deputy = try await house.hire("deputy", [(.clerk, "market")])
            let today = house.time.now.date
            _ = try await house.identity.announceAbsence(
                house.area, staff: away, deputy: deputy, from: today.adding(days: 1), to: today.adding(days: 2),
                house.doing)
            func served() async throws -> [String]? {
                try await house.staff(try await house.signInStaff("deputy", password: "slow green lantern"))?.queues
            }
            #expect(try await served() == ["market/clerk"])
            house.time.advance(days: 1)
            #expect(try await served() == ["market/approver", "market/clerk"])
            #expect(try await house.identity.deputy(house.area, of: away, on: house.time.now.date) == deputy)
            house.time.advance(days: 2)
            #expect(try await served() == ["market/clerk"])
        }
    }

    @Test(
        "Tasks go to the deputy's deputy where he is away too; where all are, nobody stands in", arguments: Backend.all)
    func chain(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let people = [
                try await house.hire("aaa", [(.clerk, "m")]), try await house.hire("bbb", [(.clerk, "m")]),
                try await house.hire("ccc", [(.clerk, "m")]),
            ]
            let today = house.time.now.date
            func announce(_ staff: Int, _ deputy: Int) async throws {
                _ = try await house.identity.announceAbsence(
                    house.area, staff: people[staff], deputy: people[deputy], from: today, to: today, house.doing)
            }
            try await announce(0, 1)
            try await announce(1, 2)
            #expect(try await house.identity.deputy(house.area, of: people[0], on: today) == people[2])
            try await announce(2, 0)
            #expect(try await house.identity.deputy(house.area, of: people[0], on: today) == nil)
        }
    }

    @Test("Assigned tasks move on the first day, once", arguments: Backend.all)
    func tasks(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let away = try await house.hire("away", [(.clerk, "market")])
            let deputy = try await house.hire("deputy", [(.clerk, "market")])
            let (area, start) = (house.area, house.time.now)
            try await house.database.write { tx in
                for number in 1...3 {
                    try tx.execute(
                        """
                        INSERT INTO task (area, id, stream, queue, assignee, number, item, step, opened_at, warn_at, due_at)
                        VALUES (\(area), \("t\(number)"), \("s\(number)"), 'market/clerk', \(away), '1', 'i', 'accept',
                                \(start), \(start), \(start))
                        """)
                }
            }
            let today = start.date
            _ = try await house.identity.announceAbsence(
                area, staff: away, deputy: deputy, from: today.adding(days: 1), to: today.adding(days: 3), house.doing)
            try await house.identity.moveTasksOfAbsent(at: house.time.now)
            #expect(try await count(away, house) == 3)
            house.time.advance(days: 1)
            try await house.identity.moveTasksOfAbsent(at: house.time.now)
            #expect(try await count(away, house) == 0)
            #expect(try await count(deputy, house) == 3)
            // What he takes afterwards stays his.
            try await house.database.write { tx in
                try TaskStore.assign(area: area, stream: "s1", to: away, tx)
            }
            try await house.identity.moveTasksOfAbsent(at: house.time.now)
            #expect(try await count(away, house) == 1)
        }
    }

    private func count(_ person: String, _ house: House) async throws -> Int {
        let (area, now) = (house.area, house.time.now)
        return try await house.database.read { tx in
            try TaskStore.count(area: area, queues: [], person: person, view: .mine, now: now, tx)
        }
    }

    @Test("An administrator is nobody's deputy, and days are not given twice", arguments: [Backend.sqlite])
    func refusals(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let away = try await house.hire("away", [(.clerk, "market")])
            let deputy = try await house.hire("deputy", [(.clerk, "market")])
            let admin = try await house.hire("admin", [(.sysadmin, "")])
            let today = house.time.now.date
            func announce(_ deputy: String, _ from: Int, _ to: Int) async throws {
                _ = try await house.identity.announceAbsence(
                    house.area, staff: away, deputy: deputy, from: today.adding(days: from), to: today.adding(days: to),
                    house.doing)
            }
            await #expect(throws: DomainError.invalid("deputy", "identity.absence.unfit")) {
                try await announce(admin, 0, 1)
            }
            await #expect(throws: DomainError.invalid("deputy", "identity.absence.deputy")) {
                try await announce(away, 0, 1)
            }
            await #expect(throws: DomainError.invalid("from", "identity.absence.past")) {
                try await announce(deputy, -1, 1)
            }
            try await announce(deputy, 2, 4)
            await #expect(throws: DomainError.invalid("from", "identity.absence.twice")) {
                try await announce(deputy, 4, 5)
            }
            await #expect(throws: DomainError.invalid("from", "identity.absence.twice")) {
                try await announce(deputy, 0, 2)
            }
            try await announce(deputy, 0, 1)
            try await announce(deputy, 5, 5)
        }
    }
}
