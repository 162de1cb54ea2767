import Kernel
import Testing

@testable import Cases

@Suite("Numbers of cases and results")
struct CaseNumberTests {
    private func area() throws -> AreaCode { try #require(AreaCode("510106")) }

    @Test("A case number is area, day, type, sequence and check digit")
    func parts() throws {
        let number = CaseNumber.make(area: try area(), on: day("2026-11-22"), type: "01", sequence: 1)
        #expect(number.count == 22)
        #expect(number.hasPrefix("510106202611220100001"))
        #expect(CheckDigit.holdsMod11And10(number))
    }

    @Test("It is read in groups, and typed with spaces or dashes")
    func grouping() throws {
        let number = CaseNumber.make(area: try area(), on: day("2026-11-22"), type: "01", sequence: 1)
        let check = try #require(number.last)
        #expect(CaseNumber.grouped(number) == "510106 20261122 01 00001 \(check)")
        #expect(CaseNumber.read(" " + CaseNumber.grouped(number) + " ") == number)
        #expect(CaseNumber.read("510106-20261122-01-00001-\(check)") == number)
        #expect(CaseNumber.grouped("") == "")
    }

    @Test("One wrong digit is found, wherever it stands")
    func wrongDigit() throws {
        let digits = Array(CaseNumber.make(area: try area(), on: day("2026-11-22"), type: "20", sequence: 4711))
        for place in digits.indices {
            for digit in "0123456789" where digit != digits[place] {
                var wrong = digits
                wrong[place] = digit
                #expect(CaseNumber.read(String(wrong)) == nil)
            }
        }
    }

    @Test("Neighbours typed the wrong way round are found, except some with a 0")
    func exchanged() throws {
        let digits = Array(CaseNumber.make(area: try area(), on: day("2026-11-22"), type: "20", sequence: 48_315))
        var missed = 0
        var tried = 0
        for place in digits.indices.dropLast() where digits[place] != digits[place + 1] {
            var wrong = digits
            wrong.swapAt(place, place + 1)
            tried += 1
            if CaseNumber.read(String(wrong)) != nil { missed += 1 }
        }
        #expect(tried > 10)
        #expect(missed <= 1)
    }

    @Test(
        "Too short, too long and empty are no numbers",
        arguments: ["", "5101062026", "51010620261122010000123456", "abc"])
    func lengths(_ text: String) { #expect(CaseNumber.read(text) == nil) }

    @Test("A day with more than 99,999 cases still gives numbers that read")
    func busyDay() throws {
        let number = CaseNumber.make(area: try area(), on: day("2026-11-22"), type: "01", sequence: 123_456)
        #expect(number.count == 23)
        #expect(CaseNumber.read(number) == number)
        #expect(CaseNumber.grouped(number).hasPrefix("510106 20261122 01 123456 "))
    }

    @Test(
        "Results are numbered by the item's pattern",
        arguments: [
            ("JY{14}", "JY51010626000042"), ("{area}-{year}-{4}", "510106-2026-0042"), ("备{year}第{1}号", "备2026第42号"),
            ("{3}", "042"), ("{13}", "5101062600042"), ("{12}", "000000000042"), ("纯文字", "纯文字"), ("{", "{"),
        ])
    func results(_ pattern: String, _ expected: String) throws {
        #expect(ResultNumber.make(pattern, area: try area(), year: 2026, sequence: 42) == expected)
    }

    @Test(
        "A pattern that does not tell the year is counted on through the years",
        arguments: [("JY{14}", true), ("{year}-{4}", true), ("JY{6}", false), ("{area}{5}", false), ("卫证字", false)])
    func years(_ pattern: String, tellsYear: Bool) {
        #expect(ResultNumber.tellsYear(pattern) == tellsYear)
    }

    @Test("A sequence longer than its place is never cut: no two results share a number")
    func neverCut() throws {
        let area = try area()
        let numbers = [99_999, 100_000, 999_999, 1_000_000].map {
            ResultNumber.make("JY{14}", area: area, year: 2026, sequence: $0)
        }
        #expect(Set(numbers).count == 4)
        #expect(numbers.last == "JY510106261000000")
    }
}
