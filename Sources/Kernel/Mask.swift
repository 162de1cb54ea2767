/// What others may see of personal data: enough for its owner to know it again, no more.
package enum Mask {
    /// `张*`, however long the name is.
    package static func name(_ name: some StringProtocol) -> String {
        name.first.map { String($0) + "*" } ?? ""
    }

    /// `138****5678`; of another telephone number, all but its last four digits is hidden.
    package static func phone(_ number: some StringProtocol) -> String {
        number.count == 11 && number.first == "1"
            ? hidden(number, keeping: 3, and: 4) : hidden(number, keeping: 0, and: 4)
    }

    /// `510***********1234`; the same for codes of other papers.
    package static func identity(_ number: some StringProtocol) -> String { hidden(number, keeping: 3, and: 4) }

    /// The first and last characters around a star for each other; of a short text only the last quarter is shown.
    private static func hidden(_ text: some StringProtocol, keeping first: Int, and last: Int) -> String {
        let count = text.count
        let head = count >= 11 ? first : 0
        let tail = count >= 11 ? last : count / 4
        return text.prefix(head) + String(repeating: "*", count: count - head - tail) + text.suffix(tail)
    }
}
