package import Cases
package import Catalogue
package import Kernel
package import Workflow

/// Where a package stands.
package enum PackageStage: String, Sendable, Hashable, Codable, CaseIterable {
    case running
    /// Every step was done.
    case completed
    /// Some steps were done, others failed or could not be begun.
    case partly
    /// No step was done.
    case failed
    /// The applicant took the whole back; what was decided before stays.
    case withdrawn

    package var isEnded: Bool { self != .running }
}

/// Where a step stands.
package enum StepStage: String, Sendable, Hashable, Codable, CaseIterable {
    /// Other steps come first.
    case waiting
    /// Its turn has come; the case is being opened.
    case due
    /// A case of its department.
    case open
    /// Completed, or no licence was needed.
    case done
    /// Refused, declined, lapsed or voided.
    case failed
    /// The applicant took this case back.
    case withdrawn
    /// Left out by the package's rule, or with the whole.
    case cancelled
    /// Left out by the applicant before it began: as though he had not asked for it.
    case leftOut = "left-out"

    var isEnded: Bool {
        switch self {
        case .waiting, .due, .open: false
        case .done, .failed, .withdrawn, .cancelled, .leftOut: true
        }
    }
}

/// A step as it was when the package was handed in: the item's version is kept, so that the mapping of the form holds.
package struct PlannedStep: Sendable, Hashable, Codable {
    package let id: String
    package let item: String
    package let itemVersion: Int
    package let department: String
    /// Steps of this package that come first; those the applicant did not ask for are left out.
    package var after: [String]
    package let onFailure: PackagePlan.FailureRule

    package init(
        id: String, item: String, itemVersion: Int, department: String, after: [String],
        onFailure: PackagePlan.FailureRule
    ) {
        self.id = id
        self.item = item
        self.itemVersion = itemVersion
        self.department = department
        self.after = after
        self.onFailure = onFailure
    }

    /// Waits no longer for a step that the applicant does not want.
    mutating func goOn(without step: String) { after.removeAll { $0 == step } }
}

/// A step with what became of it.
package struct StepState: Sendable, Hashable, Codable {
    package var plan: PlannedStep
    package var stage: StepStage
    /// Id and number of its case.
    package var caseID: String?
    package var number: String?
    package var openedAt: Moment?
    package var endedAt: Moment?
    /// How the case ended.
    package var outcome: CaseStage?
    /// Number of its result: later steps may need it.
    package var result: String?
    /// The applicant has a correction notice.
    package var waitsForApplicant: Bool
}

/// The overall limit as it runs: it stands while all that is open waits for the applicant.
package struct PackageLimit: Sendable, Hashable, Codable {
    package var running: RunningLimit
    /// What was used before it last went on, in the unit's own measure (`WorkCalendar.used`).
    package var used: Int
    package var startedAgainAt: Moment
    package var stoppedAt: Moment?
}

/// What the journal of a package adds up to.
package struct PackageState: Sendable, Hashable, Codable {
    package var number: String
    /// The package's slug and version in the catalogue.
    package var package: String
    package var version: Int
    /// The department that leads.
    package var department: String
    package var stage: PackageStage
    package var owner: String
    package var bucket: String
    package var subject: String
    package var channel: Channel
    package var submittedAt: Moment
    /// The merged answers, sealed.
    package var form: Sealed
    package var files: [CaseFile]
    package var steps: [StepState]
    /// Id of the receipt of the whole.
    package var receipt: String?
    package var limit: PackageLimit?
    package var withdrawnAt: Moment?
    package var endedAt: Moment?

    /// The step of that id.
    package func step(_ id: String) -> StepState? { steps.first { $0.plan.id == id } }

    /// How it stands, for those who only look.
    package var standing: PackageStanding {
        PackageStanding(
            number: number, slug: package, stage: stage.rawValue, submittedAt: submittedAt, endedAt: endedAt,
            limit: stage.isEnded ? nil : limit.flatMap { $0.stoppedAt == nil ? $0.running : nil },
            steps: steps.map {
                .init(
                    id: $0.plan.id, item: $0.plan.item, department: $0.plan.department, state: $0.stage.rawValue,
                    number: $0.number, endedAt: $0.endedAt)
            })
    }
}
