package import Cases
package import Kernel
package import Workflow

/// What can be asked of a package.
package enum PackageCommand: Sendable {
    case submit(PackageSubmission)
    /// A step that was due became a case; given in the transaction that begins it.
    case open(OpenedStep)
    /// A step's case went on; given in the transaction in which it did.
    case caseMoved(step: String, to: CaseStage, result: String? = nil)
    case withdraw
    /// The area's calendar was changed.
    case recountLimit
}

extension PackageCommand: ProceedingCommand {
    /// The commands without what they carry.
    package enum Name: String, CaseIterable, Sendable {
        case submit, open, withdraw
        case caseMoved = "case-moved"
        case recountLimit = "recount-limit"
    }

    package var name: Name {
        switch self {
        case .submit: .submit
        case .open: .open
        case .caseMoved: .caseMoved
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

    package init(at: Moment, calendar: WorkCalendar, promised: Limit, yellowPercent: Int) {
        self.at = at
        self.calendar = calendar
        self.promised = promised
        self.yellowPercent = yellowPercent
    }
}
