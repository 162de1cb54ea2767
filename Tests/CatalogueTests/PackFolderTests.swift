import Foundation
import Kernel
import Testing

@testable import Catalogue

@Suite("Folders of packs")
struct PackFolderTests {
    /// A folder of its own, removed afterwards.
    private func withFolder(_ files: [String: Data], _ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tongban-packs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (path, data) in files {
            let url = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: url)
        }
        try body(folder)
    }

    @Test("A folder that is not there, or has no pack, says what to give instead")
    func nothing() throws {
        #expect(throws: PackFolderFault.self) { try PackLibrary.load(directory: "/nowhere/at/all") }
        try withFolder(["notes/readme.txt": Data("x".utf8)]) { folder in
            #expect(throws: PackFolderFault.self) { try PackLibrary.load(directory: folder.path) }
        }
    }

    @Test("What is not UTF-8, is misnamed or lacks its pack.yaml is found at its place")
    func findings() throws {
        let broken = Data("slug: a\nname: ".utf8) + Data([0xBD, 0xF0, 0xC5, 0xA3]) + Data("\n".utf8)
        try withFolder([
            "510106-a/pack.yaml": Data(PackSamples.pack.utf8),
            "510106-a/items/shop-licence.yaml": Data(PackSamples.item.utf8),
            "510106-a/items/a.yaml": broken, "510106-a/items/b.yml": Data("slug: b".utf8),
            "510107-b/items/c.yaml": Data(PackSamples.item.utf8),
        ]) { folder in
            let library = try PackLibrary.load(directory: folder.path)
            let found = Dictionary(
                library.findings.map { ($0.rule, "\($0.file):\($0.line)") }, uniquingKeysWith: { first, _ in first })
            #expect(found["yaml.encoding"] == "510106-a/items/a.yaml:2")
            #expect(found["file.name"] == "510106-a/items/b.yml:0")
            #expect(found["pack.missing"] == "510107-b:0")
            let one = try PackLibrary.load(directory: folder.appending(path: "510106-a").path)
            #expect(one.areas.map(\.text) == ["510106"])
            #expect(!one.findings.contains { $0.rule == "pack.missing" })
        }
    }

    @Test("One pack alone inherits from those beside it")
    func alone() throws {
        let folder = PackSamples.packsFolder.appending(path: "510106-jinniu")
        let library = try PackLibrary.load(directory: folder.path)
        #expect(library.areas.map(\.text) == ["510106"])
        let resolved = try #require(library.resolve(try PackSamples.area("510106")))
        #expect(resolved.isPublishable)
        #expect(resolved.items.count >= 12)
    }

    @Test("An area comes back from its export item by item as it was, with its files", arguments: ["510106", "370213"])
    func export(code: String) throws {
        let area = try PackSamples.area(code)
        let before = try #require(try PackLibrary.load(directory: PackSamples.packsFolder.path).resolve(area))
        let export = try PackExport(
            before.pack.profile, before.pack, before.items.map(\.definition),
            papers: before.papers.mapValues { Array($0.bytes) })
        let files = Dictionary(export.files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        try withFolder(files) { folder in
            let after = try #require(try PackLibrary.load(directory: folder.path).resolve(area))
            #expect(after.findings.filter { $0.severity == .error }.map { $0.line(in: .en) } == [])
            #expect(after.items.map(\.definition) == before.items.map(\.definition))
            #expect(Set(after.papers.keys) == Set(before.papers.keys))
            #expect(after.pack.halls == before.pack.halls)
            #expect(after.pack.divisions == before.pack.divisions)
            #expect(after.pack.departments == before.pack.departments)
        }
        let lines = Data("{\"slug\":1}\n".utf8)
        try withFolder(files.merging(["\(code)-export/items.jsonl": lines]) { _, new in new }) { folder in
            let library = try PackLibrary.load(directory: folder.path)
            #expect(library.findings.contains { $0.rule == "jsonl.line" && $0.line == 1 })
        }
    }

    @Test("Findings are kept with the item in whose file they stand, in whichever pack")
    func bySlug() {
        func finding(_ file: String) -> Finding {
            Finding(.note, rule: "x", file: file, line: 1, message: LocalizedText(zh: "某"))
        }
        let found = [
            finding("510106-a/items/shop.yaml"), finding("national/items/shop.yaml"), finding("510106-a/pack.yaml"),
        ].bySlug
        #expect(found.mapValues(\.count) == ["shop": 2])
    }
}
