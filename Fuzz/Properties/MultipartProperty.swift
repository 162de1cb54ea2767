import NIOCore
import Web

/// A body is the same parts, or the same fault, however it is cut into pieces; what a browser would write is read back.
///
/// The first two bytes cut; the boundary is `x`.
enum MultipartProperty {
    static func check(_ bytes: [UInt8]) async throws {
        guard bytes.count > 2 else { return }
        let body = Array(bytes.dropFirst(2))
        let whole = await read(body, cut: [body.count])
        let cut = await read(body, cut: [Int(bytes[0] % 64) + 1, Int(bytes[1]) + 1])
        try same(cut, whole, "the body in pieces")
        if whole.fault == nil {
            for part in whole.parts {
                try hold(
                    part.filename.map { !$0.utf8.contains(47) && !$0.utf8.contains(92) && $0.count <= 200 } ?? true,
                    "the name \(part)")
            }
        }
        try await writeAndRead(body, cut: [Int(bytes[0] % 64) + 1, Int(bytes[1]) + 1])
    }

    private struct Part: Equatable {
        let name: String
        let filename: String?
        let type: String?
        let content: [UInt8]
    }

    private struct Outcome: Equatable {
        var parts: [Part] = []
        var fault: String?
    }

    private static func read(_ body: [UInt8], cut: [Int]) async -> Outcome {
        var outcome = Outcome()
        do {
            var reader = try MultipartReader(
                contentType: "multipart/form-data; boundary=x", source: Pieces(rest: body[...], sizes: cut))
            while let part = try await reader.nextPart() {
                var content: [UInt8] = []
                while let chunk = try await reader.nextChunk() { content += chunk }
                outcome.parts.append(
                    Part(name: part.name, filename: part.filename, type: part.contentType, content: content))
            }
        } catch {
            outcome.fault = "\(error)"
        }
        return outcome
    }

    /// The input as content of a file, unless the delimiter stands in it.
    private static func writeAndRead(_ content: [UInt8], cut: [Int]) async throws {
        let delimiter = Array("\r\n--x".utf8)
        guard (Array("\r\n".utf8) + content).firstRange(of: delimiter) == nil else { return }
        let head = Array("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n".utf8)
        let body = head + content + delimiter + Array("--\r\n".utf8)
        let outcome = await read(body, cut: cut)
        try same(
            outcome, Outcome(parts: [Part(name: "file", filename: "a.pdf", type: nil, content: content)]),
            "what was written")
    }

    /// A body that arrives in pieces of these sizes, in turn.
    private struct Pieces: AsyncIteratorProtocol, Sendable {
        var rest: ArraySlice<UInt8>
        let sizes: [Int]
        var turn = 0

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            let piece = rest.prefix(sizes[turn % sizes.count])
            turn += 1
            rest = rest.dropFirst(piece.count)
            return ByteBuffer(bytes: piece)
        }
    }
}
