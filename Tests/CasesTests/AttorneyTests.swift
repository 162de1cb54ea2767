import Kernel
import Testing
import Workflow

@testable import Cases

@Suite("Powers of attorney")
struct AttorneyTests {
    private var given: AttorneyProceeding.Given {
        AttorneyProceeding.Given(
            application: "case-1", number: "5101062026031220000018", scope: [.handIn, .receive],
            until: Moment(milliseconds: 1_782_784_800_000).date, papers: ["file-1"],
            at: Moment(milliseconds: 1_773_280_800_000))
    }

    private func context(_ date: String) throws -> AttorneyProceeding.Context {
        AttorneyProceeding.Context(at: try #require(CivilDate(date)).start.adding(seconds: 36_000))
    }

    private func state(_ events: [AttorneyProceeding.Event]) throws -> AttorneyProceeding.State {
        var state: AttorneyProceeding.State?
        for event in events { state = try AttorneyProceeding.evolve(state, event) }
        return try #require(state)
    }

    @Test("It is good to its last day, for what it says, until it is taken back")
    func good() throws {
        let state = try state([.given(given)])
        let last = try AttorneyProceeding.decide(.use(.receive, number: "n"), state, context("2026-06-30"))
        #expect(last.count == 1)
        #expect(throws: DomainError.refused(Message("cases.handler.refused.over"))) {
            try AttorneyProceeding.decide(.use(.receive, number: "n"), state, context("2026-07-01"))
        }
        var narrow = state
        narrow.scope = [.handIn]
        #expect(throws: DomainError.refused(Message("cases.handler.refused.scope"))) {
            try AttorneyProceeding.decide(.use(.receive, number: "n"), narrow, context("2026-06-30"))
        }
        let back = try AttorneyProceeding.decide(.withdraw, state, context("2026-04-01"))
        let ended = try self.state([.given(given)] + back)
        #expect(throws: DomainError.refused(Message("cases.handler.refused.withdrawn"))) {
            try AttorneyProceeding.decide(.use(.handIn, number: "n"), ended, context("2026-04-02"))
        }
        #expect(try AttorneyProceeding.decide(.withdraw, ended, context("2026-04-03")).isEmpty)
        #expect(throws: DomainError.notFound) {
            try AttorneyProceeding.decide(.withdraw, nil, context("2026-04-03"))
        }
    }

    @Test("Events are written as they were frozen, and read back")
    func frozen() throws {
        let at = Moment(milliseconds: 1_773_280_800_000)
        let events: [(AttorneyProceeding.Event, String)] = [
            (
                .given(given),
                #"{"application":"case-1","at":1773280800000,"number":"5101062026031220000018","papers":["file-1"],"scope":["hand-in","receive"],"until":"2026-06-30"}"#
            ),
            (
                .used(.init(scope: .receive, number: "n", at: at)),
                #"{"at":1773280800000,"number":"n","scope":"receive"}"#
            ),
            (.withdrawn(.init(at: at)), #"{"at":1773280800000}"#),
        ]
        for (event, text) in events {
            #expect(try event.encoded() == text)
            #expect(try AttorneyProceeding.Event(name: event.name, data: text) == event)
        }
        #expect(throws: JournalError.unknown("Given")) { try AttorneyProceeding.Event(name: "Given", data: "{}") }
        #expect(throws: JournalError.self) { try AttorneyProceeding.evolve(nil, .withdrawn(.init(at: at))) }
    }

    @Test("Everything that is missing is told at once, each at its field")
    func faults() throws {
        let today = try #require(CivilDate("2026-03-12"))
        let empty = HandlerContent(name: "", idNumber: "1", scope: [], until: nil)
        #expect(
            empty.faults(on: today, papers: 0).map(\.field) == ["name", "idNumber", "scope", "until", "m--handler"])
        let good = HandlerContent(
            name: "演示居民乙", idNumber: "110105200001010016", scope: [.handIn], until: today)
        #expect(good.faults(on: today, papers: 1).isEmpty)
        #expect(good.faults(on: today.adding(days: 1), papers: 1).map(\.field) == ["until"])
        var long = good
        long.until = today.adding(months: 36)
        #expect(long.faults(on: today, papers: 1).isEmpty)
        long.until = today.adding(months: 37)
        #expect(long.faults(on: today, papers: 1).map(\.message.key) == ["cases.handler.fault.long"])
    }
}
