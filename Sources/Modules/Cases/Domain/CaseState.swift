package import Kernel
package import Workflow

/// A file of the application: the bytes stand in the file store, sealed; the name in the vault.
package struct CaseFile: Sendable, Hashable, Codable {
    /// Id in the file store.
    package let id: String
    package let material: String
    /// SHA-256 of what the applicant sent.
    package let digest: String
    /// Bytes.
    package let size: Int
    /// `pdf`, `jpg` …
    package let type: String

    package init(id: String, material: String, digest: String, size: Int, type: String) {
        self.id = id
        self.material = material
        self.digest = digest
        self.size = size
        self.type = type
    }
}

/// One point of a correction notice. Its words stand sealed in the vault, under the notice's slot and this id.
package struct CorrectionPoint: Sendable, Hashable, Codable {
    /// What has to be repaired: a file, an answer, or something else told in words.
    package enum Target: String, Sendable, Hashable, Codable {
        case material, field, other
    }

    /// `m.licence`, `f.area`, `o.1`: stable over repeated notices.
    package let id: String
    package let target: Target
    /// Id of the material or the field.
    package let ref: String

    package init(id: String, target: Target, ref: String) {
        self.id = id
        self.target = target
        self.ref = ref
    }
}

/// A document the office issued in the case.
package struct IssuedNotice: Sendable, Hashable, Codable {
    package let id: String
    /// `acceptance`, `correction`, `decline`, `not-needed`, `approval`, `refusal`, `receipt`, `delivery`.
    package let kind: String
    package let at: Moment

    package init(id: String, kind: String, at: Moment) {
        self.id = id
        self.kind = kind
        self.at = at
    }
}

/// Where a limit stands.
package struct RunningLimit: Sendable, Hashable, Codable {
    package let limit: Limit
    package let startedAt: Moment
    package let dueAt: Moment
    package let warnAt: Moment
    /// The last day on which it is in time.
    package let dueOn: CivilDate
    /// Counted in a year whose holidays are not published yet.
    package let provisional: Bool
    /// What earlier runs of it used, in the limit's own measure, where the clock stood in between.
    package let used: Int?
    /// When the present run began, where that is not the start.
    package let since: Moment?
    /// Working days by which it was extended (行政许可法 art. 42).
    package let extra: Int?
    /// Since when the clock stands; nil while it runs.
    package let pausedAt: Moment?

    package init(
        limit: Limit, startedAt: Moment, dueAt: Moment, warnAt: Moment, dueOn: CivilDate, provisional: Bool,
        used: Int? = nil, since: Moment? = nil, extra: Int? = nil, pausedAt: Moment? = nil
    ) {
        self.limit = limit
        self.startedAt = startedAt
        self.dueAt = dueAt
        self.warnAt = warnAt
        self.dueOn = dueOn
        self.provisional = provisional
        self.used = used
        self.since = since
        self.extra = extra
        self.pausedAt = pausedAt
    }
}

extension RunningLimit {
    /// When it runs out; nil while the clock stands.
    package var runsOutAt: Moment? { pausedAt == nil ? dueAt : nil }
}

/// What the journal of a case adds up to.
package struct CaseState: Sendable, Hashable, Codable {
    package var number: String
    package var item: String
    package var itemVersion: Int
    package var department: String
    package var stage: CaseStage
    /// The account it belongs to and its bucket; the person or organisation applied for.
    package var owner: String
    package var bucket: String
    package var subject: String
    package var channel: Channel
    package var submittedAt: Moment
    package var receivedAt: Moment?
    package var acceptedAt: Moment?
    package var decidedAt: Moment?
    package var endedAt: Moment?
    /// The answers of the form, sealed.
    package var form: Sealed
    package var files: [CaseFile]
    /// Five working days of art. 32, while they run.
    package var acceptance: RunningLimit?
    /// The applicant's time for a correction, while it runs.
    package var correction: RunningLimit?
    package var promised: RunningLimit?
    package var statutory: RunningLimit?
    /// Points of the last correction notice; a second notice may only repeat them.
    package var points: [CorrectionPoint]
    /// How many correction notices were sent.
    package var corrections: Int
    /// What changed with the last supplement: marked for the officer.
    package var changedMaterials: [String]
    package var changedFields: [String]
    package var acceptedBy: String?
    package var reviewedBy: String?
    package var decidedBy: String?
    /// Accepted because five working days passed without an act (art. 32).
    package var deemed: Bool
    package var notices: [IssuedNotice]
    /// The queue that has the task now.
    package var queue: String?
    package var assignee: String?
    /// What the item's result became: number of the certificate, its end.
    package var result: CaseResult?

    // Beside the plain road; nil where nothing of the kind happened, so that plain cases keep their bytes.

    /// Procedures of the review under way; the clock stands while one of them stops it (行政许可法 art. 45).
    package var procedures: [RunningProcedure]?
    /// The limits were extended, once (art. 42).
    package var extended: Extension?
    /// What other departments say, side by side.
    package var branches: [Branch]?
    /// The last joint meeting.
    package var meeting: Meeting?
    /// Materials that the applicant signed to bring later, until the acceptance.
    package var lacking: [String]?
    /// When the applicant is still reminded of the correction, and when he last was (催办).
    package var chasing: Chasing?
    /// Papers awaited after the acceptance.
    package var awaited: Awaited?
    /// Materials of a 容缺 acceptance that did not come in time, where the item then decides on what there is.
    package var unbrought: [String]?
    package var hearing: Hearing?
    package var publicity: Publicity?
    package var stay: Stay?
    /// Officers who withdrew from the case and no longer act on it.
    package var recused: [String]?
    package var promise: GivenPromise?
    package var promiseBroken: Bool?
    package var followUp: FollowUp?
    package var fee: CaseFee?
    package var served: Served?
    package var archived: Moment?
    package var pushed: RegulatorPush?
    /// 变更 asked for and not decided, and how often something was changed.
    package var change: PendingChange?
    package var amendments: Int?
    /// How often the applicant changed the application while it was under review.
    package var amended: Int?
    /// When it was put on record that the application was false.
    package var falsity: Moment?
    /// The organ above has it, or had.
    package var reported: Reported?
    /// 延续 asked for and not decided.
    package var renewal: Renewal?
    /// Until when the organ's silence renewed it, while the paper of that is not drawn yet.
    package var uncertified: CivilDate?
    /// Why the decision is not shown to everybody; nil where it is.
    package var withheld: WithholdingGround?
    /// 撤销, 撤回 or 注销.
    package var afterwards: Afterwards?
    /// What the office thought before the papers were complete.
    package var preReviewed: Sealed?
    /// 模拟审批: what the review said before the papers were complete.
    package var simulated: SimulatedReview?
    /// 秒批: on what it was decided without a person, or why it was left to people.
    package var instant: InstantBasis?
    /// The one-thing package it is a step of.
    package var part: PackagePart?
    /// 远程身份核验 of somebody who is not there; nil where nobody is to be seen.
    package var remote: RemoteCheck?
}

/// What came out.
package struct CaseResult: Sendable, Hashable, Codable {
    /// The certificate's or register entry's number; nil where the result is the decision itself.
    package let number: String?
    package let on: CivilDate
    /// Last day of validity; nil for permanent ones.
    package let until: CivilDate?
    /// How it is handed over: `electronic`, `counter`, `express-out` …
    package let delivery: String

    package init(number: String?, on: CivilDate, until: CivilDate?, delivery: String) {
        self.number = number
        self.on = on
        self.until = until
        self.delivery = delivery
    }

    func numbered(_ number: String) -> CaseResult {
        CaseResult(number: number, on: on, until: until, delivery: delivery)
    }
}
