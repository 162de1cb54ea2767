extension ResolvedSQL {
    /// Drivers call this before they prepare a statement: a unit's beginning and end belong to the driver.
    package func refuseTransactionControl() throws(StorageError) {
        let start = text.utf8.drop { $0 == 32 || (9...13).contains($0) }
        guard let first = start.first, Self.initials.contains(first | 32) else { return }
        let word = Substring(start.prefix { (65...90).contains($0 & 0xDF) }).lowercased()
        if Self.controls.contains(word) { throw .statement("a unit of work neither begins nor ends by itself: \(text)") }
    }

    private static let controls: Set<String> = [
        "abort", "attach", "begin", "commit", "detach", "end", "prepare", "release", "rollback", "savepoint", "start",
    ]
    private static let initials = Set(controls.compactMap(\.utf8.first))
}

extension SQLValue {
    /// Drivers call this before they bind: what one of the engines cannot keep is refused on both.
    package func refuseUnstorable() throws(StorageError) {
        switch self {
        case .text(let text) where text.utf8.contains(0): throw .statement("a text with a NUL character cannot be stored")
        case .real(let number) where number.isNaN: throw .statement("what is not a number cannot be stored")
        default: break
        }
    }
}
