import Kernel

/// Reads `retention`: one term for the volume, or `{archive, personal, undecided, drafts}`.
struct KeepingReader {
    let log: FindingLog

    func read(_ m: MappingReader, type: ItemType) -> (archive: Retention, more: Keeping?) {
        let usual = Retention.customary(for: type)
        guard let node = m.value("retention") else { return (usual, nil) }
        guard node.members != nil else { return (term(node, node.text) ?? usual, nil) }
        let inner = MappingReader(node, log: log)
        let archive = inner.value("archive").flatMap { term($0, $0.text) } ?? usual
        let personal = inner.value("personal").flatMap { term($0, $0.text) }
        let undecided = inner.value("undecided").flatMap { term($0, $0.text) }
        let drafts = inner.value("drafts").flatMap { days($0) }
        inner.finish()
        return (archive, Keeping(personal: personal, undecided: undecided, draftDays: drafts))
    }

    private func term(_ node: SourceNode, _ text: String?) -> Retention? {
        if let retention = text.flatMap({ Retention($0) }) { return retention }
        log.report(
            .error, "value.choice", file: node.file, line: node.line, zh: "“\(text ?? "")”不是保管期限",
            en: "“\(text ?? "")” is not a retention", do: ("写成 permanent 或 10y、30y", "Write permanent, 10y or 30y"))
        return nil
    }

    private func days(_ node: SourceNode) -> Int? {
        if let text = node.text, text.hasSuffix("d"), let days = Int(text.dropLast()), (7...365).contains(days) {
            return days
        }
        log.report(
            .error, "value.range", file: node.file, line: node.line, zh: "草稿的保管期限应在 7 天到 365 天之间",
            en: "drafts are kept between 7 and 365 days", do: ("写成 90d", "Write 90d"))
        return nil
    }
}
