import Foundation
import Testing

@testable import Web

@Suite("Uploads piece by piece")
struct MultipartTests {
    typealias Reader = MultipartReader<Chunks>
    private static let type = "multipart/form-data; boundary=XyZ"

    private static func read(_ body: String, size: Int = .max, type: String = type) async throws -> [(
        Reader.Part, String
    )] {
        var reader = try Reader(contentType: type, source: Chunks(body, size: min(size, 1 << 20)))
        var parts: [(Reader.Part, String)] = []
        while let part = try await reader.nextPart() { parts.append((part, try await reader.text())) }
        return parts
    }

    private static let body = """
        --XyZ\r
        Content-Disposition: form-data; name="csrf"\r
        \r
        token\r
        --XyZ\r
        Content-Disposition: form-data; name="file"; filename="平面图.pdf"\r
        Content-Type: application/pdf\r
        \r
        %PDF-1.7\r
        --Xy is not the boundary\r\r
        --XyZ\r
        Content-Disposition: form-data; name="empty"\r
        \r
        \r
        --XyZ--\r

        """

    @Test("The same parts come out wherever the network cuts the body", arguments: Array(1...40) + [100, 1000])
    func cuts(size: Int) async throws {
        let parts = try await Self.read(Self.body, size: size)
        #expect(parts.map(\.0.name) == ["csrf", "file", "empty"])
        #expect(parts.map(\.1) == ["token", "%PDF-1.7\r\n--Xy is not the boundary\r", ""])
        #expect(parts.map(\.0.filename) == [nil, "平面图.pdf", nil])
        #expect(parts[1].0.contentType == "application/pdf")
    }

    @Test("A large file that arrives in one piece is a file like any other", arguments: [70_000, 200_000, 900_000])
    func onePiece(size: Int) async throws {
        let long = String(repeating: "a", count: size)
        let text = Self.body.replacingOccurrences(of: "%PDF-1.7", with: long)
        var reader = try Reader(contentType: Self.type, source: Chunks(text, size: .max))
        var lengths: [Int] = []
        while try await reader.nextPart() != nil {
            var length = 0
            while let chunk = try await reader.nextChunk() { length += chunk.count }
            lengths.append(length)
        }
        #expect(lengths == [5, size + 27, 0])
    }

    @Test("What stands before the first part is skipped, but not without end")
    func preamble() async throws {
        let short = String(repeating: "x", count: 1000) + "\r\n" + Self.body
        #expect(try await Self.read(short, size: 100).map(\.0.name) == ["csrf", "file", "empty"])
        let endless = String(repeating: "x", count: 200_000)
        await #expect(throws: Reader.Fault.malformed) { try await Self.read(endless, size: 4096) }
    }

    @Test("A part that was not read to its end is skipped")
    func skipping() async throws {
        let long = String(repeating: "a", count: 200_000)
        let text = Self.body.replacingOccurrences(of: "%PDF-1.7", with: long)
        var reader = try Reader(contentType: Self.type, source: Chunks(text, size: 4096))
        var names: [String] = []
        while let part = try await reader.nextPart() {
            names.append(part.name)
            if part.name == "file" { #expect(try await reader.nextChunk()?.isEmpty == false) }
        }
        #expect(names == ["csrf", "file", "empty"])
    }

    @Test("A long file passes in pieces and comes out whole")
    func longFile() async throws {
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let head = Array("--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n".utf8)
        var reader = try Reader(
            contentType: Self.type, source: Chunks(head + bytes + Array("\r\n--XyZ--".utf8), size: 16_384))
        _ = try await reader.nextPart()
        var out: [UInt8] = []
        var largest = 0
        while let chunk = try await reader.nextChunk() {
            largest = max(largest, chunk.count)
            out += chunk
        }
        #expect(out == bytes)
        #expect(largest < 100_000)
    }

    @Test(
        "Only the name of a file is kept, never its folder",
        arguments: [
            ("../../etc/passwd", "passwd"), ("/etc/passwd", "passwd"), ("a/b/c.pdf", "c.pdf"),
            ("图\u{7}纸.png", "图纸.png"),
            ("../a/\u{485}b\\\\\u{485}c.pdf", "\u{485}c.pdf"),
            ("say %22yes%22.txt", "say \"yes\".txt"),
        ])
    func paths(sent: String, kept: String) async throws {
        let body = "--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(sent)\"\r\n\r\nx\r\n--XyZ--"
        #expect(try await Self.read(body).first?.0.filename == kept)
    }

    @Test(
        "A body that ends too early is noticed",
        arguments: [
            "", "--XyZ", "--XyZ\r\nContent-Disposition: form-data; name=\"a\"", "no delimiter at all",
            "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhalf",
            "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhalf\r\n--Xy",
        ])
    func truncated(body: String) async {
        await #expect(throws: Reader.Fault.truncated) { try await Self.read(body) }
    }

    @Test("A part without a name is no part")
    func nameless() async {
        await #expect(throws: Reader.Fault.malformed) {
            try await Self.read("--XyZ\r\nContent-Type: text/plain\r\n\r\nx\r\n--XyZ--")
        }
    }

    @Test("Headers and text fields have an end")
    func limits() async {
        let header = "--XyZ\r\nContent-Disposition: form-data; name=\"" + String(repeating: "n", count: 40_000)
        await #expect(throws: Reader.Fault.headersTooLong) { try await Self.read(header, size: 1000) }
        let field =
            "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + String(repeating: "a", count: 70_000)
            + "\r\n--XyZ--"
        await #expect(throws: Reader.Fault.malformed) { try await Self.read(field, size: 1000) }
    }

    @Test(
        "What is no boundary is refused",
        arguments: [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=" + String(repeating: "b", count: 71),
        ])
    func boundaries(type: String) async {
        await #expect(throws: Reader.Fault.noBoundary) { try await Self.read("", type: type) }
    }

    @Test("A quoted boundary may hold what an unquoted one may not")
    func quoted() async throws {
        let body = "--a b;c\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nv\r\n--a b;c--"
        let parts = try await Self.read(body, type: "multipart/form-data; charset=utf-8; boundary=\"a b;c\"")
        #expect(parts.map(\.1) == ["v"])
    }
}
