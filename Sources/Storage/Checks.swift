import Foundation

extension ResolvedSQL {
    /// Whether it reads or writes rows, as nearly all do; told without taking the text apart, and false where that would be needed.
    package var isPlain: Bool { Self.plain.contains { text.hasPrefix($0) } }

    private static let plain = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "]

    /// The statement's first word in small letters; empty where a comment or a bracket comes first.
    package var firstWord: String {
        let start = text.utf8.drop { $0 == 32 || (9...13).contains($0) }
        return Substring(start.prefix { (65...90).contains($0 & 0xDF) }).lowercased()
    }

    /// Drivers call this before they prepare a statement: a unit's beginning and end belong to the driver.
    ///
    /// - Throws: `StorageError.statement` where the statement begins with one of the words that end or begin transactions.
    package func refuseTransactionControl() throws(StorageError) {
        if !isPlain, Self.controls.contains(firstWord) {
            throw .statement("a unit of work neither begins nor ends by itself: \(text)")
        }
    }

    private static let controls: Set<String> = [
        "abort", "attach", "begin", "commit", "detach", "end", "prepare", "release", "rollback", "savepoint", "start",
    ]
}

extension SQLValue {
    /// Drivers call this before they bind: what one of the engines cannot keep is refused on both.
    ///
    /// - Throws: `StorageError.statement` for a text with a NUL character and for a real that is not a number.
    package func refuseUnstorable() throws(StorageError) {
        switch self {
        case .text(let text) where text.holdsNUL:
            throw .statement("a text with a NUL character cannot be stored")
        case .real(let number) where number.isNaN: throw .statement("what is not a number cannot be stored")
        default: break
        }
    }
}

extension String {
    fileprivate var holdsNUL: Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
        } ?? utf8.contains(0)
    }
}
