import Foundation
import Kernel
import Testing

@testable import Catalogue

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Flowchart")
struct FlowchartTests {
    private func chart(_ language: Language = .zh) throws -> Flowchart {
        Flowchart(of: try PackSamples.shopLicence(), language: language) { _ in "市场<监管>局" }
    }

    @Test("Four links with who and how long, procedures inside")
    func steps() throws {
        let chart = try chart()
        #expect(chart.steps.map(\.title) == ["受理", "审核", "批准", "办结"])
        #expect(chart.steps.map(\.within) == ["5 个工作日", "5 个工作日", "2 个工作日", "1 个工作日"])
        #expect(chart.steps[1].who == "市场<监管>局·审核人员")
        #expect(chart.steps[1].procedures == ["现场核查（3 个工作日）"])
        #expect(chart.summary.contains("第 1 步受理"))
        #expect(chart.summary.hasSuffix("承诺 8 个工作日办结。"))
        #expect(try self.chart(.en).steps[2].within == "2 working days")
    }

    @Test("The picture is well-formed, described, and has no style and no script")
    func svg() throws {
        let svg = try chart().svg(id: "flow-1")
        let parser = XMLParser(data: Data(svg.utf8))
        #expect(parser.parse())
        #expect(svg.contains("<title id=\"flow-1-title\">开店许可流程图</title>"))
        #expect(svg.contains("<desc id=\"flow-1-desc\">"))
        #expect(svg.contains("aria-labelledby=\"flow-1-title flow-1-desc\""))
        #expect(!svg.contains("style=") && !svg.contains("<script") && !svg.contains("监管>局"))
        #expect(svg.components(separatedBy: "<rect").count - 1 == 4)
    }

    @Test("A quote with a combining mark is escaped too")
    func escaping() {
        #expect(Flowchart.escaped("\"\u{301}<") == "&quot;\u{301}&lt;")
    }

    @Test("Long lines wrap by width")
    func wrapping() {
        #expect(Flowchart.wrapped("一二三abc", columns: 6) == ["一二三", "abc"])
        #expect(Flowchart.wrapped("Licensing Law, article 32", columns: 16) == ["Licensing Law,", "article 32"])
        #expect(Flowchart.wrapped("abcdefgh", columns: 4) == ["abcd", "efgh"])
    }
}
