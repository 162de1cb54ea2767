import Foundation
import Storage

extension ResolvedSQL {
    /// The statement as it was, with its values, behind EXPLAIN.
    func explained(_ dialect: SQLDialect) -> SQL {
        var sql: SQL = dialect == .sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN "
        var rest = Substring(text)
        for (index, bind) in binds.enumerated() {
            let mark = (dialect == .sqlite ? "?" : "$") + String(index + 1)
            guard let place = rest.range(of: mark) else { continue }
            sql += SQL(stringLiteral: String(rest[..<place.lowerBound]))
            switch bind {
            case .integer(let value): sql += "\(value)"
            case .text(let value): sql += "\(value)"
            case .blob: sql += "\([UInt8]())"
            case .null, .real: sql += "NULL"
            }
            rest = rest[place.upperBound...]
        }
        return sql + SQL(stringLiteral: String(rest))
    }

    /// Whether it reads or changes rows of a table.
    var touchesTables: Bool { text.contains(/\b(FROM|INTO|UPDATE)\s+(?!pragma_)[a-z_]/.wordBoundaryKind(.simple)) }

    /// The values that stand where an area is compared, listed or inserted.
    var areas: Set<String> {
        var numbers = text.matches(of: /\barea\s*=\s*[?$]([0-9]+)/.wordBoundaryKind(.simple)).map(\.1)
        for list in text.matches(of: /\barea\s+IN\s*\(([^)]*)\)/.wordBoundaryKind(.simple)) {
            numbers += list.1.matches(of: /[?$]([0-9]+)/.wordBoundaryKind(.simple)).map(\.1)
        }
        numbers += text.matches(of: /\(area,[^)]*\)\s*(?:=|<|>)\s*\([?$]([0-9]+)/.wordBoundaryKind(.simple)).map(\.1)
        if text.contains(/\bINTO\s+[a-z_0-9]+\s*(?:AS\s+\w+\s*)?\(\s*area\b/.wordBoundaryKind(.simple)) {
            numbers += text.matches(of: /(?:VALUES\s*|\),\s*)\(\s*[?$]([0-9]+)/.wordBoundaryKind(.simple)).map(\.1)
            numbers += text.matches(of: /\bSELECT\s+[?$]([0-9]+)/.wordBoundaryKind(.simple)).map(\.1)
        }
        return Set(
            numbers.compactMap { number in
                guard let place = Int(number), binds.indices.contains(place - 1),
                    case .text(let area) = binds[place - 1]
                else { return nil }
                return area
            })
    }

    /// Its words up to `count` characters, blanks made single.
    func beginning(_ count: Int = 70) -> String {
        String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(count))
    }
}
