import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Web

/// Rows for spreadsheets (RFC 4180), with the mark by which they recognise UTF-8.
enum CSVText {
    /// U+FEFF.
    static let mark = "\u{FEFF}"

    /// One row with its line end.
    static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// Quoted where needed. A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection).
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r＝＋－＠".unicodeScalars.contains(first) { text = "'" + text }
        guard text.unicodeScalars.contains(where: { $0 == "\"" || $0 == "," || $0 == "\n" || $0 == "\r" }) else { return text }
        return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    /// A download that is written while it is read: `next` gives the rows after a slug and the slug to go on from, nil at the end.
    static func download(
        name: String, head: [String], next: @escaping @Sendable (String?) async throws -> (rows: [[String]], last: String?)
    ) -> Response {
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: mark + row(head)))
            var slug: String?
            repeat {
                let page = try await next(slug)
                if !page.rows.isEmpty { try await writer.write(ByteBuffer(string: page.rows.map(row).joined())) }
                slug = page.last
            } while slug != nil
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename*=UTF-8''\(encodeSegment(name))",
            ], body: body)
    }
}
