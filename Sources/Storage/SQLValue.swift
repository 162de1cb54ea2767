package import Kernel

/// The four kinds of column that both engines share (docs/architecture.md, "Common subset").
package enum SQLKind: UInt8, Sendable, Hashable {
    /// BIGINT. PostgreSQL type OID 20.
    case integer
    /// TEXT. OID 25.
    case text
    /// BLOB or BYTEA. OID 17.
    case blob
    /// DOUBLE PRECISION. OID 701.
    case real
}

/// One value on its way to or from a database.
package enum SQLValue: Sendable, Hashable {
    case null(SQLKind)
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    case real(Double)

    /// The kind a statement is prepared with.
    package var kind: SQLKind {
        switch self {
        case .null(let kind): kind
        case .integer: .integer
        case .text: .text
        case .blob: .blob
        case .real: .real
        }
    }
}

/// What can be bound to a statement and read from a row.
package protocol SQLConvertible {
    /// The column kind it is kept in.
    static var sqlKind: SQLKind { get }
    var sqlValue: SQLValue { get }
    /// Throws `.decoding` where the column holds something else.
    init(sqlValue: SQLValue) throws(StorageError)
}

extension SQLConvertible {
    fileprivate static func mismatch(_ value: SQLValue) -> StorageError {
        .decoding("\(Self.self) cannot be read from \(value)")
    }
}

extension Int64: SQLConvertible {
    package static var sqlKind: SQLKind { .integer }
    package var sqlValue: SQLValue { .integer(self) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .integer(let value) = sqlValue else { throw Self.mismatch(sqlValue) }
        self = value
    }
}

extension Int: SQLConvertible {
    package static var sqlKind: SQLKind { .integer }
    package var sqlValue: SQLValue { .integer(Int64(self)) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .integer(let value) = sqlValue else { throw Self.mismatch(sqlValue) }
        self = Int(value)
    }
}

extension Bool: SQLConvertible {
    package static var sqlKind: SQLKind { .integer }
    package var sqlValue: SQLValue { .integer(self ? 1 : 0) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .integer(let value) = sqlValue else { throw Self.mismatch(sqlValue) }
        self = value != 0
    }
}

extension Double: SQLConvertible {
    package static var sqlKind: SQLKind { .real }
    package var sqlValue: SQLValue { .real(self) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        switch sqlValue {
        case .real(let value): self = value
        case .integer(let value): self = Double(value)
        default: throw Self.mismatch(sqlValue)
        }
    }
}

extension String: SQLConvertible {
    package static var sqlKind: SQLKind { .text }
    package var sqlValue: SQLValue { .text(self) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .text(let value) = sqlValue else { throw Self.mismatch(sqlValue) }
        self = value
    }
}

extension [UInt8]: SQLConvertible {
    package static var sqlKind: SQLKind { .blob }
    package var sqlValue: SQLValue { .blob(self) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .blob(let value) = sqlValue else { throw Self.mismatch(sqlValue) }
        self = value
    }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    package static var sqlKind: SQLKind { Wrapped.sqlKind }
    package var sqlValue: SQLValue { self?.sqlValue ?? .null(Wrapped.sqlKind) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        if case .null = sqlValue { self = nil } else { self = try Wrapped(sqlValue: sqlValue) }
    }
}

/// A value kept as text: enumerations with string raw values need only declare the conformance.
extension SQLConvertible where Self: RawRepresentable, RawValue == String {
    package static var sqlKind: SQLKind { .text }
    package var sqlValue: SQLValue { .text(rawValue) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .text(let text) = sqlValue, let value = Self(rawValue: text) else { throw Self.mismatch(sqlValue) }
        self = value
    }
}

extension ID: SQLConvertible {
    package static var sqlKind: SQLKind { .text }
    package var sqlValue: SQLValue { .text(description) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .text(let text) = sqlValue, let id = ID(text) else { throw Self.mismatch(sqlValue) }
        self = id
    }
}

extension AreaCode: SQLConvertible {
    package static var sqlKind: SQLKind { .text }
    package var sqlValue: SQLValue { .text(text) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .text(let text) = sqlValue, let code = AreaCode(text) else { throw Self.mismatch(sqlValue) }
        self = code
    }
}

extension Moment: SQLConvertible {
    package static var sqlKind: SQLKind { .integer }
    package var sqlValue: SQLValue { .integer(milliseconds) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .integer(let value) = sqlValue else { throw Self.mismatch(sqlValue) }
        self.init(milliseconds: value)
    }
}

extension CivilDate: SQLConvertible {
    package static var sqlKind: SQLKind { .text }
    package var sqlValue: SQLValue { .text(description) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .text(let text) = sqlValue, let date = CivilDate(text) else { throw Self.mismatch(sqlValue) }
        self = date
    }
}

extension Limit: SQLConvertible {
    package static var sqlKind: SQLKind { .text }
    package var sqlValue: SQLValue { .text(description) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .text(let text) = sqlValue, let limit = Limit(text) else { throw Self.mismatch(sqlValue) }
        self = limit
    }
}

extension Money: SQLConvertible {
    package static var sqlKind: SQLKind { .integer }
    package var sqlValue: SQLValue { .integer(fen) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .integer(let value) = sqlValue else { throw Self.mismatch(sqlValue) }
        self.init(fen: value)
    }
}

extension JSON: SQLConvertible {
    package static var sqlKind: SQLKind { .text }
    package var sqlValue: SQLValue { .text(canonical) }
    package init(sqlValue: SQLValue) throws(StorageError) {
        guard case .text(let text) = sqlValue, let value = try? JSON(parsing: text) else {
            throw Self.mismatch(sqlValue)
        }
        self = value
    }
}

extension Channel: SQLConvertible {}
