import Kernel
import Testing

@testable import Cases

@Suite("The desk's lists and searches")
struct DeskTests {
    @Test("What is typed into the search is told apart by its form")
    func wanted() throws {
        let area = try #require(AreaCode("510106"))
        let number = CaseNumber.make(area: area, on: day("2026-03-12"), type: "01", sequence: 7)
        #expect(CasesAPI.Wanted(number) == .number(number))
        #expect(CasesAPI.Wanted(CaseNumber.grouped(number)) == .number(number))
        #expect(CasesAPI.Wanted("11010519491231002x") == .identity("11010519491231002X"))
        #expect(CasesAPI.Wanted("91350100M000100Y43") == .identity("91350100M000100Y43"))
        #expect(CasesAPI.Wanted("138 0000 0001") == .phone("13800000001"))
        #expect(CasesAPI.Wanted(" 演示居民甲 ") == .name("演示居民甲"))
        // A slip in the number is no number; it is not taken for a person's either.
        #expect(CasesAPI.Wanted(String(number.dropLast()) + "x") != .number(number))
    }

    @Test("The list one came from travels in the address, and only known values do")
    func list() {
        let given = ["view": "warn", "item": "food licence", "step": "accept"]
        let list = DeskList { given[$0] }
        #expect(list.query() == "?view=warn&item=food%20licence&step=accept")
        #expect(list.query(["arrived": "1"]).hasSuffix("&arrived=1"))
        #expect(list.fields.map(\.name) == ["view", "item", "step"])
        let stray = DeskList { ["view": "everything", "step": "<script>"][$0] }
        #expect(stray.query() == "")
        #expect(stray.view == .all)
    }

    @Test("A place in a list comes back as it was sent")
    func place() throws {
        let place = try #require(TaskList.Place("1774713600000.0190-a.b"))
        #expect(place.dueAt == Moment(milliseconds: 1_774_713_600_000))
        #expect(place.id == "0190-a.b")
        #expect(place.text == "1774713600000.0190-a.b")
        #expect(TaskList.Place("yesterday") == nil)
        #expect(TaskList.Place(nil) == nil)
    }

    @Test("Midnight belongs to the day before, and counting stops at a hundred")
    func ends() {
        #expect(day("2026-03-20").start.lastDay == day("2026-03-19"))
        #expect(day("2026-03-20").start.adding(seconds: 60).lastDay == day("2026-03-20"))
        #expect(99.capped == "99")
        #expect(100.capped == "99+")
    }

    @Test("Each state has at most one positive act, and ended ones have none")
    func acts() {
        #expect(PositiveAct(.received) == .accept)
        #expect(PositiveAct(.accepted) == .review)
        #expect(PositiveAct(.approving) == .approve)
        #expect(PositiveAct(.approved) == .complete)
        for stage in CaseStage.allCases where stage.isEnded || stage == .correcting || stage == .submitted {
            #expect(PositiveAct(stage) == nil, "\(stage)")
        }
    }
}
