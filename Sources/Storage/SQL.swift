/// Which text a statement is rendered to.
package enum SQLDialect: String, Sendable, Hashable, CaseIterable {
    case sqlite, postgres
}

/// A statement written once for both engines, with its values kept apart from its text.
///
/// `"SELECT id FROM task WHERE area = \(area)"` binds `area`; it never becomes part of the text.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Fragment: Sendable {
        case text(String)
        case bind(SQLValue)
        case fork(sqlite: String, postgres: String)

        /// Bytes it takes in a statement's text, or a few more.
        func size(in dialect: SQLDialect) -> Int {
            switch self {
            case .text(let text): text.utf8.count
            case .bind: 4
            case .fork(let sqlite, let postgres): dialect == .sqlite ? sqlite.utf8.count : postgres.utf8.count
            }
        }
    }

    var fragments: [Fragment]

    init(fragments: [Fragment]) { self.fragments = fragments }

    package init(stringLiteral value: String) { fragments = [.text(value)] }
    package init(stringInterpolation: StringInterpolation) { fragments = stringInterpolation.fragments }

    /// A fork between the engines; rare, and each use says why.
    package static func dialect(sqlite: String, postgres: String) -> SQL {
        SQL(fragments: [.fork(sqlite: sqlite, postgres: postgres)])
    }

    /// A name of a table or column that was checked to be one: letters, digits and underscores only.
    package static func name(_ name: String) throws(StorageError) -> SQL {
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 == 95 || (48...57).contains($0) || (97...122).contains($0) })
        else {
            throw .statement("not a name: \(name)")
        }
        return SQL(fragments: [.text(name)])
    }

    package static func + (a: SQL, b: SQL) -> SQL { SQL(fragments: a.fragments + b.fragments) }
    package static func += (a: inout SQL, b: SQL) { a.fragments += b.fragments }

    /// Values are bound, never put into the text; another `SQL` is taken in as it stands.
    package struct StringInterpolation: StringInterpolationProtocol {
        var fragments: [Fragment] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            fragments.reserveCapacity(interpolationCount * 2 + 1)
        }

        /// The statement's own text, as it stands in the source.
        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { fragments.append(.text(literal)) }
        }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some SQLConvertible) {
            fragments.append(.bind(value.sqlValue))
        }
        /// Binds a value, or NULL of its kind.
        package mutating func appendInterpolation<Value: SQLConvertible>(_ value: Value?) {
            fragments.append(.bind(value.sqlValue))
        }
        /// Puts a part of a statement in its place.
        package mutating func appendInterpolation(_ sql: SQL) { fragments += sql.fragments }
        /// Binds several values, separated by commas, for `IN (…)`; an empty list becomes NULL, which nothing equals.
        package mutating func appendInterpolation(list values: [some SQLConvertible]) {
            if values.isEmpty { fragments.append(.text("NULL")) }
            for (index, value) in values.enumerated() {
                if index > 0 { fragments.append(.text(", ")) }
                fragments.append(.bind(value.sqlValue))
            }
        }
    }
}

extension [SQL] {
    /// The statements' parts with `separator` between them.
    package func joined(_ separator: String) -> SQL {
        var fragments: [SQL.Fragment] = []
        for (index, part) in enumerated() {
            if index > 0 { fragments.append(.text(separator)) }
            fragments += part.fragments
        }
        return SQL(fragments: fragments)
    }
}

/// A statement as a driver takes it: text with numbered places, and the values for them.
package struct ResolvedSQL: Sendable, Hashable {
    /// With `?1…` or `$1…`.
    package let text: String
    package let binds: [SQLValue]
}

extension SQL {
    /// Renders the statement for one engine.
    package func resolved(for dialect: SQLDialect) -> ResolvedSQL {
        var text = ""
        var binds: [SQLValue] = []
        binds.reserveCapacity(fragments.count / 2 + 1)
        text.reserveCapacity(fragments.reduce(0) { $0 + $1.size(in: dialect) })
        for fragment in fragments {
            switch fragment {
            case .text(let part): text += part
            case .fork(let sqlite, let postgres): text += dialect == .sqlite ? sqlite : postgres
            case .bind(let value):
                binds.append(value)
                text += dialect == .sqlite ? "?" : "$"
                text += String(binds.count)
            }
        }
        return ResolvedSQL(text: text, binds: binds)
    }
}
