import Kernel

/// Reads YAML text into source nodes; bounded, so that aliases cannot blow it up.
struct YamlSource {
    static let maximumBytes = 1_000_000
    private static let maximumNodes = 200_000
    private static let maximumDepth = 40

    let file: String
    let log: FindingLog
    private var nodes = 0
    /// What an alias stands for, and how many nodes that is.
    private var anchors: [String: (node: SourceNode, count: Int)] = [:]

    init(file: String, log: FindingLog) {
        self.file = file
        self.log = log
    }

    /// Why reading ended.
    private enum Stop: Error {
        case syntax(YamlEvents.Fault)
        /// It was reported already.
        case reported
    }

    /// The document's mapping, or nil with a finding.
    mutating func read(_ text: String) -> SourceNode? {
        var text = text
        guard text.utf8.count <= YamlSource.maximumBytes else {
            return fail(0, "yaml.size", zh: "文件超过 1 MB", en: "the file is larger than 1 MB")
        }
        do {
            guard let node = try text.withUTF8({ try document($0) }) else {
                return fail(1, "yaml.empty", zh: "文件是空的", en: "the file is empty")
            }
            guard node.members != nil else {
                return fail(
                    node.line, "yaml.mapping", zh: "文件应由“键: 值”组成", en: "the file must consist of keys and values")
            }
            return node
        } catch Stop.syntax(let fault) {
            return fail(
                fault.line, "yaml.syntax", zh: "YAML 语法错误：\(fault.problem)", en: "YAML syntax: \(fault.problem)")
        } catch { return nil }
    }

    private mutating func document(_ bytes: UnsafeBufferPointer<UInt8>) throws(Stop) -> SourceNode? {
        let events: YamlEvents
        do throws(YamlEvents.Fault) { events = try YamlEvents(bytes) } catch { throw .syntax(error) }
        while true {
            switch try next(events) {
            case .streamStart: continue
            case .documentStart: break
            default: return nil
            }
            break
        }
        let root = try node(try next(events), events, depth: 0)
        _ = try next(events)
        guard case .streamEnd = try next(events) else {
            throw .syntax(YamlEvents.Fault(line: events.line, problem: "expected a single document in the stream"))
        }
        return root
    }

    private func next(_ events: YamlEvents) throws(Stop) -> YamlEvents.Event {
        do throws(YamlEvents.Fault) { return try events.next() } catch { throw .syntax(error) }
    }

    private mutating func node(
        _ event: YamlEvents.Event, _ events: YamlEvents, depth: Int
    ) throws(Stop) -> SourceNode {
        let line = events.line
        let before = nodes
        try count(1, line, depth: depth)
        let content: SourceNode.Content
        let anchor: String?
        switch event {
        case .scalar(let text, let plain, let name):
            anchor = name
            let empty = plain && (text.isEmpty || text == "~" || text == "null")
            content = empty ? .null : .scalar(text, plain: plain)
        case .sequenceStart(let name):
            anchor = name
            content = .list(try elements(events, depth: depth + 1))
        case .mappingStart(let name):
            anchor = name
            content = .mapping(try members(events, line, depth: depth + 1))
        case .alias(let name):
            guard let known = anchors[name] else {
                throw report(line, "yaml.alias", zh: "别名没有对应的锚", en: "an alias without its anchor")
            }
            try count(known.count - 1, line, depth: depth)
            return known.node
        default: throw .syntax(YamlEvents.Fault(line: line, problem: "unreadable"))
        }
        let node = SourceNode(file: file, line: line, content: content)
        if let anchor { anchors[anchor] = (node, nodes - before) }
        return node
    }

    private mutating func elements(_ events: YamlEvents, depth: Int) throws(Stop) -> [SourceNode] {
        var elements: [SourceNode] = []
        while true {
            let event = try next(events)
            if case .sequenceEnd = event { return elements }
            elements.append(try node(event, events, depth: depth))
        }
    }

    private mutating func members(
        _ events: YamlEvents, _ start: Int, depth: Int
    ) throws(Stop) -> [SourceNode.Member] {
        var members: [SourceNode.Member] = []
        var twice: [String] = []
        while true {
            let event = try next(events)
            if case .mappingEnd = event { break }
            let line = events.line
            guard case .scalar(let key, _, _) = event else {
                throw report(line, "yaml.key", zh: "键应是文字", en: "a key must be text")
            }
            if members.contains(where: { $0.key == key }) { twice.append(key) }
            let value = try node(try next(events), events, depth: depth)
            members.append(SourceNode.Member(key: key, line: line, value: value))
        }
        guard twice.isEmpty else {
            let keys = Set(twice).sorted().joined(separator: ", ")
            throw .syntax(YamlEvents.Fault(line: start, problem: "duplicate keys: \(keys)"))
        }
        return members
    }

    private mutating func count(_ more: Int, _ line: Int, depth: Int) throws(Stop) {
        nodes += more
        guard depth <= YamlSource.maximumDepth, nodes <= YamlSource.maximumNodes else {
            throw report(line, "yaml.size", zh: "层次过深或者内容过多", en: "nested too deeply or too large")
        }
    }

    private func report(_ line: Int, _ rule: String, zh: String, en: String) -> Stop {
        _ = fail(line, rule, zh: zh, en: en)
        return .reported
    }

    private func fail(_ line: Int, _ rule: String, zh: String, en: String) -> SourceNode? {
        log.add(Finding(.error, rule: rule, file: file, line: line, message: LocalizedText(zh: zh, en: en)))
        return nil
    }
}
