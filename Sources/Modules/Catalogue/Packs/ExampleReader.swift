import Kernel

/// Reads a field's `example:` as answers are stored; a wrong shape is a finding.
struct ExampleReader {
    let log: FindingLog

    /// Nil, with a finding, where the example does not fit the kind of field.
    func value(_ node: SourceNode, _ kind: FieldKind, _ columns: [FormField]) -> JSON? {
        switch kind {
        case .text, .phone, .idcard, .uscc, .select, .address, .date: return text(node).map(JSON.string)
        case .number: return amount(node) { Millionths($0)?.json }
        case .money: return amount(node) { Money(yuan: $0).map { .int($0.fen) } }
        case .multi:
            let chosen = (node.elements ?? [node]).compactMap { text($0).map(JSON.string) }
            return chosen.isEmpty ? nil : .array(chosen)
        case .person, .organisation: return members(node) { key, value in text(value).map(JSON.string) }
        case .table:
            guard let rows = node.elements, !rows.isEmpty else { return wrong(node) }
            return .array(
                rows.compactMap { row in
                    members(row) { key, value in
                        guard let column = columns.first(where: { $0.id == key }) else { return wrong(value) }
                        return self.value(value, column.kind, [])
                    }
                })
        case .file: return wrong(node)
        }
    }

    private func text(_ node: SourceNode) -> String? {
        guard let text = node.text, !text.isEmpty, text.count <= 500 else { return wrong(node) }
        return text
    }

    private func amount(_ node: SourceNode, _ read: (String) -> JSON?) -> JSON? {
        guard let text = node.text, let value = read(text) else { return wrong(node) }
        return value
    }

    private func members(_ node: SourceNode, _ read: (String, SourceNode) -> JSON?) -> JSON? {
        guard let members = node.members, !members.isEmpty else { return wrong(node) }
        var found: [String: JSON] = [:]
        for member in members { found[member.key] = read(member.key, member.value) }
        return .object(found)
    }

    private func wrong<T>(_ node: SourceNode) -> T? {
        log.report(
            .error, "field.example", file: node.file, line: node.line, zh: "样例的写法与字段的种类不符",
            en: "the example does not fit the kind of field",
            do: ("文字直接写；选择写标识；人员写 {name: …}；表格写一列行", "A text; an option's id; {name: …} of a person; a list of rows"))
        return nil
    }
}
