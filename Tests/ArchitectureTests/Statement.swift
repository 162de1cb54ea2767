import Foundation

/// A statement of SQL as it stands in a literal.
struct Statement {
    /// The tables it reads or changes, in order and as often as they stand there.
    let tables: [String]
    private let text: String

    static func looksLikeOne(_ text: String) -> Bool {
        guard ["FROM", "JOIN", "INTO", "UPDATE"].contains(where: text.contains) else { return false }
        return text.contains(/\b(SELECT\b[\s\S]*\bFROM|INSERT INTO|DELETE FROM)\s/.plain)
            || text.contains(/\bUPDATE\s+[a-z_]+\s+SET\b/.plain)
            || text.contains(/^\s*(FROM|JOIN|LEFT JOIN)\s+[a-z_]+\b/.plain)
    }

    init(_ text: String) {
        self.text = text
        let named = Set(
            text.matches(
                of: /(?:\bWITH|,)\s*(?:RECURSIVE\s+)?([a-z_]+)(?:\s*\([a-z_, ]+\))?\s+AS\s+(?:MATERIALIZED\s+)?\(/
                    .plain
            ).map { String($0.1) })
        tables = text.replacing("DISTINCT FROM", with: "").replacing("FOR UPDATE", with: "")
            .matches(of: /\b(?:FROM|JOIN|UPDATE|INTO)\s+([a-z_][a-z_0-9]*)\b/.plain).map { String($0.1) }
            .filter { !named.contains($0) && !$0.hasPrefix("pragma_") }
    }

    /// How many of its tables are bound to an area: by a value, by another table's area, or as the first column inserted.
    var boundAreas: Int {
        text.matches(of: /\barea\s*=/.plain).count
            + text.matches(of: /\bINTO\s+[a-z_0-9]+\s*(?:AS\s+\w+\s*)?\(\s*area\b/.plain).count
            + text.matches(of: /\barea\s+IN\s*\(/.plain).count + text.matches(of: /\(area,[^)]*\)\s*(?:=|IN|<|>)/).count
    }

    /// Whether every table it touches is bound to an area.
    var bindsArea: Bool { boundAreas >= tables.count }
}

extension Regex {
    /// With words ending at every sign, a full stop too.
    var plain: Regex<Output> { wordBoundaryKind(.simple) }
}
