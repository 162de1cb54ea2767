import Cases
package import Catalogue
import Kernel

/// Explores the procedure of every item of a folder of packs, the plain road and every road beside it, and looks at every
/// document it can come to.
package enum ModelCheck {
    /// What exploring came to.
    package struct Report: Sendable {
        /// What is wrong, as lines to print: area, item and the trap. None where every state has a way out, every limit an end,
        /// and every document can be issued.
        package fileprivate(set) var faults: [String] = []
        package fileprivate(set) var items = 0
        /// Documents that were looked at, one for each kind of each item.
        package fileprivate(set) var documents = 0
        package fileprivate(set) var shapes = 0
        package fileprivate(set) var states = 0
        package fileprivate(set) var tries = 0
    }

    /// Every item of every pack; procedures of equal shape are explored once.
    package static func run(_ library: PackLibrary) throws -> Report {
        var model = CaseModel(everything: true)
        var report = Report()
        let packs = library.areas.compactMap { area in library.resolve(area).map { (area: area, resolved: $0) } }
        try model.explore(all: packs.flatMap { $0.resolved.items.map(\.definition) })
        for (area, resolved) in packs {
            for item in resolved.items.map(\.definition) {
                let finding = try model.explore(item)
                let papers = try CasePapers(item, pack: resolved.pack)
                // The nation's and the provinces' packs are models for others: nobody applies there.
                let issues = resolved.pack.kind.isArea ? finding.notices.sorted() : []
                let faults = finding.faults + issues.flatMap { papers.faults($0) }
                report.faults += faults.map { "\(area) \(item.slug): \($0)" }
                report.items += 1
                report.documents += issues.count
            }
        }
        let extent = model.extent
        (report.shapes, report.states, report.tries) = (extent.shapes, extent.states, extent.tries)
        return report
    }
}
