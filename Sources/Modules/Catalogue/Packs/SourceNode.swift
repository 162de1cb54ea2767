import Kernel
import Yams

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

/// Reads YAML text into source nodes; bounded, so that aliases cannot blow it up.
struct YamlSource {
    static let maximumBytes = 1_000_000
    private static let maximumNodes = 200_000
    private static let maximumDepth = 40

    let file: String
    let log: FindingLog
    private var nodes = 0

    init(file: String, log: FindingLog) {
        self.file = file
        self.log = log
    }

    /// The document's mapping, or nil with a finding.
    mutating func read(_ text: String) -> SourceNode? {
        guard text.utf8.count <= YamlSource.maximumBytes else {
            return fail(0, "yaml.size", zh: "文件超过 1 MB", en: "the file is larger than 1 MB")
        }
        do {
            guard let root = try Yams.compose(yaml: text, .basic) else {
                return fail(1, "yaml.empty", zh: "文件是空的", en: "the file is empty")
            }
            guard let node = convert(root, depth: 0) else { return nil }
            guard node.members != nil else {
                return fail(
                    node.line, "yaml.mapping", zh: "文件应由“键: 值”组成", en: "the file must consist of keys and values")
            }
            return node
        } catch let error as YamlError {
            let (line, problem) = YamlSource.place(of: error)
            return fail(line, "yaml.syntax", zh: "YAML 语法错误：\(problem)", en: "YAML syntax: \(problem)")
        } catch {
            return fail(0, "yaml.syntax", zh: "YAML 语法错误", en: "YAML syntax error")
        }
    }

    private mutating func convert(_ node: Node, depth: Int) -> SourceNode? {
        nodes += 1
        let line = node.mark?.line ?? 0
        guard depth <= YamlSource.maximumDepth, nodes <= YamlSource.maximumNodes else {
            if nodes <= YamlSource.maximumNodes + 1 {
                nodes = YamlSource.maximumNodes + 1
                _ = fail(line, "yaml.size", zh: "层次过深或者内容过多", en: "nested too deeply or too large")
            }
            return nil
        }
        let content: SourceNode.Content
        switch node {
        case .scalar(let scalar):
            let plain = scalar.style == .plain || scalar.style == .any
            let empty = plain && ["", "~", "null"].contains(scalar.string)
            content = empty ? .null : .scalar(scalar.string, plain: plain)
        case .sequence(let sequence):
            var elements: [SourceNode] = []
            for element in sequence {
                guard let element = convert(element, depth: depth + 1) else { return nil }
                elements.append(element)
            }
            content = .list(elements)
        case .mapping(let mapping):
            var members: [SourceNode.Member] = []
            for (key, value) in mapping {
                guard let value = convert(value, depth: depth + 1) else { return nil }
                guard let name = key.scalar?.string else {
                    return fail(key.mark?.line ?? line, "yaml.key", zh: "键应是文字", en: "a key must be text")
                }
                members.append(SourceNode.Member(key: name, line: key.mark?.line ?? value.line, value: value))
            }
            content = .mapping(members)
        case .alias:
            return fail(line, "yaml.alias", zh: "别名没有对应的锚", en: "an alias without its anchor")
        }
        return SourceNode(file: file, line: line, content: content)
    }

    private func fail(_ line: Int, _ rule: String, zh: String, en: String) -> SourceNode? {
        log.add(Finding(.error, rule: rule, file: file, line: line, message: LocalizedText(zh: zh, en: en)))
        return nil
    }

    private static func place(of error: YamlError) -> (Int, String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark.line, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            (context.mark.line, "duplicate keys: " + duplicates.sorted().joined(separator: ", "))
        case .reader(let problem, let offset, _, let yaml):
            (offset.map { yaml.utf8.prefix($0).count { $0 == 10 } + 1 } ?? 1, problem)
        default: (1, "unreadable")
        }
    }
}
