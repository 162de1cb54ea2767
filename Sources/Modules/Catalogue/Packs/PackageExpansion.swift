import Kernel

/// Turns a package as it is written (`packages/*.yaml`) into the source of its merged item, and the plan of its steps.
///
/// What is taken from an item with `from` is that item's own source: label, kind, options and rules, with the names its rules read
/// replaced by the package's.
struct PackageExpansion {
    /// The merged item's source, and who gets what of it.
    struct Result {
        let node: SourceNode
        let plan: PackagePlan
    }

    let node: SourceNode
    /// The area's items, already resolved.
    let items: [String: ResolvedItem]
    let log: FindingLog

    private static let own: Set<String> = ["steps", "on_failure"]

    func run() -> Result {
        var steps = self.steps()
        let entries = self.entries
        for entry in entries { fill(&steps, with: entry) }
        let byID = Dictionary(steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var members = (node.members ?? []).filter { !Self.own.contains($0.key) }
        for index in members.indices {
            switch members[index].key {
            case "situations", "materials":
                let key = members[index].key
                members[index].value = list(members[index].value) { expanded($0, key, byID) }
            case "form":
                members[index].value = list(members[index].value) { section in
                    guard let fields = section["fields"] else { return section }
                    let shown = list(fields) { expanded($0, "form", byID) }
                    return shown.elements?.isEmpty == true ? nil : replacing("fields", in: section, by: shown)
                }
            default: break
            }
        }
        let plan = PackagePlan(steps: steps)
        members += defaults(steps).filter { fallback in !members.contains { $0.key == fallback.key } }
        return Result(node: SourceNode(file: node.file, line: node.line, content: .mapping(members)), plan: plan)
    }

    // MARK: Steps

    private func steps() -> [PackagePlan.Step] {
        let m = MappingReader(node, log: log)
        if !m.has("steps") { m.missing("steps") }
        let usual: PackagePlan.FailureRule = m.choice("on_failure") ?? .stop
        return m.entries("steps").map { entry in
            let slug = entry.requiredSlug("item")
            let item = items[slug]?.definition
            if item == nil, !slug.isEmpty {
                entry.report(
                    "package.item", at: entry.value("item") ?? entry.node, zh: "目录里没有事项“\(slug)”",
                    en: "the catalogue has no item “\(slug)”",
                    do: ("补充这个事项，或者用 drop 删去这一步", "Add the item, or drop the step"))
            }
            let (answers, values) = constants(entry)
            let step = PackagePlan.Step(
                id: entry.id(), item: slug, name: entry.label("name") ?? item?.name ?? LocalizedText(zh: slug),
                department: item?.department ?? "", promised: item?.limits.promised ?? Limit(0, .workingDays),
                after: entry.texts("after"), when: entry.rule("when"), onFailure: entry.choice("on_failure") ?? usual,
                tracked: entry.bool("tracked", default: false), situations: [:], answers: answers, fields: [:],
                values: values, materials: [:], results: results(entry),
                certificates: item?.outcome.compactMap(\.certificate) ?? [])
            entry.finish()
            return step
        }
    }

    /// `set: {situation.kind: limited, form.agreed: "yes"}`.
    private func constants(_ entry: MappingReader) -> (answers: [String: JSON], values: [String: JSON]) {
        var answers: [String: JSON] = [:]
        var values: [String: JSON] = [:]
        for member in entry.value("set")?.members ?? [] {
            let parts = member.key.split(separator: ".", maxSplits: 1).map(String.init)
            switch (parts.first, parts.count) {
            case ("situation", 2): answers[parts[1]] = member.value.json
            case ("form", 2): values[parts[1]] = member.value.json
            default:
                log.report(
                    .error, "package.set", file: member.value.file, line: member.line,
                    zh: "“\(member.key)”应写成 situation.ID 或 form.ID",
                    en: "“\(member.key)” must be situation.ID or form.ID")
            }
        }
        return (answers, values)
    }

    /// `results: {uscc: licence}`: the item's field takes the number of an earlier step's result.
    private func results(_ entry: MappingReader) -> [String: String] {
        var found: [String: String] = [:]
        for member in entry.value("results")?.members ?? [] { found[member.key] = member.value.text ?? "" }
        return found
    }

    // MARK: Who gets what

    /// A question, field or material of the package, with where it goes.
    private struct Entry {
        let kind: String
        let id: String
        let node: SourceNode
    }

    private var entries: [Entry] {
        func all(_ list: SourceNode?, _ kind: String) -> [Entry] {
            (list?.elements ?? []).map { Entry(kind: kind, id: $0["id"]?.text ?? "", node: $0) }
        }
        return all(node["situations"], "situations") + all(node["materials"], "materials")
            + (node["form"]?.elements ?? []).flatMap { all($0["fields"], "form") }
    }

    /// `step.id`, or `step` for the same id.
    private func target(_ text: String, _ id: String) -> (step: String, id: String) {
        let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? parts[1] : id)
    }

    private func fill(_ steps: inout [PackagePlan.Step], with entry: Entry) {
        let fills = entry.node["fills"]
        let targets = ([entry.node["from"]] + (fills?.elements ?? [fills])).compactMap { $0 }
        for node in targets {
            guard let text = node.text else { continue }
            let (name, id) = target(text, entry.id)
            guard let index = steps.firstIndex(where: { $0.id == name }) else {
                // A step that a lower level dropped takes what it would have got with it.
                if self.node["inherits"] == nil {
                    report(
                        "package.step", node, "没有步骤“\(name)”", "there is no step “\(name)”",
                        ("写成 步骤.标识", "Write STEP.ID"))
                }
                continue
            }
            if isDropped(id, entry.kind, of: steps[index]) { continue }
            let path: WritableKeyPath<PackagePlan.Step, [String: String]> =
                entry.kind == "form" ? \.fields : entry.kind == "materials" ? \.materials : \.situations
            if let other = steps[index][keyPath: path][id], other != entry.id {
                report(
                    "package.twice", node, "“\(text)”已经由“\(other)”填写", "“\(text)” is filled by “\(other)” already",
                    ("只留一个", "Keep one"))
            }
            steps[index][keyPath: path][id] = entry.id
        }
        if targets.isEmpty, entry.kind != "situations", self.node["inherits"] == nil {
            report(
                "package.unused", entry.node, "“\(entry.id)”没有用在任何步骤", "“\(entry.id)” goes to no step",
                ("写 from 或者 fills", "Write from or fills"))
        }
    }

    // MARK: What is taken from an item

    /// The entry with what it takes; nil where every item it is for has dropped it.
    private func expanded(_ entry: SourceNode, _ kind: String, _ steps: [String: PackagePlan.Step]) -> SourceNode? {
        let members = (entry.members ?? []).filter { $0.key != "from" && $0.key != "fills" }
        let bare = SourceNode(file: entry.file, line: entry.line, content: .mapping(members))
        guard let stated = entry["from"], stated.text != nil else { return bare }
        let own = entry["id"]?.text ?? ""
        let places = ([stated] + (entry["fills"]?.elements ?? [entry["fills"]].compactMap { $0 })).filter { place in
            let (name, id) = target(place.text ?? "", own)
            return steps[name].map { !isDropped(id, kind, of: $0) } ?? false
        }
        guard let from = places.first, let text = from.text else { return nil }
        let (name, id) = target(text, own)
        guard let step = steps[name], let item = items[step.item] else { return bare }
        guard let base = source(id, kind, in: item.node) else {
            report(
                "package.from", from, "“\(step.item)”里没有“\(id)”", "“\(step.item)” has no “\(id)”",
                ("改正 from", "Correct from"))
            return bare
        }
        let replaced = Set(members.map(\.key))
        let taken = (base.members ?? []).filter { $0.key != "id" && !replaced.contains($0.key) }.compactMap { member in
            let value =
                member.key == "prefill" ? prefill(member.value, step) : renamed(member.value, step, at: from)
            return value.map { SourceNode.Member(key: member.key, line: entry.line, value: $0) }
        }
        return SourceNode(file: entry.file, line: entry.line, content: .mapping(members + taken))
    }

    /// The area's item leaves out what the one above it asks for: then the package does not ask for it either.
    private func isDropped(_ id: String, _ kind: String, of step: PackagePlan.Step) -> Bool {
        guard let item = items[step.item], item.node["inherits"] != nil else { return false }
        return source(id, kind, in: item.node) == nil
    }

    private func source(_ id: String, _ kind: String, in item: SourceNode) -> SourceNode? {
        guard kind == "form" else { return item[kind]?.entry(id) }
        return (item["form"]?.elements ?? []).lazy.compactMap { $0["fields"]?.entry(id) }.first
    }

    /// The same with names of the item's questions and fields replaced by the package's, or by what the step always answers.
    private func renamed(_ node: SourceNode, _ step: PackagePlan.Step, at from: SourceNode) -> SourceNode {
        switch node.content {
        case .mapping(let members):
            if members.count == 1, members[0].key == "var" {
                let name = members[0].value.text ?? members[0].value.elements?.first?.text ?? ""
                guard let new = replacement(of: name, step, at: from) else { return node }
                switch new {
                case .name(let text):
                    var member = members[0]
                    if case .list(var list) = member.value.content, !list.isEmpty {
                        list[0].content = .scalar(text, plain: false)
                        member.value.content = .list(list)
                    } else {
                        member.value.content = .scalar(text, plain: false)
                    }
                    return SourceNode(file: node.file, line: node.line, content: .mapping([member]))
                case .constant(let json): return SourceNode(json, file: node.file, line: node.line)
                }
            }
            let inner = members.map { member in
                var copy = member
                copy.value = renamed(member.value, step, at: from)
                return copy
            }
            return SourceNode(file: node.file, line: node.line, content: .mapping(inner))
        case .list(let elements):
            return SourceNode(
                file: node.file, line: node.line, content: .list(elements.map { renamed($0, step, at: from) }))
        case .scalar, .null: return node
        }
    }

    /// Sources of answers that are known already; an answer that the package does not ask cannot be one.
    private func prefill(_ node: SourceNode, _ step: PackagePlan.Step) -> SourceNode? {
        let kept = (node.elements ?? [node]).compactMap { source -> SourceNode? in
            let parts = (source.text ?? "").split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2, parts[0] == "answer" || parts[0] == "situation" else { return source }
            let known = parts[0] == "answer" ? step.fields[parts[1]] : step.situations[parts[1]]
            return known.map {
                SourceNode(file: node.file, line: node.line, content: .scalar("\(parts[0]).\($0)", plain: true))
            }
        }
        return kept.isEmpty ? nil : SourceNode(file: node.file, line: node.line, content: .list(kept))
    }

    private enum Replacement {
        case name(String)
        case constant(JSON)
    }

    private func replacement(of name: String, _ step: PackagePlan.Step, at from: SourceNode) -> Replacement? {
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count >= 2, parts[0] == "form" || parts[0] == "situation" else { return nil }
        let (names, constants) =
            parts[0] == "form" ? (step.fields, step.values) : (step.situations, step.answers)
        if let new = names[parts[1]] { return .name(([parts[0], new] + parts.dropFirst(2)).joined(separator: ".")) }
        if let value = constants[parts[1]] { return .constant(value) }
        report(
            "package.reads", from, "“\(from.text ?? "")”的条件要读“\(name)”，一件事里没有问",
            "a rule of “\(from.text ?? "")” reads “\(name)”, which the package does not ask",
            ("用 fills 接上，用 set 写定，或者另写这一条件", "Map it with fills, set it, or write the rule anew"))
        return nil
    }

    // MARK: Shapes

    private func list(_ node: SourceNode, _ change: (SourceNode) -> SourceNode?) -> SourceNode {
        guard case .list(let elements) = node.content else { return node }
        return SourceNode(file: node.file, line: node.line, content: .list(elements.compactMap(change)))
    }

    private func replacing(_ key: String, in node: SourceNode, by value: SourceNode) -> SourceNode {
        let members = (node.members ?? []).map { member in
            member.key == key ? SourceNode.Member(key: key, line: member.line, value: value) : member
        }
        return SourceNode(file: node.file, line: node.line, content: .mapping(members))
    }

    /// What a package need not write: it is no power of its own, and its steps say the rest.
    private func defaults(_ steps: [PackagePlan.Step]) -> [SourceNode.Member] {
        func words(_ texts: [String]) -> SourceNode.Content {
            .list(texts.map { SourceNode(file: node.file, line: node.line, content: .scalar($0, plain: true)) })
        }
        var seen: Set<String> = []
        let delivery = steps.compactMap { items[$0.item]?.definition }.flatMap(\.delivery)
            .filter { $0 != .expressBoth && $0 != .collectedAtInspection }.map(\.rawValue)
            .filter { seen.insert($0).inserted }
        let contents: [(String, SourceNode.Content)] = [
            ("type", .scalar(ItemType.publicService.rawValue, plain: true)), ("level", .scalar("county", plain: true)),
            ("handling", .scalar("promised", plain: true)), ("four_eyes", .scalar("false", plain: true)),
            ("delivery", words(delivery)), ("form", .list([])), ("materials", .list([])), ("stages", .list([])),
            ("outcome", .list([])),
        ]
        return contents.map { key, content in
            SourceNode.Member(
                key: key, line: node.line, value: SourceNode(file: node.file, line: node.line, content: content))
        }
    }

    private func report(
        _ rule: String, _ at: SourceNode, _ zh: String, _ en: String, _ advice: (zh: String, en: String)
    ) {
        log.report(.error, rule, file: at.file, line: at.line, zh: zh, en: en, do: advice)
    }
}

extension SourceNode {
    /// Written as a package file.
    var isPackage: Bool { file.contains("/packages/") }

    /// A value as if it had been written at a place.
    init(_ json: JSON, file: String, line: Int) {
        let content: Content =
            switch json {
            case .null: .null
            case .bool(let value): .scalar(value ? "true" : "false", plain: true)
            case .int(let value): .scalar(String(value), plain: true)
            case .double(let value): .scalar(String(value), plain: true)
            case .string(let text): .scalar(text, plain: false)
            case .array(let elements): .list(elements.map { SourceNode($0, file: file, line: line) })
            case .object(let members):
                .mapping(
                    members.sorted { $0.key < $1.key }.map {
                        Member(key: $0.key, line: line, value: SourceNode($0.value, file: file, line: line))
                    })
            }
        self.init(file: file, line: line, content: content)
    }
}
