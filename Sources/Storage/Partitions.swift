/// How tables are divided by their area on PostgreSQL, as a distributed engine would: `PARTITION BY HASH (area)`.
///
/// The schema's own text and fingerprint stay as they are, so that a program reads a divided database as any other.
package struct Partitions: Sendable, Hashable {
    /// How many tables each table is divided into; at least 1.
    package let count: Int

    package init(_ count: Int) { self.count = max(1, count) }

    /// What runs in the place of one statement of a migration; the statement itself where it concerns no table as a whole.
    package func statements(for statement: SQL) -> [SQL] {
        let text = statement.resolved(for: .postgres).text
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.starts(with: ["CREATE", "TABLE"]) {
            let place = words.dropFirst(2).starts(with: ["IF", "NOT", "EXISTS"]) ? 5 : 2
            guard words.indices.contains(place) else { return [statement] }
            let ifNew = place == 5 ? "IF NOT EXISTS " : ""
            let table = words[place]
            let parts = names(of: table).enumerated().map { number, part in
                SQL(
                    stringLiteral:
                        "CREATE TABLE \(ifNew)\(part) PARTITION OF \(table) "
                        + "FOR VALUES WITH (MODULUS \(count), REMAINDER \(number))")
            }
            return [SQL(stringLiteral: text + " PARTITION BY HASH (area)")] + parts
        }
        // A trigger for the whole statement hears only of the table that is named.
        if words.starts(with: ["CREATE", "TRIGGER"]), words.count > 6, words[4] == "TRUNCATE", words[5] == "ON" {
            return [statement]
                + names(of: words[6]).map { part in
                    SQL(stringLiteral: text.replacing(" TRUNCATE ON \(words[6])", with: " TRUNCATE ON \(part)"))
                }
        }
        return [statement]
    }

    /// `journal_part0` … of the table `journal`.
    private func names(of table: String) -> [String] { (0..<count).map { "\(table)_part\($0)" } }
}
