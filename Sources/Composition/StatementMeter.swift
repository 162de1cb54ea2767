import Metrics
import Storage
import Synchronization

/// How long statements take, by what they do and to which table: `select case_row`. Never their values.
final class StatementMeter: StatementListener {
    /// Lists make texts of many lengths; beyond so many a text's name is found anew each time.
    private static let mostTexts = 4_000
    private let timers = Mutex<[String: Timer]>([:])

    func ran(_ statement: ResolvedSQL, took: Duration) {
        let timer = timers.withLock { timers in
            if let known = timers[statement.text] { return known }
            let timer = Timer(
                label: "tongban_statement_duration_seconds", dimensions: [("statement", Self.name(of: statement.text))])
            if timers.count < Self.mostTexts { timers[statement.text] = timer }
            return timer
        }
        let (seconds, attoseconds) = took.components
        timer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// The verb and the table it is about, not one asked in brackets beside it; `other` for what has none.
    static func name(of text: String) -> String {
        named(outside(text)) ?? named(text.replacing(/[()]/, with: " ")) ?? "other"
    }

    private static func named(_ text: String) -> String? {
        let words = text.split { $0.isWhitespace || $0 == "," }
        guard let verb = words.first?.lowercased(), ["select", "insert", "update", "delete", "with"].contains(verb)
        else { return nil }
        let table = zip(words, words.dropFirst()).first { word, next in
            ["FROM", "INTO", "UPDATE"].contains(word)
                && next.utf8.allSatisfy { $0 == 95 || (97...122).contains($0) || (48...57).contains($0) }
        }
        return table.map { "\(verb) \($0.1)" }
    }

    /// What of a statement stands in no brackets.
    private static func outside(_ text: String) -> String {
        var depth = 0
        var kept = ""
        for character in text {
            switch character {
            case "(":
                kept.append(" ")
                depth += 1
            case ")": depth -= 1
            default: if depth == 0 { kept.append(character) }
            }
        }
        return kept
    }
}
