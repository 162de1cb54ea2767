import Cases
import Composition
import Directory
import Foundation
import HTTPTypes
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Supervision

/// Statutory, promised and actual time, counted once a case from the journals.
@Suite("Figures of time taken")
struct LimitFigureTests {
    private func bar(_ used: Int, _ cases: Int, month: String = "2026-03", promised: Int = 10, onReceipt: Int = 0)
        -> LimitBar
    {
        LimitBar(
            month: month, item: "i", department: "d", promised: Limit(promised, .workingDays), statutory: nil,
            used: used,
            cases: cases, onReceipt: onReceipt, late: used > promised ? cases : 0, breached: 0)
    }

    @Test("Mean and median come out of the histogram as from the cases one by one")
    func histogram() {
        var dice = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let days = (0..<Int.random(in: 1...40, using: &dice)).map { _ in Int.random(in: 0...12, using: &dice) }
                .sorted()
            let bars = Dictionary(grouping: days) { $0 }.map { bar($0, $1.count) }
            let summary = LimitSummary(bars.shuffled())
            #expect(summary.cases == days.count)
            let exact = Double(days.reduce(0, +)) / Double(days.count)
            #expect(abs(Double(summary.meanHundredths) / 100 - exact) <= 0.00501, "to half a hundredth")
            let middle = Double(days[(days.count - 1) / 2] + days[days.count / 2]) / 2
            #expect(Double(summary.medianHalves) / 2 == middle)
        }
        let some = LimitSummary([bar(0, 84, onReceipt: 84), bar(3, 16)])
        #expect(some.mean == "0.48" && some.median == "0" && some.receiptShare == "84.0%")
        #expect(LimitSummary([bar(1, 1), bar(2, 1)]).median == "1.5")
        #expect(LimitSummary([]).cases == 0)
    }

    @Test("The limits told are those of the newest month, or none where its cases differ")
    func limits() {
        #expect(LimitSummary([bar(1, 1), bar(1, 1, month: "2026-04", promised: 5)]).promised == Limit(5, .workingDays))
        #expect(LimitSummary([bar(1, 1), bar(1, 1, promised: 5)]).promised == nil)
    }

    @Test("Decided cases are counted into their month once, whoever walks and however often", arguments: Backend.all)
    func walk(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let walk = try JournalWalk(cases: road.cases, resources: Self.resources)
            // One decided on the day it came, one after two working days, one withdrawn.
            let first = try await Self.decided(road, after: 0)
            let second = try await Self.decided(road, after: 2)
            let third = try await road.submit()
            try await road.cases.withdraw(third, reason: "", road.resident, road.occasion(road.resident))
            #expect(try await walk.run(at: road.now) == 3)
            #expect(try await walk.run(at: road.now) == 0)
            let area = road.area
            let bars = try await office.house.database.read { tx in
                try LimitStore.bars(area: area, from: "0000-00", until: "9999-12", departments: nil, tx)
            }
            let summary = LimitSummary(bars)
            #expect(summary.cases == 2 && summary.mean == "1.00" && summary.onReceipt == 1 && summary.late == 0)
            let lines = try await office.house.database.read { tx in
                try LimitStore.cases(of: road.slug, departments: nil, before: nil, limit: 10, area: area, tx)
            }
            #expect(Set(lines.map(\.number)) == [first, second])
            #expect(Set(lines.map(\.used)) == [0, 2])

            let visitor = Client(office)
            let page = try await visitor.get("/510106/limits")
            #expect(page.status == 200 && page.text.contains("示范事项") && page.text.contains("50.0%"))
            let csv = try await visitor.get("/510106/limits.csv?by=department")
            #expect(csv.headers[.contentType] == "text/csv; charset=utf-8" && csv.text.contains("50.0%"))
            let json = try #require(try await visitor.get("/api/v1/areas/510106/limits?by=month").json)
            #expect(json["groups"].elements?.first?["meanWorkingDays"] == .int(1))
            #expect(try await visitor.get("/510106/desk/limits").status != 200)
            let desk = Client(office)
            _ = try await desk.signInStaff("demo.supervisor")
            let board = try await desk.get("/510106/desk/limits?by=item")
            #expect(board.text.contains("/510106/desk/limits/cases?item="))
            let cases = try await desk.get("/510106/desk/limits/cases?item=\(road.slug)")
            #expect(cases.text.contains("/desk/cases/\(first)/bill"))
        }
    }

    /// A case brought to its decision after so many working days.
    static func decided(_ road: Road, after days: Int) async throws -> String {
        let number = try await road.submit()
        try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
        let calendar = try await road.cases.directory.calendar(of: road.area)
        let end = calendar.adding(workingDays: days, to: road.now.date)
        road.office.time.advance(seconds: Int64(end.dayNumber - road.now.date.dayNumber) * 86_400)
        try await road.cases.passReview(number, opinion: "", road.reviewer, road.occasion(road.reviewer))
        try await road.cases.approve(number, road.approver, road.occasion(road.approver))
        return number
    }

    static let resources = Office.root.appendingPathComponent("Sources/Modules/Supervision/Resources")
}
