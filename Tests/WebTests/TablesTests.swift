import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Synchronization
import Testing

@testable import Web

@Suite("Tables as files")
struct TablesTests {
    private static let day = CivilDate(dayNumber: 20_524)
    private static let moment = Moment(milliseconds: 1_773_279_005_000)

    private static func csv(_ rows: [[TableCell]], columns: [String] = ["a", "b"]) -> String {
        let writer = CSVWriter(columns: columns)
        return String(decoding: writer.begin() + writer.add(rows) + writer.end(), as: UTF8.self)
    }

    @Test("CSV begins with a byte order mark and ends its lines with CRLF")
    func csvFrame() {
        #expect(Self.csv([["1", .empty], ["2", "x"]]).utf8.elementsEqual("\u{FEFF}a,b\r\n1,\r\n2,x\r\n".utf8))
    }

    @Test(
        "Commas, quotes and line ends are quoted",
        arguments: [
            ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("one\ntwo", "\"one\ntwo\""),
            ("one\r\ntwo", "\"one\r\ntwo\""),
            ("plain", "plain"), ("", ""), ("\"\u{301}", "\"\"\"\u{301}\""),
        ])
    func csvQuoting(text: String, field: String) {
        #expect(Self.csv([[.text(text)]], columns: ["c"]).utf8.elementsEqual("\u{FEFF}c\r\n\(field)\r\n".utf8))
    }

    @Test(
        "A text never becomes a formula",
        arguments: ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", "\u{FF1D}1", "\u{FF20}x", "=\u{301}cmd"])
    func csvFormula(text: String) {
        #expect(Self.csv([[.text(text)]], columns: ["c"]).utf8.elementsEqual("\u{FEFF}c\r\n'\(text)\r\n".utf8))
        #expect(Self.csv([[.text("\r" + text)]], columns: ["c"]).contains("\"'"))
    }

    @Test("Numbers, amounts, days and moments in CSV")
    func csvKinds() {
        let row: [TableCell] = [.integer(-5), .money(Money(fen: -120_005)), .date(Self.day), .moment(Self.moment)]
        #expect(Self.csv([row], columns: ["c"]) == "\u{FEFF}c\r\n-5,-1200.05,2026-03-12,2026-03-12 09:30:05\r\n")
    }

    @Test(
        "What was compressed comes out again",
        arguments: [0, 1, 3, 4, 257, 258, 259, 300, 32_767, 32_768, 32_769, 100_000])
    func deflate(count: Int) throws {
        for (index, input) in Self.samples(count).enumerated() {
            var deflater = Deflater()
            var packed: [UInt8] = []
            for start in stride(from: 0, to: input.count, by: 7_001) {
                deflater.compress(Array(input[start..<min(start + 7_001, input.count)]), into: &packed)
            }
            deflater.finish(into: &packed)
            #expect(try Inflater.inflate(packed) == input, "sample \(index)")
            if index == 0, count > 1000 { #expect(packed.count < count / 50) }
        }
    }

    /// All the same, words that repeat at all distances, and noise.
    private static func samples(_ count: Int) -> [[UInt8]] {
        var state: UInt64 = 42
        func random() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let words = (0..<count).map { index in Array("<row><c t=\"s\">工作日 \(index / 40 % 97)".utf8)[index % 20] }
        return [[UInt8](repeating: 97, count: count), words, (0..<count).map { _ in random() }]
    }

    @Test("The checksum is the one of zip files")
    func checksum() {
        var crc = CRC32()
        crc.update(Array("1234".utf8))
        crc.update(Array("56789".utf8))
        #expect(crc.value == 0xCBF4_3926)
    }

    private static func sheets(_ writer: XLSXWriter, _ pages: [[[TableCell]]]) throws -> [String: String] {
        var writer = writer
        var bytes = try writer.begin()
        for page in pages { bytes += try writer.add(page) }
        return try Inflater.unzip(bytes + writer.end())
    }

    @Test("A workbook holds what the format asks for, the head frozen")
    func workbook() throws {
        let row: [TableCell] = [
            "510106202603120100001", .integer(7), .money(Money(fen: 120_000)), .date(Self.day), .moment(Self.moment),
            .empty, "<&>",
        ]
        let files = try Self.sheets(XLSXWriter(name: "办件/清单", columns: ["编号", "n"], widths: [30]), [[row]])
        #expect(
            Set(files.keys) == [
                "_rels/.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml",
                "xl/_rels/workbook.xml.rels",
                "[Content_Types].xml",
            ])
        let sheet = files["xl/worksheets/sheet1.xml"] ?? ""
        #expect(sheet.contains("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"))
        #expect(
            sheet.contains(
                "<col min=\"1\" max=\"1\" width=\"30\" customWidth=\"1\"/><col min=\"2\" max=\"2\" width=\"12\""))
        #expect(
            sheet.contains(
                "<c r=\"A2\" s=\"5\" t=\"inlineStr\"><is><t xml:space=\"preserve\">510106202603120100001</t></is></c>"))
        #expect(
            sheet.contains(
                "<c r=\"B2\" s=\"0\"><v>7</v></c><c r=\"C2\" s=\"4\"><v>1200.00</v></c><c r=\"D2\" s=\"2\"><v>46093</v></c>"
            ))
        #expect(sheet.contains("<c r=\"G2\" s=\"5\" t=\"inlineStr\"><is><t xml:space=\"preserve\">&lt;&amp;&gt;</t>"))
        #expect(!sheet.contains("F2"))
        #expect(files["xl/workbook.xml"]?.contains("name=\"办件清单\"") == true)
    }

    @Test("A cell holds nothing that would break the file")
    func cells() throws {
        let rows: [[TableCell]] = [
            [.text("a\u{0}b\u{1B}c\u{FFFE}\r\nd")], [.integer(1_000_000_000_000_000)],
            [.text(String(repeating: "字", count: 40_000))],
            [.date(CivilDate(dayNumber: -30_000))],
        ]
        let sheet = try Self.sheets(XLSXWriter(name: "", columns: ["c"]), [rows])["xl/worksheets/sheet1.xml"] ?? ""
        #expect(sheet.contains(">abc\nd<"))
        #expect(sheet.contains(">1000000000000000</t>"))
        #expect(sheet.contains(String(repeating: "字", count: 32_766) + "…</t>"))
        #expect(sheet.contains(">1887-11-12</t>"))
    }

    @Test("A full sheet is followed by another with the same head")
    func manySheets() throws {
        let rows = (0..<25).map { [TableCell.integer(Int64($0))] }
        let files = try Self.sheets(
            XLSXWriter(name: "表", columns: ["c"], rowsASheet: 11), [Array(rows[..<15]), Array(rows[15...])])
        let counts = (1...3).map { files["xl/worksheets/sheet\($0).xml"]?.components(separatedBy: "<row ").count }
        #expect(counts == [12, 12, 7])
        #expect(files["xl/workbook.xml"]?.components(separatedBy: "<sheet ").count == 4)
        #expect(files["[Content_Types].xml"]?.contains("sheet3.xml") == true)
    }

    @Test("Columns beyond Z have two letters")
    func letters() throws {
        let row = (0..<703).map { TableCell.integer(Int64($0)) }
        let sheet = try Self.sheets(XLSXWriter(name: "表", columns: []), [[row]])["xl/worksheets/sheet1.xml"] ?? ""
        for place in ["Z2", "AA2", "AZ2", "BA2", "ZZ2", "AAA2"] { #expect(sheet.contains("r=\"\(place)\"")) }
    }

    @Test("The body is made page by page as it is sent, and only a whole one ends")
    func streaming() async throws {
        let asked = Mutex(0)
        let response = TableStream.csv(name: "办件 清单", columns: ["n"]) { send in
            for page in 0..<3 {
                asked.withLock { $0 += 1 }
                try await send([[.integer(Int64(page))]])
            }
        }
        #expect(
            response.headers[.contentDisposition]
                == "attachment; filename*=UTF-8''%E5%8A%9E%E4%BB%B6%20%E6%B8%85%E5%8D%95.csv")
        #expect(asked.withLock { $0 } == 0)
        let sink = Sink()
        try await response.body.write(Sink.Writer(sink: sink))
        #expect(sink.state.withLock { $0.pieces } == ["\u{FEFF}n\r\n", "0\r\n", "1\r\n", "2\r\n"])
        #expect(sink.state.withLock { $0.finished })

        let broken = TableStream.xlsx(name: "x", columns: ["n"]) { send in
            try await send([["1"]])
            throw DomainError.unavailable
        }
        let half = Sink()
        await #expect(throws: DomainError.unavailable) { try await broken.body.write(Sink.Writer(sink: half)) }
        #expect(!half.state.withLock { $0.finished })
    }

    @Test("A sequence of pages does as well")
    func sequence() async throws {
        let pages = AsyncStream<[[TableCell]]> { stream in
            stream.yield([["a"]])
            stream.yield([["b"]])
            stream.finish()
        }
        let sink = Sink()
        try await TableStream.csv(name: "x", columns: ["n"], rows: pages).body.write(Sink.Writer(sink: sink))
        #expect(sink.state.withLock { $0.pieces.joined() } == "\u{FEFF}n\r\na\r\nb\r\n")
    }
}

/// Where a body is written to.
private final class Sink: Sendable {
    let state = Mutex((pieces: [String](), finished: false))

    struct Writer: ResponseBodyWriter {
        let sink: Sink
        func write(_ buffer: ByteBuffer) async throws {
            sink.state.withLock { $0.pieces.append(String(buffer: buffer)) }
        }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
            sink.state.withLock { $0.finished = true }
        }
    }
}
