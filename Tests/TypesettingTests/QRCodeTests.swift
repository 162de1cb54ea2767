import Foundation
import FoundationXML
import Testing
import Typesetting

@Suite("QR codes")
struct QRCodeTests {
    @Test("The smallest code has 21 modules a side and three finders")
    func finders() throws {
        let code = try QRCode("A", correction: .low)
        #expect(code.size == 21)
        let finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
        for (row, column) in [(0, 0), (0, 14), (14, 0)] {
            let found = (0..<7).map { y in (0..<7).map { x in code[row + y, column + x] ? "1" : "0" }.joined() }
            #expect(found == finder)
        }
        #expect(!code[-1, 0])
        #expect(!code[0, 21])
    }

    @Test(
        "A code holds as many bytes as the standard says, and not one more",
        arguments: [(QRCode.Correction.low, 2953), (.medium, 2331), (.quartile, 1663), (.high, 1273)])
    func capacity(correction: QRCode.Correction, bytes: Int) throws {
        #expect(try QRCode(String(repeating: "a", count: bytes), correction: correction).size == 177)
        #expect(throws: TypesettingError.unencodable(bytes: bytes + 1)) {
            try QRCode(String(repeating: "a", count: bytes + 1), correction: correction)
        }
    }

    @Test("Nothing is not a text for a code")
    func empty() {
        #expect(throws: TypesettingError.unencodable(bytes: 0)) { try QRCode("") }
    }

    @Test("The SVG draws exactly the dark modules, within a quiet zone of four")
    func svg() throws {
        let code = try QRCode(Samples.url)
        let reader = SVGReader(code.svg(title: "验真"))
        #expect(reader.root["viewBox"] == "0 0 \(code.size + 8) \(code.size + 8)")
        #expect(reader.root["role"] == "img")
        #expect(reader.title == "验真")
        var drawn: Set<[Int]> = []
        for run in reader.path.split(separator: "M") {
            let numbers = run.split { !"0123456789".contains($0) }.compactMap { Int($0) }
            for x in numbers[0]..<numbers[0] + numbers[2] { drawn.insert([numbers[1] - 4, x - 4]) }
        }
        for row in -4..<code.size + 4 {
            for column in -4..<code.size + 4 { #expect(drawn.contains([row, column]) == code[row, column]) }
        }
    }

    @Test("A title cannot leave its element, and nothing needs inline style")
    func svgTitle() throws {
        let title = "</title><script>\"'&\u{0}\u{301}"
        let svg = try QRCode("A").svg(title: title)
        #expect(!svg.contains("style="))
        #expect(!svg.contains("<script"))
        #expect(SVGReader(svg).title == "</title><script>\"'& \u{301}")
    }

    @Test(
        "zbar reads the PNG, at any correction and in Chinese",
        .enabled(if: Tool.present(.zbarimg), "zbar-tools is missing"))
    func png() throws {
        for correction in QRCode.Correction.allCases {
            #expect(try readCodes(QRCode(Samples.url, correction: correction).png(), "png") == [Samples.url])
        }
        #expect(try readCodes(QRCode("政务服务").png(scale: 4), "png") == ["政务服务"])
    }

    @Test(
        "zbar reads the code on every page of a notice, over a watermark",
        .enabled(if: Tool.present(.zbarimg, .pdftoppm), "zbar-tools or poppler-utils is missing"))
    func pdf() throws {
        let document = try typeset(Samples.notice(body: (1...30).map { .paragraph("第\($0)段") }, watermark: "演示"))
        #expect(document.pages > 1)
        for page in 1...document.pages {
            #expect(try ReadPDF(bytes: document.pdf).codes(page: page) == [Samples.url])
        }
    }
}

/// Root attributes, title and last path of an SVG, read by an XML parser.
private final class SVGReader: NSObject, XMLParserDelegate {
    private(set) var root: [String: String] = [:]
    private(set) var title = ""
    private(set) var path = ""
    private var element = ""

    init(_ svg: String) {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        if !parser.parse() { title = "not well-formed" }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        element = name
        if name == "svg" { root = attributes }
        if name == "path" { path = attributes["d"] ?? "" }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if element == "title" { title += string }
    }
}
