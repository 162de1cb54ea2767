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

    /// A procedure of the review that the item knows.
    package struct Special: Sendable, Hashable {
        package let id: String
        package let kind: Procedure.Kind
        package let within: Limit
        /// Its time is not counted: listed in 行政许可法 art. 45, or by the special law the item names.
        package let pauses: Bool
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
    package let procedures: [Special]
    /// The departments that decide with the item's own.
    package let joint: [String]
    package let jointHandling: JointHandling?
    /// Materials that may come after the acceptance, and how long after it (容缺).
    package let lacking: [String: Limit]
    /// Materials in whose place a promise may stand, and until when it is checked (告知承诺).
    package let promises: [String: Limit]
    /// Those of them with which nothing is left to review (承诺即批).
    package let promiseDecides: Set<String>
    /// The item has a fee with its basis.
    package let charges: Bool
    /// The organ above decides (上报件); the department as the pack names it, and the time to examine.
    package let reportUp: Catalogue.ReportUp?
    /// When a renewal may be asked for, and how long the result holds; nil where the item says nothing.
    package let renewal: Catalogue.Outcome.Renewal?
    package let validity: Limit?
    /// The office's time to compare who an absent person is; nil where the item wants to see nobody.
    package let remoteCheck: Limit?
    /// Minutes in which an officer's last act can be taken back.
    package let undoMinutes: Int

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
        procedures = item.procedures.map { Special($0) }
        joint = item.joint
        jointHandling = item.jointHandling
        lacking = item.materials.reduce(into: [:]) { $0[$1.id] = $1.lackingWithin }
        promises = item.materials.reduce(into: [:]) { $0[$1.id] = $1.promiseCheckedWithin }
        promiseDecides = Set(item.materials.filter { $0.promiseDecides == true }.map(\.id))
        charges = !item.fees.isEmpty
        reportUp = item.reportUp
        renewal = item.outcome.first?.renew
        if case .period(let limit)? = item.outcome.first?.validity { validity = limit } else { validity = nil }
        undoMinutes = item.undoMinutes
        remoteCheck = item.remoteCheck?.within
    }

    func link(_ kind: Stage.Kind) -> Link? { links.first { $0.kind == kind } }

    /// The first link after `kind` that the item has.
    func link(after kind: Stage.Kind) -> Link? { links.first { $0.kind > kind } }

    /// A procedure by its id. A hearing may be held in any case (行政许可法 arts. 46, 47), also where the item names none.
    func procedure(_ id: String) -> Special? {
        procedures.first { $0.id == id }
            ?? (id == Procedure.Kind.hearing.rawValue
                ? Special(id: id, kind: .hearing, within: CaseRules.hearing, pauses: true) : nil)
    }

    /// Working days by which the limit may be extended: ten, and fifteen where several organs decide together
    /// (行政许可法 art. 42).
    var mostExtension: Int { joint.isEmpty ? 10 : 15 }

    /// Twenty days to hold a hearing that was asked for (行政许可法 art. 47).
    static let hearing = Limit(20, .workingDays)

    /// The five working days of 行政许可法 art. 32, in which a case is accepted, corrected or declined.
    static let acceptance = Limit(5, .workingDays)
}

extension CaseRules.Special {
    init(_ procedure: Procedure) {
        id = procedure.id
        kind = procedure.kind
        within = procedure.within
        pauses = procedure.pauses && (procedure.kind.mayPause || !procedure.basis.isEmpty)
    }
}
