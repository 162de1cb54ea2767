import Kernel

/// Reads the keys of one mapping, reports what is missing, wrong or unknown, and goes on.
final class MappingReader {
    let node: SourceNode
    let log: FindingLog
    /// Keys that were asked for, some of them more than once: few enough that hashing them would cost more.
    private var known: [String] = []

    init(_ node: SourceNode, log: FindingLog) {
        self.node = node
        self.log = log
        if node.members == nil {
            report("value.kind", at: node, zh: "这里应由“键: 值”组成", en: "keys and values are expected here")
        }
    }

    /// The value of a key, unless it is missing or null.
    func value(_ key: String) -> SourceNode? {
        known.append(key)
        guard let value = node[key], !value.isNull else { return nil }
        return value
    }

    func has(_ key: String) -> Bool { value(key) != nil }

    /// Every key that nobody asked for is a finding.
    func finish() {
        for member in node.members ?? [] where !known.contains(member.key) {
            let near = Set(known).filter { editDistance($0, member.key, limit: 2) <= 2 }.min()
            log.report(
                .error, "key.unknown", file: member.value.file, line: member.line, zh: "不认识的键“\(member.key)”",
                en: "unknown key “\(member.key)”",
                do: near.map { ("是不是“\($0)”", "Did you mean “\($0)”") } ?? ("删去或者改正这个键", "Remove or correct it"))
        }
    }

    func report(_ rule: String, at node: SourceNode, zh: String, en: String, do advice: (zh: String, en: String)? = nil)
    {
        log.report(.error, rule, file: node.file, line: node.line, zh: zh, en: en, do: advice)
    }

    func missing(_ key: String) {
        log.report(
            .error, "key.missing", file: node.file, line: node.line, zh: "缺少“\(key)”", en: "“\(key)” is missing",
            do: ("补写这个键", "Write it"))
    }

    // MARK: Scalars

    /// Text of at most `max` characters.
    func text(_ key: String, max: Int = 200) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.text else {
            report("value.kind", at: value, zh: "“\(key)”应是一段文字", en: "“\(key)” must be text")
            return nil
        }
        // No text has more characters than bytes, and counting these costs nothing.
        guard text.utf8.count <= max || text.count <= max else {
            report("value.range", at: value, zh: "“\(key)”超过 \(max) 字", en: "“\(key)” is longer than \(max) characters")
            return nil
        }
        return text
    }

    func requiredText(_ key: String, max: Int = 200) -> String {
        if !has(key) { missing(key) }
        return text(key, max: max) ?? ""
    }

    /// An id: `[a-z][a-z0-9_]*`, at most 40 characters.
    func id(_ key: String = "id") -> String {
        let text = requiredText(key, max: 40)
        if let node = value(key), !text.isEmpty, !isIdentifier(text, joiner: "_") {
            report(
                "value.id", at: node, zh: "“\(text)”不能作标识", en: "“\(text)” is not an id",
                do: ("用小写字母、数字和下划线", "Use lower-case letters, digits and underscores"))
        }
        return text
    }

    /// A slug: `[a-z][a-z0-9-]*`, at most 80 characters.
    func slug(_ key: String) -> String? {
        guard let text = text(key, max: 80) else { return nil }
        checkSlug(text, at: value(key) ?? node)
        return text
    }

    func requiredSlug(_ key: String) -> String {
        if !has(key) { missing(key) }
        return slug(key) ?? ""
    }

    private func checkSlug(_ text: String, at node: SourceNode) {
        if !isIdentifier(text, joiner: "-") {
            report(
                "value.slug", at: node, zh: "“\(text)”不能作短名", en: "“\(text)” is not a slug",
                do: ("用小写字母、数字和连字符", "Use lower-case letters, digits and hyphens"))
        }
    }

    func bool(_ key: String, default fallback: Bool) -> Bool {
        guard let value = value(key) else { return fallback }
        if case .bool(let bool) = value.json { return bool }
        report("value.kind", at: value, zh: "“\(key)”应是 true 或 false", en: "“\(key)” must be true or false")
        return fallback
    }

    func int(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard let number = value.json.integer.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            report(
                "value.range", at: value, zh: "“\(key)”应是 \(range.lowerBound) 到 \(range.upperBound) 的整数",
                en: "“\(key)” must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    func limit(_ key: String) -> Limit? {
        guard let value = value(key) else { return nil }
        if let limit = value.text.flatMap({ Limit($0) }) { return limit }
        report(
            "value.limit", at: value, zh: "“\(value.text ?? "")”不是时限", en: "“\(value.text ?? "")” is not a limit",
            do: ("写成 20wd、4wh、5d、2h、3mo 或 1y", "Write 20wd, 4wh, 5d, 2h, 3mo or 1y"))
        return nil
    }

    /// One of the fixed values of an enumeration.
    func choice<E: RawRepresentable & CaseIterable>(_ key: String, as type: E.Type = E.self) -> E?
    where E.RawValue == String {
        guard let value = value(key) else { return nil }
        return choice(value, key, as: type)
    }

    func requiredChoice<E: RawRepresentable & CaseIterable>(_ key: String, or fallback: E) -> E
    where E.RawValue == String {
        if !has(key) { missing(key) }
        return choice(key, as: E.self) ?? fallback
    }

    private func choice<E: RawRepresentable & CaseIterable>(_ value: SourceNode, _ key: String, as type: E.Type) -> E?
    where E.RawValue == String {
        if let found = value.text.flatMap({ E(rawValue: $0) }) { return found }
        let allowed = E.allCases.map(\.rawValue).joined(separator: ", ")
        report(
            "value.choice", at: value, zh: "“\(key)”不能是“\(value.text ?? "")”",
            en: "“\(key)” cannot be “\(value.text ?? "")”",
            do: ("从这些中选：\(allowed)", "Choose from: \(allowed)"))
        return nil
    }

    // MARK: Texts and rules

    /// A label: `{zh: …, en: …}`, or a plain text in Chinese.
    func label(_ key: String) -> LocalizedText? { value(key).flatMap { label($0, key) } }

    func requiredLabel(_ key: String) -> LocalizedText {
        if !has(key) { missing(key) }
        return label(key) ?? LocalizedText(zh: "")
    }

    private func label(_ value: SourceNode, _ key: String) -> LocalizedText? {
        if let text = value.text { return checked(LocalizedText(zh: text), value, key) }
        let inner = MappingReader(value, log: log)
        guard value.members != nil else { return nil }
        let text = LocalizedText(
            zh: inner.requiredText("zh", max: 2000), en: inner.text("en", max: 2000), bo: inner.text("bo", max: 2000),
            ii: inner.text("ii", max: 2000))
        inner.finish()
        return checked(text, value, key)
    }

    private func checked(_ text: LocalizedText, _ node: SourceNode, _ key: String) -> LocalizedText? {
        if text.zh.allSatisfy(\.isWhitespace) {
            report("value.empty", at: node, zh: "“\(key)”没有中文", en: "“\(key)” has no Chinese text")
            return nil
        }
        return text
    }

    func rule(_ key: String) -> Rule? { value(key).map { Rule($0.json) } }

    // MARK: Lists and mappings

    /// A list of texts; a single text stands for a list of one.
    func texts(_ key: String) -> [String] {
        scalars(key).compactMap { element in
            if let text = element.text, !text.isEmpty, text.count <= 200 { return text }
            report("value.kind", at: element, zh: "“\(key)”应是一列文字", en: "“\(key)” must be a list of texts")
            return nil
        }
    }

    func choices<E: RawRepresentable & CaseIterable>(_ key: String, as type: E.Type = E.self) -> [E]
    where E.RawValue == String, E: Equatable {
        var found: [E] = []
        for element in scalars(key) {
            guard let value = choice(element, key, as: type) else { continue }
            if found.contains(value) {
                report(
                    "value.duplicate", at: element, zh: "“\(value.rawValue)”写了两次",
                    en: "“\(value.rawValue)” stands twice")
            } else {
                found.append(value)
            }
        }
        return found
    }

    private func scalars(_ key: String) -> [SourceNode] {
        guard let value = value(key) else { return [] }
        return value.elements ?? [value]
    }

    func mapping(_ key: String) -> MappingReader? { value(key).map { MappingReader($0, log: log) } }

    /// The entries of a list of mappings; a repeated `unique` key is a finding, and the second entry is left out.
    func entries(_ key: String, unique: String? = "id") -> [MappingReader] {
        guard let value = value(key) else { return [] }
        guard let elements = value.elements else {
            report("value.kind", at: value, zh: "“\(key)”应是一列条目", en: "“\(key)” must be a list of entries")
            return []
        }
        var seen: Set<String> = []
        return elements.compactMap { element in
            guard element.members != nil else {
                report(
                    "value.kind", at: element, zh: "“\(key)”的每一条应由“键: 值”组成",
                    en: "each entry of “\(key)” must have keys and values")
                return nil
            }
            if let unique, let id = element[unique]?.text, !seen.insert(id).inserted {
                report(
                    "id.duplicate", at: element, zh: "“\(key)”里有两个“\(id)”", en: "“\(key)” has “\(id)” twice",
                    do: ("改一个标识", "Give one another id"))
                return nil
            }
            return MappingReader(element, log: log)
        }
    }
}

/// `[a-z][a-z0-9]*` with single characters `joiner` (of ASCII) allowed inside.
func isIdentifier(_ text: String, joiner: Unicode.Scalar) -> Bool {
    let joiner = UInt8(ascii: joiner)
    func isLetter(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    guard let first = text.utf8.first, isLetter(first), text.utf8.last != joiner else { return false }
    return text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || $0 == joiner }
}
