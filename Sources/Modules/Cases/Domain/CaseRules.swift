package import Catalogue
package import Kernel

/// What of an item's definition the procedure consults. Made from the version the case began with.
package struct CaseRules: Sendable, Hashable {
    /// One link of the handling: which desk, and how long of the whole it should take.
    package struct Link: Sendable, Hashable {
        package let kind: Stage.Kind
        package let queue: String
        package let within: Limit
    }

    package let item: String
    package let version: Int
    package let department: String
    /// In order; `accept` is always there.
    package let links: [Link]
    package let promised: Limit
    package let statutory: Limit?
    package let fourEyes: Bool
    package let onLapse: LapseRule
    /// The last share of a limit that is yellow, in percent.
    package let yellowPercent: Int
    /// Ids by which a correction notice may name what is wrong.
    package let materials: Set<String>
    package let fields: Set<String>

    package init(_ item: ItemDefinition, version: Int) {
        self.item = item.slug
        self.version = version
        department = item.department
        links = item.stages.map { stage in
            Link(
                kind: stage.kind, queue: "\(stage.department ?? item.department)/\(stage.role.rawValue)",
                within: stage.within)
        }
        promised = item.limits.promised
        statutory = item.limits.statutory
        fourEyes = item.fourEyes
        onLapse = item.onLapse
        yellowPercent = item.yellowPercent
        materials = Set(item.materials.map(\.id))
        fields = Set(item.fields.map(\.id))
    }

    func link(_ kind: Stage.Kind) -> Link? { links.first { $0.kind == kind } }

    /// The first link after `kind` that the item has.
    func link(after kind: Stage.Kind) -> Link? { links.first { $0.kind > kind } }

    /// The five working days of 行政许可法 art. 32, in which a case is accepted, corrected or declined.
    static let acceptance = Limit(5, .workingDays)
}
