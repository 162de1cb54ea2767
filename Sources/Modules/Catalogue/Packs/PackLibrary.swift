import Foundation
package import Kernel

/// One pack's files as read, before inheritance.
struct PackSource: Sendable {
    /// `510106-jinniu`.
    let folder: String
    let pack: AreaPack
    let node: SourceNode
    /// Items by slug, in the order of their file names.
    let items: [String: SourceNode]
    let order: [String]
    /// What is below `files/`, by name.
    let attachments: [String: PackAttachment]
    /// Items of `items.csv`, a list from elsewhere.
    let list: ListImport.Outcome?
}

extension [PackSource] {
    /// A file below `files/` of the pack in which `file` stands, or of the nearest above it; these are in that order.
    func attachment(_ name: String, for file: String) -> PackAttachment? {
        drop { !file.hasPrefix($0.folder + "/") }.lazy.compactMap { $0.attachments[name] }.first
    }
}

/// One area's catalogue after inheritance: what is stored, and everything found on the way.
package struct ResolvedPack: Sendable {
    /// The area's own data, with the themes and certificate types of the line above.
    package let pack: AreaPack
    package let items: [ResolvedItem]
    /// Files of the items' materials, by digest.
    package let papers: [String: PackAttachment]
    /// Everything found in this pack, and in what it inherits, sorted.
    package let findings: [Finding]

    /// No finding stops publication.
    package var isPublishable: Bool { !findings.contains { $0.severity == .error } }
}

/// One item after inheritance.
package struct ResolvedItem: Sendable {
    package let definition: ItemDefinition
    /// Which area's pack a key comes from: `limits`, `materials.layout`, `materials.layout.lacking`.
    package let provenance: [String: String]
    /// The merged source, to find lines.
    let node: SourceNode
}

/// All packs of a folder.
package struct PackLibrary: Sendable {
    private let packs: [AreaCode: PackSource]
    /// What was found while reading, before inheritance: also packs that could not be read at all.
    package let findings: [Finding]

    /// The areas that have a pack, sorted.
    package var areas: [AreaCode] { packs.keys.sorted() }

    /// Reads every pack below a folder; throws where the folder cannot be read.
    package static func load(directory: String) throws -> PackLibrary {
        let root = URL(fileURLWithPath: directory)
        var files: [PackFile] = []
        for folder in try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        where !folder.hasPrefix(".") {
            let below = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
            var names: [String] = []
            while let name = below?.nextObject() as? String { names.append(name) }
            for name in names.sorted() {
                let path = folder + "/" + name
                if name == "pack.yaml" || (name.hasPrefix("items/") && name.hasSuffix(".yaml")) {
                    let data = try Data(contentsOf: root.appendingPathComponent(path))
                    files.append(PackFile(path: path, text: String(decoding: data, as: UTF8.self)))
                } else if name == "items.csv" {
                    let data = try Data(contentsOf: root.appendingPathComponent(path))
                    files.append(PackFile(path: path, text: nil, data: data))
                } else if name.hasPrefix("files/"), let file = try attachment(root.appendingPathComponent(path), path) {
                    files.append(file)
                }
            }
        }
        return PackLibrary(files: files)
    }

    /// A file below `files/`; the bytes of one that is too large stay where they are. Nil for a folder.
    private static func attachment(_ file: URL, _ path: String) throws -> PackFile? {
        let values = try file.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
        guard values.isRegularFile == true else { return nil }
        let size = values.fileSize ?? 0
        let data = size > PackAttachment.maximumBytes ? Data() : try Data(contentsOf: file)
        return PackFile(path: path, text: nil, data: data, size: size)
    }

    /// Reads packs from their files' texts.
    init(files: [PackFile]) {
        let log = FindingLog()
        var packs: [AreaCode: PackSource] = [:]
        for (folder, files) in Dictionary(grouping: files, by: \.folder).sorted(by: { $0.key < $1.key }) {
            guard let source = PackLibrary.read(folder, files, log) else { continue }
            if let other = packs[source.pack.area] {
                log.report(
                    .error, "area.duplicate", file: "\(folder)/pack.yaml", line: source.node.line(of: "area"),
                    zh: "\(source.pack.area) 已经由 \(other.folder) 使用",
                    en: "\(source.pack.area) is already used by \(other.folder)",
                    do: ("一个区划只能有一个包", "One area has one pack"))
            } else {
                packs[source.pack.area] = source
            }
        }
        self.packs = packs
        findings = log.findings
    }

    private static func read(_ folder: String, _ files: [PackFile], _ log: FindingLog) -> PackSource? {
        guard let main = files.first(where: { $0.name == "pack.yaml" }), let text = main.text else {
            log.report(.error, "pack.missing", file: folder, line: 0, zh: "缺少 pack.yaml", en: "pack.yaml is missing")
            return nil
        }
        var source = YamlSource(file: main.path, log: log)
        guard let node = source.read(text), let pack = PackFileReader(log: log).pack(node) else { return nil }
        var items: [String: SourceNode] = [:]
        var order: [String] = []
        for file in files.sorted(by: { $0.path < $1.path }) where file.name.hasPrefix("items/") {
            var reader = YamlSource(file: file.path, log: log)
            guard let text = file.text, let node = reader.read(text) else { continue }
            let slug = (node["slug"] ?? node["inherits"])?.text ?? ""
            let expected = file.name.split(separator: "/").last.map { String($0.dropLast(5)) } ?? ""
            if slug != expected {
                log.report(
                    .error, "slug.file", file: file.path, line: node.line(of: "slug"), zh: "文件名与 slug“\(slug)”不一致",
                    en: "the file's name differs from its slug “\(slug)”",
                    do: ("文件应叫 \(slug).yaml", "Name the file \(slug).yaml"))
            }
            if items[slug] != nil {
                log.report(
                    .error, "slug.duplicate", file: file.path, line: node.line(of: "slug"), zh: "slug“\(slug)”重复",
                    en: "the slug “\(slug)” is used twice", do: ("改一个 slug", "Give one another slug"))
                continue
            }
            items[slug] = node
            order.append(slug)
        }
        let list = files.first { $0.name == "items.csv" }.flatMap { file in
            file.data.map { ListImport(file: file.path).read($0) }
        }
        if let list { log.add(contentsOf: list.findings) }
        let attachments = files.filter { $0.name.hasPrefix("files/") }.map { file in
            (
                String(file.name.dropFirst(6)),
                PackAttachment(name: file.name, bytes: file.data ?? Data(), size: file.size)
            )
        }
        return PackSource(
            folder: folder, pack: pack, node: node, items: items, order: order,
            attachments: Dictionary(attachments, uniquingKeysWith: { first, _ in first }), list: list)
    }

    /// Resolves one area: inheritance, then the linter. Nil where the area has no pack.
    package func resolve(_ area: AreaCode) -> ResolvedPack? {
        guard let source = packs[area] else { return nil }
        let log = FindingLog()
        log.add(contentsOf: findings.filter { $0.file == source.folder || $0.file.hasPrefix(source.folder + "/") })
        let above = source.pack.line.compactMap { packs[$0] }
        var pack = source.pack
        for upper in above {
            pack.personThemes += upper.pack.personThemes.filter { theme in
                !pack.personThemes.contains { $0.code == theme.code }
            }
            pack.legalThemes += upper.pack.legalThemes.filter { theme in
                !pack.legalThemes.contains { $0.code == theme.code }
            }
            pack.certificates += upper.pack.certificates.filter { type in
                !pack.certificates.contains { $0.id == type.id }
            }
            pack.events += upper.pack.events.filter { event in !pack.events.contains { $0.id == event.id } }
            pack.advicePhone = pack.advicePhone ?? upper.pack.advicePhone
            pack.complaintPhone = pack.complaintPhone ?? upper.pack.complaintPhone
        }
        for (slug, name) in source.list?.departments.sorted(by: { $0.key < $1.key }) ?? []
        where !pack.departments.contains(where: { $0.id == slug || $0.name.zh == name || $0.shortName?.zh == name }) {
            pack.departments.append(
                AreaPack.Department(id: slug, name: LocalizedText(zh: name), shortName: nil, uscc: nil, phone: nil))
        }
        let resolver = ItemResolver(source: source, pack: pack, above: above, log: log)
        let items = resolver.items()
        let linter = Linter(source: source, above: above, pack: pack, items: items, log: log)
        linter.run()
        let wanted = Set(items.flatMap { $0.definition.materials.flatMap { $0.papers ?? [] } }.map(\.digest))
        let files = ([source] + above).flatMap(\.attachments.values).filter { wanted.contains($0.digest) }
        return ResolvedPack(
            pack: pack, items: items,
            papers: Dictionary(files.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first }),
            findings: log.findings.sorted())
    }
}

/// A file of a pack: `510106-jinniu/items/x.yaml` and its text; no text for what is only attached.
struct PackFile: Sendable {
    let path: String
    let text: String?
    /// Bytes of `items.csv`, whose encoding is not known yet, and of what is below `files/`.
    var data: Data?
    /// Of a file whose bytes were left unread.
    var size: Int?

    var folder: String { String(path.prefix { $0 != "/" }) }
    /// Path inside the pack.
    var name: String { String(path.dropFirst(folder.count + 1)) }
}
