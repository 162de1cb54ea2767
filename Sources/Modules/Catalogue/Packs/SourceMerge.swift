import Kernel

/// Lays one item's source over the one it inherits. Labels and rules are replaced whole, so that no translation of old
/// words stays behind.
struct SourceMerge {
    /// Mappings that merge key by key.
    private static let merged: Set<String> = ["limits", "contacts", "themes", "report_up"]

    let log: FindingLog

    func merge(_ own: SourceNode, onto base: SourceNode) -> SourceNode {
        var remaining = base
        if let drop = own["drop"] { remaining = dropping(drop, from: base) }
        return overlay(own, onto: remaining)
    }

    private func overlay(_ own: SourceNode, onto base: SourceNode) -> SourceNode {
        guard let ownMembers = own.members, let baseMembers = base.members else { return own }
        var members: [SourceNode.Member] = []
        for member in baseMembers where member.key != "inherits" && member.key != "drop" {
            guard let over = ownMembers.first(where: { $0.key == member.key }) else {
                members.append(member)
                continue
            }
            members.append(
                SourceNode.Member(
                    key: over.key, line: over.line, value: value(over.key, over.value, onto: member.value)))
        }
        members += ownMembers.filter { over in !baseMembers.contains { $0.key == over.key } || over.key == "inherits" }
        return SourceNode(file: own.file, line: own.line, content: .mapping(members))
    }

    private func value(_ key: String, _ own: SourceNode, onto base: SourceNode) -> SourceNode {
        if SourceMerge.merged.contains(key) { return overlay(own, onto: base) }
        guard let ownEntries = own.elements, let baseEntries = base.elements, !ownEntries.isEmpty,
            (ownEntries + baseEntries).allSatisfy({ $0.entryID != nil })
        else { return own }
        var entries = baseEntries.map { entry in
            ownEntries.first { $0.entryID == entry.entryID }.map { overlay($0, onto: entry) } ?? entry
        }
        entries += ownEntries.filter { over in !baseEntries.contains { $0.entryID == over.entryID } }
        return SourceNode(file: own.file, line: own.line, content: .list(entries))
    }

    // MARK: drop

    private func dropping(_ drop: SourceNode, from base: SourceNode) -> SourceNode {
        var result = base
        for member in drop.members ?? [] {
            let ids = (member.value.elements ?? [member.value]).compactMap { node in
                node.text.map { (id: $0, node: node) }
            }
            for (id, node) in ids where !remove(id, of: member.key, from: &result) {
                log.report(
                    .error, "drop.unknown", file: node.file, line: node.line, zh: "上级的“\(member.key)”里没有“\(id)”",
                    en: "“\(member.key)” above has no “\(id)”", do: ("改正或者删去", "Correct or remove it"))
            }
        }
        return result
    }

    private func remove(_ id: String, of key: String, from base: inout SourceNode) -> Bool {
        switch key {
        case "keys": return removeMember(id, from: &base)
        case "fields": return removeNested(id, list: "form", inner: "fields", from: &base)
        case "answers":
            let parts = id.split(separator: ".").map(String.init)
            guard parts.count == 2 else { return false }
            return removeNested(parts[1], list: "situations", inner: "answers", only: parts[0], from: &base)
        default: return removeEntry(id, list: key, from: &base)
        }
    }

    private func removeMember(_ key: String, from node: inout SourceNode) -> Bool {
        guard case .mapping(var members) = node.content, let index = members.firstIndex(where: { $0.key == key }) else {
            return false
        }
        members.remove(at: index)
        node.content = .mapping(members)
        return true
    }

    private func removeEntry(_ id: String, list key: String, from node: inout SourceNode) -> Bool {
        guard case .mapping(var members) = node.content, let index = members.firstIndex(where: { $0.key == key }),
            case .list(var entries) = members[index].value.content,
            let at = entries.firstIndex(where: { $0.entryID == id })
        else { return false }
        entries.remove(at: at)
        members[index].value.content = .list(entries)
        node.content = .mapping(members)
        return true
    }

    private func removeNested(
        _ id: String, list: String, inner: String, only: String? = nil, from node: inout SourceNode
    ) -> Bool {
        guard case .mapping(var members) = node.content, let index = members.firstIndex(where: { $0.key == list }),
            case .list(var entries) = members[index].value.content
        else { return false }
        for at in entries.indices where only == nil || entries[at].entryID == only {
            if removeEntry(id, list: inner, from: &entries[at]) {
                members[index].value.content = .list(entries)
                node.content = .mapping(members)
                return true
            }
        }
        return false
    }
}

extension SourceNode {
    /// File and line of what a path names: keys and entry ids from the top. Where a part is missing, the deepest that
    /// is there.
    func place(_ path: [String]) -> (file: String, line: Int) {
        var node = self
        var place = (file: file, line: line)
        for part in path {
            if let member = node.members?.first(where: { $0.key == part }) {
                node = member.value
                place = (node.file, member.line)
            } else if let entry = node.entry(part) {
                node = entry
                place = (node.file, node.line)
            } else {
                break
            }
        }
        return place
    }
}
