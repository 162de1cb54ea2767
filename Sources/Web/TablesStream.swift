import HTTPTypes
package import Hummingbird
import NIOCore

/// A table as the body of an answer, made while it is sent: 100,000 rows take the memory of one page of them.
///
/// What fails on the way breaks the connection off, so that half a file is never taken for a whole one.
package enum TableStream {
    /// Hands over the next rows and waits until they were sent.
    package typealias Send = ([[TableCell]]) async throws -> Void

    /// A text file for any program: RFC 4180, UTF-8 with a byte order mark.
    ///
    /// - Parameters:
    ///   - name: of the file, without an ending.
    ///   - pages: calls its argument for each page of rows, in order. Keep pages at some hundred rows.
    package static func csv(
        name: String, columns: [String], pages: @escaping @Sendable (Send) async throws -> Void
    ) -> Response {
        let writer = CSVWriter(columns: columns)
        return response(writer, file: name + ".csv", type: "text/csv; charset=utf-8", pages)
    }

    /// The same from a sequence of pages.
    package static func csv<Pages: AsyncSequence & Sendable>(name: String, columns: [String], rows: Pages) -> Response
    where Pages.Element == [[TableCell]] {
        csv(name: name, columns: columns) { send in for try await page in rows { try await send(page) } }
    }

    /// A workbook: first row frozen and bold, dates and amounts to count with, numbers of cases as text.
    ///
    /// - Parameters:
    ///   - name: of the file and the sheet, without an ending.
    ///   - widths: of the columns in digits, a Chinese character counts as two; where missing, taken from the name.
    ///   - pages: calls its argument for each page of rows, in order.
    package static func xlsx(
        name: String, columns: [String], widths: [Int] = [], pages: @escaping @Sendable (Send) async throws -> Void
    ) -> Response {
        let writer = XLSXWriter(name: name, columns: columns, widths: widths)
        return response(
            writer, file: name + ".xlsx", type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            pages)
    }

    /// The same from a sequence of pages.
    package static func xlsx<Pages: AsyncSequence & Sendable>(
        name: String, columns: [String], widths: [Int] = [], rows: Pages
    ) -> Response where Pages.Element == [[TableCell]] {
        xlsx(name: name, columns: columns, widths: widths) { send in for try await page in rows { try await send(page) }
        }
    }

    private static func response(
        _ table: some TableWriter & Sendable, file: String, type: String,
        _ pages: @escaping @Sendable (Send) async throws -> Void
    ) -> Response {
        let body = ResponseBody { writer in
            var table = table
            try await writer.write(ByteBuffer(bytes: try table.begin()))
            try await pages { rows in
                let bytes = try table.add(rows)
                if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
            }
            let rest = try table.end()
            if !rest.isEmpty { try await writer.write(ByteBuffer(bytes: rest)) }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentDisposition: "attachment; filename*=UTF-8''\(encodeSegment(file))",
            ],
            body: body)
    }
}
