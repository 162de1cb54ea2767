import Kernel

/// A piece of YAML that remembers the file and line it was written in, also after inheritance has merged it with
/// others.
struct SourceNode: Sendable {
    /// A key with its value.
    struct Member: Sendable {
        let key: String
        let line: Int
        var value: SourceNode
    }

    indirect enum Content: Sendable {
        case null
        /// `plain` where it was written without quotes.
        case scalar(String, plain: Bool)
        case list([SourceNode])
        case mapping([Member])
    }

    let file: String
    let line: Int
    var content: Content

    subscript(key: String) -> SourceNode? {
        guard case .mapping(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }

    var members: [Member]? { if case .mapping(let members) = content { members } else { nil } }
    var elements: [SourceNode]? { if case .list(let elements) = content { elements } else { nil } }
    var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
    var isNull: Bool { if case .null = content { true } else { false } }

    /// The value as JSON. Plain `true`, `false`, `null` and numbers are themselves (YAML 1.2: plain `yes` is a word),
    /// the rest is text.
    var json: JSON {
        switch content {
        case .null: .null
        case .scalar(let text, let plain): plain ? SourceNode.value(ofPlain: text) : .string(text)
        case .list(let elements): .array(elements.map(\.json))
        case .mapping(let members):
            .object(Dictionary(members.map { ($0.key, $0.value.json) }, uniquingKeysWith: { _, last in last }))
        }
    }

    private static func value(ofPlain text: String) -> JSON {
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null", "~", "": return .null
        default: break
        }
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first) else {
            return .string(text)
        }
        if let whole = Int64(text) { return .int(whole) }
        if text.utf8.allSatisfy({ (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0) }),
            let number = Double(text)
        {
            return .double(number)
        }
        return .string(text)
    }

    /// The line of a key, or of the mapping where the key is missing.
    func line(of key: String) -> Int { members?.first { $0.key == key }?.line ?? line }

    /// The element of a list whose `id` (or `kind`, where it has none) is given.
    func entry(_ id: String) -> SourceNode? { elements?.first { $0.entryID == id } }

    /// What a list entry is merged by.
    var entryID: String? { (self["id"] ?? self["kind"])?.text }
}
