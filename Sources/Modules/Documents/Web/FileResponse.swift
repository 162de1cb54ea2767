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
        switch exchange.request.headers[.range].map({ asked($0, length: length) }) ?? .everything {
        case .everything: break
        case .some(let asked):
            range = asked
            status = .partialContent
        case .none: return Response(status: .rangeNotSatisfiable, headers: [.contentRange: "bytes */\(length)"])
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

    /// Which bytes were asked for.
    enum Asked: Equatable {
        case everything
        case some(Range<Int>)
        /// There are none of these.
        case none
    }

    /// One range of bytes; several, other units and what is no range are left aside (RFC 9110, 14.2).
    static func asked(_ header: String, length: Int) -> Asked {
        guard header.lowercased().hasPrefix("bytes=") else { return .everything }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else {
            return .everything
        }
        // Numbers beyond an integer's lie behind every file.
        let (first, last) = (Int(ends[0]) ?? .max, Int(ends[1]) ?? .max)
        switch (ends[0].isEmpty, ends[1].isEmpty) {
        case (true, true): return .everything
        case (true, false): return last == 0 || length == 0 ? .none : .some(max(0, length - last)..<length)
        case (false, _) where !ends[1].isEmpty && last < first: return .everything
        case (false, let open):
            return first >= length ? .none : .some(first..<(open ? length : min(last, length - 1) + 1))
        }
    }
}
