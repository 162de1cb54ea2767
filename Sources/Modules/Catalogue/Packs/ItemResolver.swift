import Kernel

/// Inheritance: an item begins as the nearest one above and replaces it key by key; entries of lists merge by id.
struct ItemResolver {
    let source: PackSource
    let pack: AreaPack
    /// Packs of the line above, nearest first.
    let above: [PackSource]
    let log: FindingLog

    /// The area's items in the order of their slugs.
    func items() -> [ResolvedItem] {
        var slugs = source.order
        switch source.pack.inherits {
        case .all:
            let upper = Set(above.flatMap(\.order))
            slugs += upper.subtracting(slugs).sorted()
        case .slugs(let taken):
            for slug in taken where !slugs.contains(slug) {
                if above.contains(where: { $0.items[slug] != nil }) {
                    slugs.append(slug)
                } else {
                    log.report(
                        .error, "inherits.unknown", file: source.node.file, line: source.node.line(of: "inherits"),
                        zh: "上级没有事项“\(slug)”", en: "no pack above has the item “\(slug)”")
                }
            }
        }
        let packages = Set(slugs.filter(isPackage))
        let plain = slugs.sorted().filter { !packages.contains($0) }
        var written = log.inParallel(plain) { slug, log in
            ItemResolver(source: source, pack: pack, above: above, log: log).item(slug)
        }.compactMap { $0 }
        let described = Set(written.map(\.definition.slug))
        written += source.exported.filter { !described.contains($0.item.slug) }.map { item, line in
            let node = SourceNode(file: source.folder + "/items.jsonl", line: line, content: .mapping([]))
            return ResolvedItem(definition: item, provenance: ["name": pack.area.text], node: node)
        }
        let items = written + listed(beside: written)
        let known = Dictionary(items.map { ($0.definition.slug, $0) }, uniquingKeysWith: { first, _ in first })
        return (items + packages.sorted().compactMap { item($0, among: known) })
            .sorted { $0.definition.slug < $1.definition.slug }
    }

    /// Described as a package by this pack, or by the nearest above.
    private func isPackage(_ slug: String) -> Bool {
        ([source] + above).lazy.compactMap { $0.items[slug] }.first?.isPackage ?? false
    }

    /// Items of `items.csv` that no file describes.
    private func listed(beside written: [ResolvedItem]) -> [ResolvedItem] {
        guard let list = source.list else { return [] }
        let codes = Set(written.compactMap(\.definition.code))
        let slugs = Set(written.map(\.definition.slug))
        let departments = Dictionary(
            pack.departments.flatMap { department in
                [department.name.zh, department.shortName?.zh].compactMap { $0 }.map { ($0, department.id) }
            }, uniquingKeysWith: { first, _ in first })
        let importer = ListImport(file: source.folder + "/items.csv")
        return list.entries.compactMap { entry in
            if slugs.contains(entry.slug) || entry.code.map(codes.contains) == true { return nil }
            var item = importer.item(entry)
            item.department = departments[entry.departmentName] ?? entry.department
            let node = SourceNode(file: source.folder + "/items.csv", line: entry.line, content: .mapping([]))
            return ResolvedItem(definition: item, provenance: ["name": pack.area.text], node: node)
        }
    }

    /// - Parameter items: the area's items, for a package.
    private func item(_ slug: String, among items: [String: ResolvedItem] = [:]) -> ResolvedItem? {
        guard var (node, base) = merged(slug, from: 0) else { return nil }
        var plan: PackagePlan?
        if node.isPackage {
            let expansion = PackageExpansion(node: node, items: items, log: log).run()
            (node, plan) = (expansion.node, expansion.plan)
            base = base.map { PackageExpansion(node: $0, items: items, log: FindingLog()).run().node }
        }
        guard var definition = ItemReader(log: log).item(node) else { return nil }
        if let base, let upper = ItemReader(log: FindingLog()).item(base) {
            InheritanceCheck(base: upper, item: definition, node: node, log: log).run()
        }
        if let plan {
            definition.plan = plan
            definition.outcome = plan.steps.flatMap { step in
                (items[step.item]?.definition.outcome ?? []).map { outcome in
                    var own = outcome
                    own.id = "\(step.id)_\(outcome.id)"
                    return own
                }
            }
        }
        definition.department = pack.ownDepartment(definition.department)
        definition.joint = definition.joint.map(pack.ownDepartment)
        for index in definition.stages.indices {
            definition.stages[index].department = definition.stages[index].department.map(pack.ownDepartment)
        }
        for index in definition.procedures.indices {
            definition.procedures[index].department = definition.procedures[index].department.map(pack.ownDepartment)
        }
        for index in definition.after.indices {
            definition.after[index].department = definition.after[index].department.map(pack.ownDepartment)
        }
        for index in definition.materials.indices {
            definition.materials[index].papers = papers(of: definition.materials[index], node)
        }
        if let report = definition.reportUp {
            definition.reportUp = ReportUp(to: pack.ownDepartment(report.to), preliminary: report.preliminary)
        }
        return ResolvedItem(definition: definition, provenance: provenance(of: node), node: node)
    }

    /// The files a material names, from the pack in which they are named or one above it; what is missing or wrong is the linter's to say.
    private func papers(of material: MaterialDefinition, _ node: SourceNode) -> [MaterialPaper]? {
        let named =
            (material.blank.map { [(MaterialPaper.Use.blank, "blank", $0)] } ?? [])
            + material.samples.map { (.sample, "samples", $0) }
        let papers = named.compactMap { use, key, name -> MaterialPaper? in
            let file = node.place(["materials", material.id, key]).file
            guard let found = ([source] + above).attachment(name, for: file), let kind = found.kind else { return nil }
            return MaterialPaper(use: use, kind: kind, size: found.size, digest: found.digest)
        }
        return papers.isEmpty ? nil : papers
    }

    /// The merged node of a slug as seen from a level (0: this pack), with what it was merged onto.
    private func merged(_ slug: String, from level: Int) -> (node: SourceNode, base: SourceNode?)? {
        let levels = [source] + above
        guard let index = levels.indices.first(where: { $0 >= level && levels[$0].items[slug] != nil }),
            let own = levels[index].items[slug]
        else { return nil }
        guard let parent = own["inherits"] else { return (own, nil) }
        if let name = own["slug"]?.text, name != parent.text, index == 0 {
            log.report(
                .error, "inherits.slug", file: own.file, line: own.line(of: "slug"), zh: "继承的事项不能改 slug",
                en: "an inherited item keeps its slug", do: ("删去 slug 这一行", "Remove the line"))
        }
        guard let upper = merged(parent.text ?? "", from: index + 1)?.node else {
            log.report(
                .error, "inherits.unknown", file: parent.file, line: parent.line, zh: "上级没有事项“\(parent.text ?? "")”",
                en: "no pack above has the item “\(parent.text ?? "")”",
                do: ("改正名称，或者写成完整的事项", "Correct it, or write the item in full"))
            return (own, nil)
        }
        return (SourceMerge(log: index == 0 ? log : FindingLog()).merge(own, onto: upper), upper)
    }

    private func provenance(of node: SourceNode) -> [String: String] {
        var areas: [String: String] = [:]
        for pack in [source] + above { areas[pack.folder] = pack.pack.area.text }
        // Neighbours stand in the same file.
        var last = (file: "", area: "")
        func area(_ node: SourceNode) -> String {
            if last.file != node.file {
                last = (node.file, areas[String(node.file.prefix { $0 != "/" })] ?? pack.area.text)
            }
            return last.area
        }
        var found: [String: String] = [:]
        for member in node.members ?? [] where member.key != "inherits" && member.key != "drop" {
            found[member.key] = area(member.value)
            for entry in member.value.elements ?? [] {
                guard let id = entry.entryID else { continue }
                found[member.key + "." + id] = area(entry)
                for inner in entry.members ?? [] where area(inner.value) != area(entry) {
                    found[member.key + "." + id + "." + inner.key] = area(inner.value)
                }
            }
        }
        return found
    }
}
