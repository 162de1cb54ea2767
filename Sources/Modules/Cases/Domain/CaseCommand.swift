package import Kernel
package import Workflow

/// What can be asked of a case: the plain road by name, everything else by subject.
package enum CaseCommand: Sendable {
    case submit(Submission)
    /// Received at the office; on the web at once with `submit`.
    case receive
    /// ONE notice that lists everything; the words are sealed, `days` working days to answer.
    case requestCorrection(points: [CorrectionPoint], words: Sealed, days: Int, notice: IssuedNotice)
    case supplement(Supplement)
    case accept(notice: IssuedNotice)
    /// Outside the organ's competence: which organ to turn to stands in the words.
    case decline(words: Sealed, notice: IssuedNotice)
    /// No licence is needed.
    case notNeeded(words: Sealed, notice: IssuedNotice)
    case withdraw(reason: Sealed?)
    /// Office error; reason in the words, by a second officer.
    case void(words: Sealed)
    case passReview(words: Sealed?)
    /// Back to an earlier link.
    case sendBack(words: Sealed)
    case approve(notice: IssuedNotice)
    case refuse(words: Sealed, notice: IssuedNotice)
    case complete(CaseResult, notice: IssuedNotice?)
    /// Takes the task.
    case claim
    /// Gives the task to a colleague, or back to the queue.
    case assign(String?)
    /// The five working days passed (timer).
    case acceptanceFellDue
    /// The applicant's time for the correction passed (timer).
    case correctionFellDue
    /// The area's calendar was changed: limits that run, and the open tasks, are counted anew.
    case recountLimits([CountedTask])
    /// What stands in a file of its own, by subject.
    case further(any FurtherCommand)
}

/// What an applicant hands in.
package struct Submission: Sendable, Hashable {
    package let number: String
    package let owner: String
    package let bucket: String
    package let subject: String
    package let channel: Channel
    package let form: Sealed
    package let files: [CaseFile]
    /// Where the papers come first and are received later: courier, agent, bank.
    package let onPaper: Bool
    package let receipt: IssuedNotice
    /// Materials that the applicant signs to bring later (容缺); nil where there are none.
    package let lacking: [String]?
    /// The package it is a step of.
    package let part: PackagePart?
    /// Whom the office has still to see; nil where nobody.
    package let remote: RemoteCheck?

    package init(
        number: String, owner: String, bucket: String, subject: String, channel: Channel, form: Sealed,
        files: [CaseFile],
        onPaper: Bool, receipt: IssuedNotice, lacking: [String]? = nil, part: PackagePart? = nil,
        remote: RemoteCheck? = nil
    ) {
        self.remote = remote
        self.number = number
        self.owner = owner
        self.bucket = bucket
        self.subject = subject
        self.channel = channel
        self.form = form
        self.files = files
        self.onPaper = onPaper
        self.receipt = receipt
        self.lacking = lacking
        self.part = part
    }
}

/// An applicant's answer to a correction notice: only the listed points.
package struct Supplement: Sendable, Hashable {
    package let form: Sealed
    package let changedFields: [String]
    /// New files of listed materials; they replace the old ones.
    package let files: [CaseFile]
    /// Points answered in words only; the words stand sealed with the form.
    package let answered: [String]

    package init(form: Sealed, changedFields: [String], files: [CaseFile], answered: [String]) {
        self.form = form
        self.changedFields = changedFields
        self.files = files
        self.answered = answered
    }
}

/// What a decision may consult besides the state.
package struct CaseContext: Sendable {
    package let at: Moment
    package let rules: CaseRules
    package let calendar: WorkCalendar
    /// The member of staff who acts; nil for applicant and timers.
    package let officer: String?
    /// Officers who are away, and who does their work: `nil` where nobody does, so that it goes back into the queue.
    package let away: [String: String?]

    package init(
        at: Moment, rules: CaseRules, calendar: WorkCalendar, officer: String?, away: [String: String?] = [:]
    ) {
        self.at = at
        self.rules = rules
        self.calendar = calendar
        self.officer = officer
        self.away = away
    }

    /// Who gets a task meant for `person`.
    func onDuty(for person: String?) -> String? {
        guard let person else { return nil }
        guard let deputy = away[person] else { return person }
        return deputy
    }
}
