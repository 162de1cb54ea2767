import Catalogue
import Kernel
import Testing

@testable import Cases

@Suite("What a refusal is called")
struct RefusalTests {
    @Test(
        "Licences are 不予许可; the others have their own verbs",
        arguments: [
            (ItemType.licence, "行政许可"), (.confirmation, "确认"), (.benefit, "给付"), (.reward, "奖励"),
            (.other, "办理"), (.publicService, "办理"),
        ])
    func subjects(_ type: ItemType, _ subject: String) throws {
        #expect(Refusal(type).subject == subject)
        let area = try #require(AreaCode("510106"))
        let number = CaseNumber.make(area: area, on: day("2026-03-12"), type: type.standardCode, sequence: 3)
        #expect(Refusal(number: number) == Refusal(type), "a list knows it by the number")
    }

    @Test("The message, the conflict and the history use the same words")
    func everywhere() throws {
        let trial = try CaseTrial(at: .refused)
        let number = try trial.current.number
        let words = Refusal(number: number)
        #expect(trial.messages.last == "cases.\(words.messageKind)")
        #expect(CaseStage.refused.message(of: number) == Message(words.text))
        let answer = CaseProcedure.moved(try trial.current)
        #expect(answer == .conflict(Message("cases.conflict.refused", texts: ["refusal": words.text])))
    }
}
