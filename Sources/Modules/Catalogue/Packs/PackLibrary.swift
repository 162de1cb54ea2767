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
    /// Items of `items.jsonl`, as an export wrote them, with their lines.
    var exported: [(item: ItemDefinition, line: Int)] = []
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

/// All packs of a folder, or one of them with those it inherits from.
package struct PackLibrary: Sendable {
    private let packs: [AreaCode: PackSource]
    /// The only pack that was asked for; nil: all.
    private let chosen: String?
    private let all: [Finding]
    /// The text of the calendar beside the packs, where there is one.
    package private(set) var calendar: String?

    /// What was found while reading, before inheritance: also packs that could not be read at all.
    package var findings: [Finding] { all.filter { chosen == nil || $0.isIn(chosen ?? "") } }

    /// The areas that have a pack, sorted.
    package var areas: [AreaCode] {
        packs.filter { chosen == nil || $0.value.folder == chosen }.keys.sorted()
    }

    /// Reads every pack below a folder; or, where the folder is a pack itself, that one, with the others beside it to inherit from.
    ///
    /// - Throws: `PackFolderFault` where there is nothing to read.
    package static func load(directory: String) throws -> PackLibrary {
        var root = URL(fileURLWithPath: directory).standardizedFileURL
        guard (try? root.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true else {
            throw PackFolderFault(
                description: "There is no folder “\(directory)”. Give the folder in which the packs lie, such as Packs."
            )
        }
        var chosen: String?
        if FileManager.default.fileExists(atPath: root.appendingPathComponent("pack.yaml").path) {
            chosen = root.lastPathComponent
            root = root.deletingLastPathComponent()
        }
        var files: [PackFile] = []
        for folder in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
        where !folder.hasPrefix(".") { files += try self.files(of: folder, below: root) }
        guard !files.isEmpty else {
            throw PackFolderFault(
                description:
                    "There is no pack in “\(directory)”. A pack is a folder with a pack.yaml, such as Packs/510106-jinniu."
            )
        }
        var library = PackLibrary(files: files, chosen: chosen)
        library.calendar = try? String(
            contentsOf: root.appendingPathComponent("national/calendar.yaml"), encoding: .utf8)
        return library
    }

    /// What counts in one folder; a folder that has nothing of a pack is nobody's business.
    private static func files(of folder: String, below root: URL) throws -> [PackFile] {
        let below = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
        var names: [String] = []
        while let name = below?.nextObject() as? String { names.append(name) }
        var files: [PackFile] = []
        for name in names.sorted() {
            let path = folder + "/" + name
            let url = root.appendingPathComponent(path)
            if name == "pack.yaml" || (isDescription(name) && name.hasSuffix(".yaml")) {
                let data = try Data(contentsOf: url)
                files.append(PackFile(path: path, text: String(data: data, encoding: .utf8), data: data))
            } else if name == "items.csv" || name == "items.jsonl" {
                files.append(PackFile(path: path, text: nil, data: try Data(contentsOf: url)))
            } else if name.hasPrefix("files/"), let file = try attachment(url, path) {
                files.append(file)
            } else if name == "pack.yml" || (isDescription(name) && name.hasSuffix(".yml")) {
                files.append(PackFile(path: path, text: nil))
            }
        }
        return files
    }

    /// A file in which an item or a package is described.
    private static func isDescription(_ name: String) -> Bool {
        name.hasPrefix("items/") || name.hasPrefix("packages/")
    }

    /// A file below `files/`; the bytes of one that is too large stay where they are. Nil for a folder.
    private static func attachment(_ file: URL, _ path: String) throws -> PackFile? {
        let values = try file.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
        guard values.isRegularFile == true else { return nil }
        let size = values.fileSize ?? 0
        let data = size > PackAttachment.maximumBytes ? Data() : try Data(contentsOf: file)
        return PackFile(path: path, text: nil, data: data, size: size)
    }

    /// Reads packs from their files' bytes, by path: `510106-jinniu/pack.yaml`.
    package init(files: [String: [UInt8]]) {
        self.init(
            files: files.sorted { $0.key < $1.key }.map { path, bytes in
                PackFile(path: path, text: nil, data: Data(bytes))
            })
    }

    /// Reads packs from their files' texts.
    ///
    /// - Parameter chosen: the folder of the only pack that is asked for; nil: all.
    init(files: [PackFile], chosen: String? = nil) {
        self.chosen = chosen
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
        all = log.findings
    }

    private static func read(_ folder: String, _ files: [PackFile], _ log: FindingLog) -> PackSource? {
        for file in files where file.name.hasSuffix(".yml") {
            log.report(
                .error, "file.name", file: file.path, line: 0, zh: "文件名应以 .yaml 结尾，否则不会读取",
                en: "the name must end in .yaml, otherwise the file is not read", do: ("改名", "Rename it"))
        }
        guard let main = files.first(where: { $0.name == "pack.yaml" }) else {
            log.report(
                .error, "pack.missing", file: folder, line: 0, zh: "缺少 pack.yaml", en: "pack.yaml is missing",
                do: ("照 docs/pack-format.md 写一个", "Write one after docs/pack-format.md"))
            return nil
        }
        guard let text = PackLibrary.text(of: main, log) else { return nil }
        var source = YamlSource(file: main.path, log: log)
        guard let node = source.read(text), let pack = PackFileReader(log: log).pack(node) else { return nil }
        var items: [String: SourceNode] = [:]
        var order: [String] = []
        let descriptions = files.filter { isDescription($0.name) && $0.name.hasSuffix(".yaml") }
            .sorted { $0.path < $1.path }
        let nodes = log.inParallel(descriptions) { file, log -> SourceNode? in
            var reader = YamlSource(file: file.path, log: log)
            return PackLibrary.text(of: file, log).flatMap { reader.read($0) }
        }
        for (file, node) in zip(descriptions, nodes) {
            guard let node else { continue }
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
            attachments: Dictionary(attachments, uniquingKeysWith: { first, _ in first }), list: list,
            exported: exported(files.first { $0.name == "items.jsonl" }, log))
    }

    /// One definition a line; a line that is none is a finding.
    private static func exported(_ file: PackFile?, _ log: FindingLog) -> [(item: ItemDefinition, line: Int)] {
        guard let file, let text = text(of: file, log) else { return [] }
        var found: [(item: ItemDefinition, line: Int)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            if let item = try? ItemDefinition(canonicalJSON: String(line)) {
                found.append((item, index + 1))
            } else {
                log.report(
                    .error, "jsonl.line", file: file.path, line: index + 1, zh: "这一行不是导出的事项",
                    en: "this line is no exported item", do: ("重新导出，或者删去这一行", "Export again, or remove the line"))
            }
        }
        return found
    }

    /// The file's text, or a finding at the line from which it is not UTF-8.
    private static func text(of file: PackFile, _ log: FindingLog) -> String? {
        if let text = file.text ?? file.data.flatMap({ String(data: $0, encoding: .utf8) }) { return text }
        var line = 1
        var rest = (file.data ?? Data())[...]
        while let end = rest.firstIndex(of: 10), String(data: rest[..<end], encoding: .utf8) != nil {
            line += 1
            rest = rest[(end + 1)...]
        }
        log.report(
            .error, "yaml.encoding", file: file.path, line: line, zh: "不是 UTF-8 文字", en: "the text is not UTF-8",
            do: ("用编辑器另存为 UTF-8", "Save the file as UTF-8"))
        return nil
    }

    /// Resolves one area: inheritance, then the linter. Nil where the area has no pack.
    package func resolve(_ area: AreaCode) -> ResolvedPack? {
        guard let source = packs[area] else { return nil }
        let log = FindingLog()
        log.add(contentsOf: all.filter { $0.isIn(source.folder) })
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
            pack.registers += upper.pack.registers.filter { register in
                !pack.registers.contains { $0.id == register.id }
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

extension Finding {
    /// Whether it stands in a file of this folder.
    fileprivate func isIn(_ folder: String) -> Bool { file == folder || file.hasPrefix(folder + "/") }
}

/// Why a folder of packs cannot be read at all, and what to do.
package struct PackFolderFault: Error, CustomStringConvertible {
    package let description: String
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
