import CLibPQ
import Storage

/// A result of libpq, freed with this object.
final class PostgresResult {
    private let pointer: OpaquePointer

    /// Takes the result over.
    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    var isSuccess: Bool {
        let status = PQresultStatus(pointer)
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
    }

    /// The server waits for the rows of a COPY.
    var takesCopy: Bool { PQresultStatus(pointer) == PGRES_COPY_IN }

    /// Not done, since a statement before it in the pipeline failed.
    var wasSkipped: Bool { PQresultStatus(pointer) == PGRES_PIPELINE_ABORTED }

    var isEmptyStatement: Bool { PQresultStatus(pointer) == PGRES_EMPTY_QUERY }

    /// SQLSTATE, empty where there is none.
    var state: String { PQresultErrorField(pointer, Self.stateField).map { String(cString: $0) } ?? "" }
    /// The first line of the error; without the detail, which may repeat a value.
    var message: String { PQresultErrorField(pointer, Self.messageField).map { String(cString: $0) } ?? "" }
    /// `COMMIT`, `UPDATE 3` and the like.
    var tag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

    private static let stateField = Int32(UInt8(ascii: "C"))
    private static let messageField = Int32(UInt8(ascii: "M"))

    /// Rows changed; 0 for what only reads.
    var changes: Int {
        let tag = tag
        guard ["INSERT", "UPDATE", "DELETE", "MERGE"].contains(where: { tag.hasPrefix($0) }) else { return 0 }
        return PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0
    }

    var rowCount: Int { Int(PQntuples(pointer)) }

    /// The value at a row and column, both counted from 0, as the kind asked for.
    func value(row: Int, column: Int, kind: SQLKind) throws(StorageError) -> SQLValue {
        let (row, column) = (Int32(row), Int32(column))
        guard column >= 0, column < PQnfields(pointer) else { throw .decoding("there is no column \(column)") }
        if PQgetisnull(pointer, row, column) == 1 { return .null(kind) }
        let field = UnsafeRawBufferPointer(
            start: PQgetvalue(pointer, row, column), count: Int(PQgetlength(pointer, row, column)))
        return try PostgresValue.decode(field, oid: PQftype(pointer, column), as: kind)
    }
}
