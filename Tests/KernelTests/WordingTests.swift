import Kernel
import Testing

@Suite("Words for dates, periods and numbers")
struct WordingTests {
    @Test("A date of this year is short, another year's and a notice's is whole")
    func dates() throws {
        let day = try date("2026-03-12")
        #expect(try day.words(near: date("2026-12-31")) == "3 月 12 日")
        #expect(try day.words(near: date("2025-12-31")) == "2026 年 3 月 12 日")
        #expect(day.words() == "2026 年 3 月 12 日")
        #expect(day.words(in: .bo) == "2026 年 3 月 12 日")
        #expect(day.words(in: .en) == "12 March 2026")
        #expect(try day.words(in: .en, near: date("2026-01-01")) == "12 March")
    }

    @Test("The days of the week", arguments: zip(9...15, ["一", "二", "三", "四", "五", "六", "日"]))
    func weekdays(day: Int, name: String) throws {
        #expect(try #require(CivilDate(year: 2026, month: 3, day: day)).weekdayName() == "星期" + name)
    }

    @Test("English weekdays")
    func englishWeekday() throws {
        #expect(try date("2026-03-12").weekdayName(in: .en) == "Thursday")
        #expect(try date("2026-03-15").weekdayName(in: .en) == "Sunday")
    }

    @Test("A moment has its clock")
    func moments() throws {
        let then = try moment("2026-03-12", "14:30")
        #expect(then.words(near: then.date) == "3 月 12 日 14:30")
        #expect(then.words(in: .en) == "12 March 2026, 14:30")
    }

    @Test(
        "Periods",
        arguments: [
            ("20wd", "20 个工作日", "20 working days"), ("1wd", "1 个工作日", "1 working day"), ("60d", "60 日", "60 days"),
            ("6mo", "6 个月", "6 months"), ("2h", "2 小时", "2 hours"), ("4wh", "4 个工作小时", "4 working hours"),
            ("1y", "1 年", "1 year"),
        ])
    func periods(period: String, chinese: String, english: String) throws {
        #expect(try limit(period).words() == chinese)
        #expect(try limit(period).words(in: .en) == english)
    }

    @Test("Thousands are separated")
    func numbers() {
        #expect(1135.grouped == "1,135")
        #expect(999.grouped == "999")
        #expect(1_000_000.grouped == "1,000,000")
        #expect((-1135).grouped == "-1,135")
        #expect(0.grouped == "0")
    }
}
