import Foundation
import Kernel
import Testing

@testable import Catalogue

@Suite("The project's own packs")
struct ProjectPacksTests {
    @Test("Every pack resolves without an error, and every item survives storing")
    func publishable() throws {
        let library = try PackLibrary.load(directory: PackSamples.packsFolder.path)
        #expect(library.areas.count >= 3)
        #expect(library.findings.filter { $0.severity == .error }.map { $0.line(in: .en) } == [])
        for area in library.areas {
            let resolved = try #require(library.resolve(area))
            let errors = resolved.findings.filter { $0.severity == .error }.map { $0.line(in: .en) }
            #expect(errors == [], "\(area)")
            for item in resolved.items where !item.definition.imported {
                let json = try item.definition.canonicalJSON()
                #expect(try ItemDefinition(canonicalJSON: json) == item.definition)
            }
        }
    }

    @Test(
        "A real list of 1,135 items is a pack whose departments are known by name",
        .enabled(if: RealList.isExpected, RealList.absence))
    func list() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tongban-packs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let pack = folder.appending(path: "511602-sample")
        try FileManager.default.createDirectory(at: pack, withIntermediateDirectories: true)
        let profile = """
            area: "511602"
            kind: county
            name: {zh: 样例区}
            departments: [{id: approval-bureau, name: {zh: 区行政审批局}}]
            """
        try Data(profile.utf8).write(to: pack.appending(path: "pack.yaml"))
        try RealList.data().write(to: pack.appending(path: "items.csv"))
        let library = try PackLibrary.load(directory: folder.path)
        let resolved = try #require(library.resolve(try PackSamples.area("511602")))
        #expect(resolved.items.count == 1135)
        #expect(resolved.items.count { $0.definition.department == "approval-bureau" } > 300)
        #expect(resolved.items.allSatisfy { resolved.pack.department($0.definition.department) != nil })
    }
}
