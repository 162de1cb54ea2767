/// What reads bytes that anybody may send, and what must hold for whatever they are.
///
/// The same properties are tried by libFuzzer (`make fuzz`) and by `swift test` with the inputs kept in `Fuzz/Seeds` and `Fuzz/Found`.
package enum Property: String, CaseIterable, Sendable {
    /// JsonLogic: a rule and its data.
    case rules
    /// YAML of a pack, an item or a calendar, and the linter over it.
    case pack
    /// A list of items as CSV.
    case list
    /// The body of an upload.
    case multipart
    /// Entries of a case's journal, and lines of anchors.
    case journal
    /// JSON text.
    case json
    /// Queries, forms and paths.
    case address

    /// Tries the property on an input; a trap is a fault too.
    ///
    /// - Throws: `Broken` where something that must hold does not.
    package func check(_ bytes: [UInt8]) async throws {
        switch self {
        case .rules: try RuleProperty.check(bytes)
        case .pack: try PackProperty.check(bytes)
        case .list: try ListProperty.check(bytes)
        case .multipart: try await MultipartProperty.check(bytes)
        case .journal: try JournalProperty.check(bytes)
        case .json: try JSONProperty.check(bytes)
        case .address: try AddressProperty.check(bytes)
        }
    }
}

/// Something that must hold does not.
package struct Broken: Error, CustomStringConvertible {
    package let description: String

    init(_ what: String) { description = what }
}

func hold(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    guard condition else { throw Broken(what()) }
}

/// Equal, or told with both sides.
func same<T: Equatable>(_ a: T, _ b: T, _ what: String) throws {
    guard a == b else { throw Broken("\(what): \(String(reflecting: a)) is not \(String(reflecting: b))") }
}
