import Cases
package import Catalogue
import Kernel

/// Explores the procedure of every item of a folder of packs, and looks at every document it can come to.
package enum ModelCheck {
    /// What is wrong, as lines to print: area, item and the trap.
    ///
    /// - Returns: nothing where every state has a way out, every limit an end, and every document can be issued.
    package static func faults(_ library: PackLibrary) throws -> [String] {
        var model = CaseModel(everything: false)
        var lines: [String] = []
        for area in library.areas {
            guard let resolved = library.resolve(area) else { continue }
            for item in resolved.items.map(\.definition) {
                let finding = try model.explore(item)
                let papers = try CasePapers(item, pack: resolved.pack)
                // The nation's and the provinces' packs are models for others: nobody applies there.
                let issues = resolved.pack.kind.isArea ? finding.notices.sorted() : []
                let faults = finding.faults + issues.flatMap { papers.faults($0) }
                lines += faults.map { "\(area) \(item.slug): \($0)" }
            }
        }
        return lines
    }
}
