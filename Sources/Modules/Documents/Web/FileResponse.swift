package import Cryptography
import Foundation
import HTTPTypes
package import Hummingbird
import Kernel
import NIOCore
package import Web

/// Sends a sealed file piece by piece, whole or a range of it (RFC 9110 §14).
package enum FileResponse {
    /// - Parameters:
    ///   - name: offered as the file's name.
    ///   - inline: shown in the browser where its kind can be.
    package static func make(
        _ reader: SealedFileReader, kind: FileKind, name: String, inline: Bool, _ exchange: Exchange
    ) -> Response {
        let length = reader.length
        var status = HTTPResponse.Status.ok
        var range = 0..<length
        if let header = exchange.request.headers[.range] {
            guard let asked = parse(header, length: length) else {
                return Response(status: .rangeNotSatisfiable, headers: [.contentRange: "bytes */\(length)"])
            }
            range = asked
            status = .partialContent
        }
        let shown = inline && kind.isViewable
        let encoded = encodeSegment(name)
        var headers: HTTPFields = [
            .contentType: kind.mediaType, .acceptRanges: "bytes", .cacheControl: "private, no-store",
            .contentDisposition: "\(shown ? "inline" : "attachment"); filename*=UTF-8''\(encoded)",
            .contentSecurityPolicy: "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:",
            .xContentTypeOptions: "nosniff",
        ]
        if status == .partialContent {
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
        }
        let wanted = range
        let body = ResponseBody(contentLength: wanted.count) { writer in
            var position = wanted.lowerBound
            while position < wanted.upperBound {
                let end = min(position + 65_536, wanted.upperBound)
                try await writer.write(ByteBuffer(bytes: try reader.read(position..<end)))
                position = end
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// One range of bytes; nil where it cannot be satisfied.
    static func parse(_ header: String, length: Int) -> Range<Int>? {
        guard header.hasPrefix("bytes="), length > 0 else { return nil }
        let spec = header.dropFirst(6).split(separator: ",")
        guard spec.count == 1, let ends = spec.first?.split(separator: "-", omittingEmptySubsequences: false),
            ends.count == 2
        else { return 0..<length }
        if ends[0].isEmpty {
            guard let last = Int(ends[1]), last > 0 else { return nil }
            return max(0, length - last)..<length
        }
        guard let first = Int(ends[0]), first >= 0, first < length else { return nil }
        let last = ends[1].isEmpty ? length - 1 : min(Int(ends[1]) ?? length - 1, length - 1)
        return last >= first ? first..<(last + 1) : nil
    }
}
