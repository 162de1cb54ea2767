import Kernel
import Testing

@testable import Catalogue

@Suite("Lists as files, versions side by side")
struct PowerListTests {
    @Test(
        "A text that a spreadsheet would run is only a text",
        arguments: ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", "\rx", "＝1"])
    func formulas(_ text: String) {
        #expect(CSVText.cell(text).drop { $0 == "\"" }.hasPrefix("'"))
    }

    @Test("Commas, quotes and line ends stay inside their cell")
    func quoting() {
        #expect(CSVText.cell("食品,药品") == "\"食品,药品\"")
        // A quote with a combining mark after it is one Character, and still a quote to a spreadsheet.
        #expect(Array(CSVText.cell("a\"\u{485},b").utf8) == Array("\"a\"\"\u{485},b\"".utf8))
        #expect(CSVText.cell("称为\"一件事\"") == "\"称为\"\"一件事\"\"\"")
        #expect(CSVText.row(["一", "二\n三", ""]) == "一,\"二\n三\",\r\n")
        #expect(CSVText.cell("511A0045000063-511602000000") == "511A0045000063-511602000000")
    }

    @Test("A changed line shows as removed and added, with three lines around it")
    func changedLine() throws {
        let old = (1...20).map(String.init)
        var new = old
        new[9] = "ten"
        let diff = LineDiff(from: old, to: new)
        let hunk = try #require(diff.hunks.first)
        #expect(diff.hunks.count == 1)
        #expect(hunk.map(\.text) == ["7", "8", "9", "10", "ten", "11", "12", "13"])
        #expect(hunk.filter { $0.kind == .removed }.map(\.old) == [10])
        #expect(hunk.filter { $0.kind == .added }.map(\.new) == [10])
    }

    @Test("Changes near each other stand in one piece, those far apart in two; the same texts give none")
    func pieces() {
        let old = (1...40).map(String.init)
        #expect(LineDiff(from: old, to: old).hunks.isEmpty)
        let near = LineDiff(from: old, to: old.filter { $0 != "10" && $0 != "14" })
        #expect(near.hunks.map { $0.map(\.text) } == [(7...17).map(String.init)])
        #expect(LineDiff(from: old, to: old.filter { $0 != "10" && $0 != "30" }).hunks.count == 2)
        #expect(LineDiff(from: [], to: ["a"]).hunks.first?.map(\.new) == [1])
        #expect(LineDiff(from: ["a"], to: []).hunks.first?.map(\.old) == [1])
    }

    @Test("A definition as lines is the same JSON again")
    func pretty() throws {
        let text = try PackSamples.shopLicence().canonicalJSON()
        let json = try JSON(parsing: text)
        #expect(try JSON(parsing: json.prettyLines.joined(separator: "\n")) == json)
        #expect(
            JSON.object(["b": [], "a": [1, ["c": "d"]]]).prettyLines == [
                "{", "  \"a\": [", "    1,", "    {", "      \"c\": \"d\"", "    }", "  ],", "  \"b\": []", "}",
            ])
    }
}
