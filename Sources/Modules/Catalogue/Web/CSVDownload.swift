import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Web

extension CSVText {
    /// A download that is written while it is read: `next` gives the rows after a slug and the slug to go on from, nil at the end.
    static func download(
        name: String, head: [String],
        next: @escaping @Sendable (String?) async throws -> (rows: [[String]], last: String?)
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
