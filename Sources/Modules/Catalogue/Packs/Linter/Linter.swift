import Kernel

/// Reads a resolved pack like a careful clerk. Each group of rules is a file of its own; every finding names file and
/// line.
struct Linter {
    let source: PackSource
    /// Packs of the line above, nearest first.
    let above: [PackSource]
    let pack: AreaPack
    let items: [ResolvedItem]
    let log: FindingLog

    func run() {
        PackRules(source: source, pack: pack, items: items, log: log).run()
        let slugs = Set(items.map(\.definition.slug))
        let bySlug = Dictionary(
            items.map { ($0.definition.slug, $0.definition) }, uniquingKeysWith: { first, _ in first })
        _ = log.inParallel(items) { resolved, log in
            let desk = LintDesk(
                item: resolved.definition, node: resolved.node, pack: pack, sources: [source] + above,
                slugs: slugs, log: log)
            guard !resolved.definition.imported else {
                GuideRules(desk: desk).codes()
                return
            }
            if let plan = resolved.definition.plan {
                PackageRules(desk: desk, plan: plan, items: bySlug).run()
            } else {
                LimitRules(desk: desk).run()
            }
            GuideRules(desk: desk).run()
            LogicRules(desk: desk).run()
            MaterialRules(desk: desk).run()
            ProcessRules(desk: desk).run()
            RegisterRules(desk: desk).run()
            PaperRules(desk: desk).run()
            KeepingRules(desk: desk).run()
        }
        PaperRules.unused(in: source, items, log)
    }
}

/// What every rule of an item has at hand.
struct LintDesk {
    let item: ItemDefinition
    let node: SourceNode
    let pack: AreaPack
    /// This pack and those above it, for the files they bring.
    let sources: [PackSource]
    let slugs: Set<String>
    let log: FindingLog

    /// A finding at the place a path names: keys and entry ids from the item's top.
    func find(
        _ rule: String, _ path: [String], as severity: Finding.Severity = .error, zh: String, en: String,
        do advice: (zh: String, en: String)
    ) {
        let place = node.place(path)
        log.report(severity, rule, file: place.file, line: place.line, zh: zh, en: en, do: advice)
    }

    /// Every id in `basis` must be one of the item's legal bases.
    func checkBasis(_ basis: [String], _ path: [String]) {
        for id in basis where !item.legalBasis.contains(where: { $0.id == id }) {
            find(
                "basis.unknown", path + ["basis"], zh: "依据“\(id)”没有列在 legal_basis",
                en: "the basis “\(id)” is not in legal_basis",
                do: ("先在 legal_basis 里写明", "Write it in legal_basis first"))
        }
    }

    func checkCertificate(_ type: String?, _ path: [String]) {
        guard let type, !pack.certificates.contains(where: { $0.id == type }) else { return }
        find(
            "certificate.unknown", path, zh: "不认识的证照类型“\(type)”", en: "unknown certificate type “\(type)”",
            do: ("在 pack.yaml 的 certificates 里写明", "Declare it under certificates in pack.yaml"))
    }

    func checkDepartment(_ id: String?, _ path: [String]) {
        guard let id, pack.kind.isArea, pack.department(id) == nil else { return }
        find(
            "department.unknown", path, zh: "本地没有部门“\(id)”", en: "the area has no department “\(id)”",
            do: ("在 pack.yaml 的 departments 或 roles 里写明", "Declare it under departments or roles in pack.yaml"))
    }

    func checkItem(_ slug: String, _ path: [String]) {
        guard pack.kind.isArea, !slugs.contains(slug) else { return }
        find(
            "item.unknown", path, zh: "目录里没有事项“\(slug)”", en: "the catalogue has no item “\(slug)”",
            do: ("补充这个事项，或者改正名称", "Add the item or correct its slug"))
    }
}
