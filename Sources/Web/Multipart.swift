import Foundation
package import NIOCore

/// Reads `multipart/form-data` (RFC 7578) piece by piece: a file is never held in memory.
///
/// Call `nextPart` and then `nextChunk` until it answers nil; a part that was not read to its end is skipped.
package struct MultipartReader<Source: AsyncIteratorProtocol & SendableMetatype> where Source.Element == ByteBuffer {
    /// What stands at the head of a part.
    package struct Part: Sendable {
        package let name: String
        /// The client's name for the file, without any folder; nil for a plain field.
        package let filename: String?
        package let contentType: String?

        /// A file that arrived in another way.
        package init(name: String, filename: String) {
            self.init(name: name, filename: baseName(filename), contentType: nil)
        }

        init(name: String, filename: String?, contentType: String?) {
            self.name = name
            self.filename = filename
            self.contentType = contentType
        }
    }

    /// What is wrong with the body.
    package enum Fault: Error, Sendable, Equatable {
        case noBoundary, malformed, headersTooLong, truncated
    }

    private var source: Source
    private var buffer: [UInt8] = []
    private var start = 0
    private let delimiter: [UInt8]
    private enum State { case preamble, body, betweenParts, whole, ended }
    private var state = State.preamble

    /// - Throws: `noBoundary` where the content type has none, or one that is no boundary (RFC 2046: 1–70 characters).
    package init(contentType: String, source: Source) throws {
        guard let range = contentType.range(of: "boundary=") else { throw Fault.noBoundary }
        var boundary = contentType[range.upperBound...]
        if boundary.first == "\"" {
            boundary = boundary.dropFirst().prefix { $0 != "\"" }
        } else {
            boundary = boundary.prefix { $0 != ";" && $0 != " " }
        }
        guard (1...70).contains(boundary.utf8.count) else { throw Fault.noBoundary }
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.source = source
        buffer = [13, 10]
    }

    /// Stands in the one part of which `content` is all: read by `nextChunk`, as if it had come in a form.
    package init(content: Source) {
        delimiter = []
        source = content
        state = .whole
    }

    /// The next part, or nil at the end.
    package mutating func nextPart() async throws -> Part? {
        if state == .body { while try await nextChunk() != nil {} }
        if state == .ended { return nil }
        if state == .preamble {
            // What is skipped is limited, not what arrives at once: a fast client sends a large file in one piece.
            var skipped = 0
            while true {
                if let found = find(delimiter) {
                    start = found + delimiter.count
                    break
                }
                let rest = max(start, buffer.count - delimiter.count)
                skipped += rest - start
                start = rest
                if skipped > 64 * 1024 { throw Fault.malformed }
                guard try await fill() else { throw Fault.truncated }
            }
        }
        // After a delimiter: "--" ends, CRLF begins the headers of a part.
        while buffer.count - start < 2 { guard try await fill() else { throw Fault.truncated } }
        if buffer[start] == 45, buffer[start + 1] == 45 {
            state = .ended
            return nil
        }
        let blank: [UInt8] = [13, 10, 13, 10]
        while true {
            if let end = find(blank) {
                let header = String(decoding: buffer[start..<end], as: UTF8.self)
                start = end + 4
                // The delimiter's own CRLF may follow at once: an empty body.
                state = .body
                return try Self.part(header)
            }
            if buffer.count - start > 16 * 1024 { throw Fault.headersTooLong }
            guard try await fill() else { throw Fault.truncated }
        }
    }

    /// More bytes of the part, or nil at its end.
    package mutating func nextChunk() async throws -> [UInt8]? {
        if state == .whole {
            if let more = try await source.next() { return Array(more.readableBytesView) }
            state = .ended
        }
        guard state == .body else { return nil }
        while true {
            if let end = find(delimiter) {
                let chunk = Array(buffer[start..<end])
                start = end + delimiter.count
                state = .betweenParts
                return chunk.isEmpty ? nil : chunk
            }
            let safe = buffer.count - delimiter.count
            if safe - start >= 32 * 1024 {
                let chunk = Array(buffer[start..<safe])
                start = safe
                return chunk
            }
            guard try await fill() else { throw Fault.truncated }
        }
    }

    /// The whole part as text.
    ///
    /// - Throws: `malformed` where it is longer than `limit` bytes.
    package mutating func text(limit: Int = 64 * 1024) async throws -> String {
        var bytes: [UInt8] = []
        while let chunk = try await nextChunk() {
            bytes += chunk
            if bytes.count > limit { throw Fault.malformed }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func fill() async throws -> Bool {
        if start > 64 * 1024 {
            buffer.removeFirst(start)
            start = 0
        }
        guard let more = try await source.next() else { return false }
        buffer.append(contentsOf: more.readableBytesView)
        return true
    }

    private func find(_ pattern: [UInt8]) -> Int? {
        let last = buffer.count - pattern.count
        guard last >= start else { return nil }
        return buffer.withUnsafeBufferPointer { bytes in
            var index = start
            while index <= last {
                if bytes[index] == pattern[0] {
                    var matched = 1
                    while matched < pattern.count, bytes[index + matched] == pattern[matched] { matched += 1 }
                    if matched == pattern.count { return index }
                }
                index += 1
            }
            return nil
        }
    }

    private static func part(_ header: String) throws -> Part {
        var name: String?
        var filename: String?
        var type: String?
        for line in header.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmed
            switch line[..<colon].lowercased() {
            case "content-disposition":
                name = parameter("name", of: value)
                filename = parameter("filename", of: value).map(baseName)
            case "content-type": type = value
            default: break
            }
        }
        guard let name else { throw Fault.malformed }
        return Part(name: name, filename: filename, contentType: type)
    }

    private static func parameter(_ name: String, of header: String) -> String? {
        guard let range = header.range(of: "; \(name)=\"") ?? header.range(of: ";\(name)=\"") else { return nil }
        var out: [UInt8] = []
        var escaped = false
        for byte in header[range.upperBound...].utf8 {
            if escaped {
                out.append(byte)
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "\"") {
                break
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self).replacingOccurrences(of: "%22", with: "\"")
    }
}

/// A file's name without its folders and without control characters, at most 200 characters.
private func baseName(_ name: String) -> String {
    // Scalar by scalar: a slash with a combining mark after it is a slash.
    let last = name.unicodeScalars.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last
    let clean = (last.map(Array.init) ?? []).filter { $0.value >= 0x20 && $0.value != 0x7F }
    return String(String(String.UnicodeScalarView(clean)).prefix(200))
}
