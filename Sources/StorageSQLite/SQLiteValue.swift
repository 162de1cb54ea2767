import GRDBSQLite
import Storage

/// Values on their way to and from SQLite's interface.
enum SQLiteValue {
    /// SQLite copies the bytes before the call returns (`SQLITE_TRANSIENT`).
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Binds a value at a place counted from 1; answers SQLite's result code.
    static func bind(_ value: SQLValue, _ statement: OpaquePointer, _ place: Int32) throws(StorageError) -> Int32 {
        try value.refuseUnstorable()
        switch value {
        case .null: return sqlite3_bind_null(statement, place)
        case .integer(let number): return sqlite3_bind_int64(statement, place, number)
        case .real(let number): return sqlite3_bind_double(statement, place, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                // No address would bind NULL instead of the empty text.
                guard let start = bytes.baseAddress, !bytes.isEmpty else {
                    return sqlite3_bind_text(statement, place, "", 0, copied)
                }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
                    sqlite3_bind_text(statement, place, start, Int32(bytes.count), copied)
                }
            }
        case .blob(let blob):
            if blob.isEmpty { return sqlite3_bind_zeroblob(statement, place, 0) }
            return blob.withUnsafeBytes { bytes in
                sqlite3_bind_blob64(statement, place, bytes.baseAddress, UInt64(bytes.count), copied)
            }
        }
    }

    /// The value of a column, counted from 0, as the kind asked for.
    static func read(_ statement: OpaquePointer, _ column: Int, _ kind: SQLKind) throws(StorageError) -> SQLValue {
        let place = Int32(column)
        guard column >= 0, place < sqlite3_data_count(statement) else {
            throw .decoding("there is no column \(column)")
        }
        let type = sqlite3_column_type(statement, place)
        switch (kind, type) {
        case (_, SQLITE_NULL): return .null(kind)
        case (.integer, SQLITE_INTEGER): return .integer(sqlite3_column_int64(statement, place))
        case (.real, SQLITE_FLOAT), (.real, SQLITE_INTEGER): return .real(sqlite3_column_double(statement, place))
        case (.text, SQLITE_TEXT):
            guard let start = sqlite3_column_text(statement, place) else {
                throw .unavailable("SQLite is out of memory")
            }
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, place)))
            return .text(String(decoding: bytes, as: UTF8.self))
        case (.blob, SQLITE_BLOB):
            guard let start = sqlite3_column_blob(statement, place) else { return .blob([]) }
            return .blob(
                [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, place)))))
        case (.integer, SQLITE_FLOAT):
            guard let number = Int64(exactly: sqlite3_column_double(statement, place)) else { fallthrough }
            return .integer(number)
        default:
            throw .decoding("column \(column) holds SQLite's type \(type), not the kind \(kind)")
        }
    }
}
