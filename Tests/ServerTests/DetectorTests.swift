import Cases
import Composition
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Supervision

/// Signs of handling outside the system: rules over journals, explained, checked by a person.
@Suite("Detector of handling outside the system")
struct DetectorTests {
    private static func rules() throws -> [String: DetectorRule] {
        let all = try DetectorRule.all(in: LimitFigureTests.resources)
        return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }

    private func finds(_ id: String, _ facts: JSON, threshold: Int? = nil) throws -> Bool {
        let rule = try #require(try Self.rules()[id])
        return try rule.finds(
            facts, threshold: threshold ?? rule.threshold, on: CivilDate(dayNumber: 20_000), calendar: .weekendsOnly)
    }

    @Test("Each rule finds what it is there for, and nothing a little aside")
    func rules() throws {
        #expect(try finds("instant", ["reviewed": true, "minutesFromAcceptance": 3]))
        #expect(try !finds("instant", ["reviewed": true, "minutesFromAcceptance": 6]))
        #expect(try !finds("instant", ["reviewed": false, "minutesFromAcceptance": 0]), "an item without a review")
        #expect(try !finds("instant", ["reviewed": true, "minutesFromAcceptance": .null]))
        let late: JSON = ["lastDayCorrections": 1, "departmentCorrections": 10, "departmentLastDayPercent": 60]
        #expect(try finds("lastDay", late))
        #expect(try !finds("lastDay", late, threshold: 61))
        #expect(
            try !finds(
                "lastDay", ["lastDayCorrections": 1, "departmentCorrections": 4, "departmentLastDayPercent": 100]))
        #expect(try finds("stopAtEnd", ["stops": 1, "daysLeftAtStop": 1]))
        #expect(try !finds("stopAtEnd", ["stops": 1, "daysLeftAtStop": 5]))
        #expect(try !finds("stopAtEnd", ["stops": 0, "daysLeftAtStop": .null]))
        #expect(try finds("quickAnswer", ["minutesToAnswer": 2]))
        #expect(try !finds("quickAnswer", ["minutesToAnswer": .null]))
        #expect(try finds("together", ["decidedTogether": 6]))
        #expect(try !finds("together", ["decidedTogether": 5]))
        #expect(try finds("closed", ["decidedWhileClosed": true]))
        #expect(try !finds("closed", ["decidedWhileClosed": false]))
        #expect(try finds("quickProcedure", ["minutesOfProcedure": 30]))
        #expect(try !finds("quickProcedure", ["minutesOfProcedure": 31]))
        #expect(try !finds("quickProcedure", ["minutesOfProcedure": .null]))
        #expect(try finds("toTheLimit", ["daysBeforeExpected": 0]))
        #expect(try !finds("toTheLimit", ["daysBeforeExpected": 1]))
        #expect(try !finds("toTheLimit", ["daysBeforeExpected": .null]))
    }

    @Test("A procedure of the review is measured from its beginning to its own end")
    func procedures() throws {
        let golden = Office.root.appendingPathComponent("Tests/CasesTests/Golden")
        let area = try #require(AreaCode(Office.area))
        let start = try JSON(
            parsing: String(contentsOf: golden.appendingPathComponent("procedure-started.json"), encoding: .utf8))
        let began = Moment(milliseconds: try #require(start["at"].integer))
        func entry(_ seq: Int, _ minutes: Int64, _ name: String, _ data: JSON) -> JournalEntry {
            JournalEntry(
                area: area, cohort: 1, stream: "s", seq: seq, at: began.adding(seconds: minutes * 60), actor: "{}",
                request: "r", name: name, data: data.canonical, previous: JournalEntry.zero)
        }
        let found = try CaseFacts.procedures([
            entry(1, 0, "procedure-started", start),
            entry(2, 3, "procedure-ended", ["procedure": "another"]),
            entry(3, 12, "procedure-ended", ["procedure": start["procedure"]["id"]]),
            entry(4, 20, "procedure-started", start),
        ])
        #expect(found.count == 1, "the second still runs")
        let one = try #require(found.first)
        #expect(one.to == began.adding(seconds: 720) && one.stopped)
        #expect(one.expected.description == start["procedure"]["expected"].text)
    }

    @Test("Every rule has its words in both languages")
    func words() throws {
        for language in ["zh", "en"] {
            let file = LimitFigureTests.resources.appendingPathComponent("Locales/\(language).json")
            let texts = try JSON(parsing: String(contentsOf: file, encoding: .utf8))
            for (id, rule) in try Self.rules() {
                for key in ["rule.\(id)", "why.\(id)", "found.\(id)", "unit.\(rule.unit)"] {
                    #expect(texts["supervision.detector.\(key)"].text?.isEmpty == false, "\(language) \(key)")
                }
            }
        }
    }

    @Test(
        "A case decided minutes after acceptance is found, explained, and settled once with a reason",
        arguments: Backend.all)
    func found(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await LimitFigureTests.decided(road, after: 0)
            let slow = try await LimitFigureTests.decided(road, after: 2)
            let walk = try JournalWalk(cases: road.cases, resources: LimitFigureTests.resources)
            #expect(try await walk.run(at: road.now) == 2)
            let area = road.area
            let all = try await office.house.database.read { tx in
                try FindingStore.list(
                    settled: false, departments: nil, rule: "instant", after: nil, limit: 9, area: area, tx)
            }
            #expect(all.map(\.number) == [number], "not \(slow)")
            let finding = try #require(all.first)

            let desk = Client(office)
            _ = try await desk.signInStaff("demo.supervisor")
            let list = "/510106/desk/detector"
            let page = try await desk.get(list)
            #expect(page.text.contains("/desk/cases/\(number)") && page.text.contains("受理后 0 分钟作出决定"))
            let empty = try await desk.post(list + "/settle", ["id": finding.id, "reason": " "], from: list)
            #expect(empty.status == 422 && empty.text.contains("写明情况"))
            let wrong = try await desk.post(
                list + "/settle", ["id": finding.id, "reason": "打了电话核实", "verdict": "maybe"], from: list)
            #expect(wrong.status == 422 && wrong.text.contains("打了电话核实"), "nothing typed is lost")
            let done = try await desk.post(
                list + "/settle", ["id": finding.id, "reason": "现场核实，材料齐全", "verdict": "explained"], from: list)
            #expect(done.status == 303)
            let again = try await desk.post(
                list + "/settle", ["id": finding.id, "reason": "又一次", "verdict": "confirmed"], from: list)
            #expect(again.status == 303)
            let settled = try await desk.get(list + "?settled=1")
            #expect(settled.text.contains("现场核实，材料齐全") && !settled.text.contains("又一次"))
            #expect(try await !desk.get(list + "?rule=instant").text.contains("受理后 0 分钟"))
        }
    }

    @Test("A threshold that a supervisor sets holds from then on; a senseless one is refused", arguments: Backend.all)
    func thresholds(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let desk = Client(office)
            _ = try await desk.signInStaff("demo.supervisor")
            let list = "/510106/desk/detector"
            var fields = [String: String]()
            for (id, rule) in try Self.rules() where id != "instant" {
                (fields["threshold-\(id)"], fields["active-\(id)"]) = (String(rule.threshold), "1")
            }
            let bad = try await desk.post(
                list + "/rules", fields.merging(["threshold-instant": "ten", "active-instant": "1"]) { $1 }, from: list)
            #expect(bad.status == 422 && bad.text.contains("1 到 120"))
            // Switched off: the same case is no finding any more.
            #expect(
                try await desk.post(list + "/rules", fields.merging(["threshold-instant": "5"]) { $1 }, from: list)
                    .status
                    == 303)
            _ = try await LimitFigureTests.decided(road, after: 0)
            let walk = try JournalWalk(cases: road.cases, resources: LimitFigureTests.resources)
            try await walk.run(at: road.now)
            let area = road.area
            let all = try await office.house.database.read { tx in
                try FindingStore.list(settled: false, departments: nil, rule: nil, after: nil, limit: 9, area: area, tx)
            }
            #expect(!all.contains { $0.rule == "instant" })
        }
    }
}
