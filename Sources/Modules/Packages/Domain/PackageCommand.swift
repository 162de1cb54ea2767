package import Cases
package import Catalogue
package import Kernel
package import Workflow

/// What can be asked of a package.
package enum PackageCommand: Sendable {
    case submit(PackageSubmission)
    /// A step that was due became a case; given in the transaction that begins it.
    case open(OpenedStep)
    /// A step's case went on; given in the transaction in which it did.
    case caseMoved(step: String, to: CaseStage, result: String? = nil)
    /// The applicant no longer wants a step that has not begun.
    case leaveOut(step: String)
    case withdraw
    /// The area's calendar was changed.
    case recountLimit
}

extension PackageCommand: ProceedingCommand {
    /// The commands without what they carry.
    package enum Name: String, CaseIterable, Sendable {
        case submit, open, withdraw
        case leaveOut = "leave-out"
        case caseMoved = "case-moved"
        case recountLimit = "recount-limit"
    }

    package var name: Name {
        switch self {
        case .submit: .submit
        case .open: .open
        case .caseMoved: .caseMoved
        case .leaveOut: .leaveOut
        case .withdraw: .withdraw
        case .recountLimit: .recountLimit
        }
    }
}

/// What an applicant hands in, with the cases that begin with it.
package struct PackageSubmission: Sendable, Hashable {
    package let number: String
    package let package: String
    package let version: Int
    package let department: String
    package let owner: String
    package let bucket: String
    package let subject: String
    package let channel: Channel
    package let form: Sealed
    package let files: [CaseFile]
    package let steps: [PlannedStep]
    /// Cases of steps that wait for no other.
    package let first: [OpenedStep]
    /// The receipt of the whole (受理回执).
    package let receipt: IssuedNotice?

    package init(
        number: String, package: String, version: Int, department: String, owner: String, bucket: String,
        subject: String, channel: Channel, form: Sealed, files: [CaseFile], steps: [PlannedStep], first: [OpenedStep],
        receipt: IssuedNotice? = nil
    ) {
        self.receipt = receipt
        self.number = number
        self.package = package
        self.version = version
        self.department = department
        self.owner = owner
        self.bucket = bucket
        self.subject = subject
        self.channel = channel
        self.form = form
        self.files = files
        self.steps = steps
        self.first = first
    }
}

/// A step and its case.
package struct OpenedStep: Sendable, Hashable {
    package let step: String
    package let caseID: String
    package let number: String

    package init(step: String, caseID: String, number: String) {
        self.step = step
        self.caseID = caseID
        self.number = number
    }
}

/// What a decision may consult besides the state.
package struct PackageContext: Sendable {
    package let at: Moment
    package let calendar: WorkCalendar
    /// The overall limit of the package's version.
    package let promised: Limit
    /// The last share of it that is yellow, in percent.
    package let yellowPercent: Int
    /// Steps that the package asks about; the others belong to it.
    package let optional: Set<String>
    /// By step, those whose results or certificates it takes.
    package let needs: [String: Set<String>]

    package init(
        at: Moment, calendar: WorkCalendar, promised: Limit, yellowPercent: Int, optional: Set<String> = [],
        needs: [String: Set<String>] = [:]
    ) {
        self.optional = optional
        self.needs = needs
        self.at = at
        self.calendar = calendar
        self.promised = promised
        self.yellowPercent = yellowPercent
    }
}

extension PackageContext {
    /// The rules of the package's version.
    package init(at: Moment, calendar: WorkCalendar, _ package: ItemDefinition) {
        let steps = package.plan?.steps ?? []
        // A later step takes a result's number, or stands on the certificate that an earlier one issues.
        let needs = steps.map { step in
            let certifying = (package.plan?.before(step) ?? []).filter { !$0.certificates.isEmpty }.map(\.id)
            return (step.id, Set(step.results.values).union(certifying))
        }
        self.init(
            at: at, calendar: calendar, promised: package.limits.promised, yellowPercent: package.yellowPercent,
            optional: Set(steps.filter { $0.when != nil }.map(\.id)),
            needs: Dictionary(needs, uniquingKeysWith: { $0.union($1) }))
    }
}
