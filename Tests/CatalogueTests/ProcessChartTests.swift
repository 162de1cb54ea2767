import Foundation
import Kernel
import Testing

@testable import Catalogue

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// One course of work, drawn and written for other tools.
@Suite("Process chart")
struct ProcessChartTests {
    private func step(_ id: String, after: [String] = [], who: String = "甲局", refusal: String? = nil)
        -> ProcessChart.Step
    {
        ProcessChart.Step(
            id: id, title: "第\(id)步<", who: who, within: "1 个工作日", law: "《行政许可法》第三十二条", after: after,
            refusal: refusal)
    }

    private func chart(_ steps: [ProcessChart.Step]) -> ProcessChart {
        ProcessChart(title: "企业开办", summary: "四件事", begins: "提交申请", ends: "送达结果", language: .zh, steps: steps)
    }

    /// As a package has them: the licence first, three in parallel, one after two.
    private var package: ProcessChart {
        chart([
            step("bank", after: ["seal", "tax"], who: "银行"), step("licence"),
            step("seal", after: ["licence"], who: "公安"),
            step("tax", after: ["licence"], who: "税务"), step("insurance", after: ["licence"], who: "人社"),
        ])
    }

    @Test("Steps stand after what they wait for; circles and strangers are waited for by nobody")
    func order() {
        #expect(package.steps.map(\.id) == ["licence", "seal", "tax", "bank", "insurance"])
        #expect(package.ranks == ["licence": 0, "seal": 1, "tax": 1, "insurance": 1, "bank": 2])
        #expect(package.last.map(\.id) == ["bank", "insurance"])
        let circle = chart([step("a", after: ["b"]), step("b", after: ["a", "nowhere"]), step("c", after: ["c"])])
        #expect(Set(circle.steps.map(\.id)) == ["a", "b", "c"])
        #expect(circle.steps.first?.after == [])
    }

    @Test("An item's chart says who, how long and by which law; a licence's approval may be a refusal")
    func item() throws {
        let chart = ProcessChart(of: try PackSamples.shopLicence(), language: .zh) { _ in "市场监管局" }
        #expect(chart.steps.map(\.title) == ["受理", "审核", "现场核查", "批准", "办结"])
        #expect(
            chart.steps.map(\.after)
                == [[], ["accept"], ["review"], ["p-inspect"], ["approve"]].map { ids in
                    ids.map { id in id == "p-inspect" ? chart.steps[2].id : id }
                })
        #expect(chart.steps[0].law == "《行政许可法》第三十二条")
        #expect(chart.steps[3].refusal == "不予许可")
        var other = try PackSamples.shopLicence()
        other.type = .benefit
        let benefit = ProcessChart(of: other, language: .zh) { $0 }
        #expect(benefit.steps[0].law == nil, "what is no licence is not under the licensing law")
    }

    @Test("What has to be put right on the spot comes after the look at the spot")
    func rectification() throws {
        var item = try PackSamples.shopLicence()
        var second = try #require(item.procedures.first)
        second.id = "mend"
        second.kind = .rectification
        item.procedures = [second] + item.procedures
        let chart = ProcessChart(of: item, language: .zh) { $0 }
        let mend = try #require(chart.steps.first { $0.id == "p-mend" })
        #expect(mend.after.count == 1 && mend.after != ["review"])
        #expect(chart.steps.first { $0.id == "approve" }?.after == ["p-mend"])
    }

    @Test("The picture is well-formed, described, and has no style and no script; side by side stands side by side")
    func picture() throws {
        let svg = package.svg(id: "p")
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(svg.contains("<title id=\"p-title\">企业开办</title>") && svg.contains("flow-wide"))
        #expect(!svg.contains("style=") && !svg.contains("<script") && !svg.contains("步<"))
        #expect(svg.contains("《行政许可法》第三十二条"))
        #expect(svg.components(separatedBy: "<rect").count - 1 == 5 + 2)
    }

    @Test(
        "Every node of the model has a shape, every flow an edge; each leads from start to an end",
        arguments: [0, 1, 2])
    func model(_ which: Int) throws {
        let charts = [
            package, ProcessChart(of: try PackSamples.shopLicence(), language: .en) { $0 },
            chart([step("a", refusal: "不予办理"), step("b", after: ["a"]), step("c", after: ["a"])]),
        ]
        let reader = ModelReader()
        let parser = XMLParser(data: Data(charts[which].bpmn(id: "x").utf8))
        parser.delegate = reader
        #expect(parser.parse())
        #expect(Set(reader.shapes).isSuperset(of: reader.nodes.keys))
        #expect(Set(reader.edges) == Set(reader.flows.map(\.id)))
        #expect(reader.nodes.values.filter { $0 == "userTask" }.count == charts[which].steps.count)
        let (froms, tos) = (Set(reader.flows.map(\.from)), Set(reader.flows.map(\.to)))
        for (node, kind) in reader.nodes {
            #expect(froms.contains(node) != (kind == "endEvent"), "\(node) leads on unless it is an end")
            #expect(tos.contains(node) != (kind == "startEvent"), "\(node) is reached unless it is the start")
        }
        #expect(Set(reader.lanes).isSuperset(of: reader.nodes.keys), "everything is somebody's")
    }

    @Test("A package's chart: what waits stands below what it waits for, what nobody promises has no time")
    func ofPackage() throws {
        let library = try PackLibrary.load(directory: Self.packs)
        let area = try #require(library.areas.first { $0.text == "510106" })
        let items = try #require(library.resolve(area)).items.map(\.definition)
        let package = try #require(items.first { $0.slug == "start-a-company" })
        let chart = ProcessChart(of: package, language: .zh) { $0 }
        let ranks = chart.ranks
        #expect(chart.steps.map(\.id) == package.plan?.steps.map(\.id))
        #expect(ranks["licence"] == 0)
        #expect(chart.steps.dropFirst().allSatisfy { ranks[$0.id] == 1 })
        #expect(chart.steps.first { $0.id == "seals" }?.within == "2 个工作小时")
        #expect(chart.steps.filter(\.within.isEmpty).map(\.id) == ["bank"])
        #expect(chart.summary.contains("总时限 4 个工作小时"))
        let reader = ModelReader()
        let parser = XMLParser(data: Data(chart.bpmn(id: "p").utf8))
        parser.delegate = reader
        #expect(parser.parse())
        #expect(reader.nodes.values.filter { $0 == "userTask" }.count == chart.steps.count)
    }

    private static let packs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Packs").path

    @Test("Without a step the application leads to the result")
    func empty() {
        #expect(chart([]).bpmn(id: "x").contains("sourceRef=\"start\" targetRef=\"end\""))
    }
}

/// What a BPMN document holds.
private final class ModelReader: NSObject, XMLParserDelegate {
    var nodes: [String: String] = [:]
    var flows: [(id: String, from: String, to: String)] = []
    var shapes: [String] = []
    var edges: [String] = []
    var lanes: [String] = []
    private var text = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        text = ""
        let kind = name.split(separator: ":").last.map(String.init) ?? name
        switch kind {
        case "startEvent", "endEvent", "userTask", "exclusiveGateway", "parallelGateway":
            nodes[attributes["id"] ?? ""] = kind
        case "sequenceFlow":
            flows.append((attributes["id"] ?? "", attributes["sourceRef"] ?? "", attributes["targetRef"] ?? ""))
        case "BPMNShape": shapes.append(attributes["bpmnElement"] ?? "")
        case "BPMNEdge": edges.append(attributes["bpmnElement"] ?? "")
        default: break
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if name.hasSuffix("flowNodeRef") { lanes.append(text) }
    }
}
