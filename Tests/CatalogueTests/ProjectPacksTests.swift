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

    @Test("The list of 广安区 is a pack of 1,135 items whose departments are known by name")
    func list() throws {
        let library = try PackLibrary.load(directory: PackSamples.packsFolder.path)
        let resolved = try #require(library.resolve(try PackSamples.area("511602")))
        #expect(resolved.items.count == 1135)
        let approval = resolved.items.filter { $0.definition.department == "approval-bureau" }
        #expect(approval.count > 300)
        #expect(resolved.items.allSatisfy { resolved.pack.department($0.definition.department) != nil })
    }
}
