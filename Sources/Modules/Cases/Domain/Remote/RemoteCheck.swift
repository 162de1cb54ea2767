import Catalogue
package import Kernel
package import Workflow

/// 远程身份核验 of somebody whom the application names and who is not there: how it stands in the case. Who it is, and what he is to
/// say, stands sealed; of the videos only the ids of the files.
package struct RemoteCheck: Sendable, Hashable, Codable {
    /// How far it is.
    package enum Standing: String, Sendable, Hashable, Codable, CaseIterable {
        /// Nobody was written to yet.
        case needed
        /// The person has a link.
        case asked
        /// A video is here and waits to be compared.
        case recorded
        case confirmed, declined
    }

    /// How it was found out.
    package enum Means: String, Sendable, Hashable, Codable, CaseIterable {
        /// An officer compared the video.
        case video
        /// The person came to a window with the card.
        case inPerson = "in-person"
        /// A service such as the province's said so.
        case service
        /// Confirmed with an earlier step of the same package.
        case package
    }

    /// The form's field that names the person.
    package let field: String
    package var standing: Standing
    /// Whom, and what is to be said: sealed.
    package var words: Sealed?
    /// Until when the link is good.
    package var until: Moment?
    /// Files of the videos, the last at the end.
    package var recordings: [String]?
    /// The office's task to compare, while it waits.
    package var task: CaseEvent.NextTask?
    package var means: Means?

    package init(field: String, standing: Standing = .needed, means: Means? = nil) {
        self.field = field
        self.standing = standing
        self.means = means
    }
}

extension CaseState {
    /// Nothing is in the way of asking the person, or of confirming him.
    var mayBeIdentified: Bool {
        guard let remote, remote.standing != .confirmed else { return false }
        return !stage.isEnded && decidedAt == nil
    }

    /// Where the application names somebody else now, what was found out about the one before says nothing.
    mutating func namesAnother(_ fields: [String]) {
        guard let remote, decidedAt == nil, fields.contains(remote.field) else { return }
        var again = RemoteCheck(field: remote.field)
        again.recordings = remote.recordings
        self.remote = again
    }
}

extension CaseProcedure {
    /// The step of the task to compare.
    static let identityStep = "identity"

    /// Nothing is granted before it is known that the person named agrees (市场主体登记管理条例实施细则 art. 16).
    static func identified(_ state: CaseState) throws(DomainError) {
        guard let remote = state.remote, remote.standing != .confirmed else { return }
        throw .refused(Message("cases.refused.remote.\(remote.standing.rawValue)"))
    }

    /// The task to compare outlives the step in which it was opened, and ends where another person is named.
    static func comparing(_ effects: [Effect], _ event: CaseEvent, _ state: CaseState) -> [Effect] {
        guard let remote = state.remote, !state.stage.isEnded else { return effects }
        // It brings back what there was.
        if case .further(let further) = event, further.fact is Undone { return effects }
        if remote.standing == .needed { return [.closeTasks(step: identityStep)] + effects }
        guard remote.standing == .recorded, let task = remote.task, effects.contains(.closeTasks(step: nil)) else {
            return effects
        }
        return effects + [open(task, nil)]
    }
}

/// The person gets a link, by SMS: the first one, or another.
package struct AskRemoteCheck: FurtherCommand {
    package static let name = CaseCommand.Name.askRemoteCheck

    /// Whom, and what is to be said.
    let words: Sealed
    let until: Moment

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.mayBeIdentified else { throw .refused(Message("cases.refused.remote.over")) }
        guard state.remote?.standing != .recorded else { throw .refused(Message("cases.refused.remote.recorded")) }
        return [CaseProcedure.fact(RemoteCheckAsked(at: context.at, words: words, until: until))]
    }
}

/// The person has a link.
package struct RemoteCheckAsked: CaseFact {
    package static let name = "remote-check-asked"

    let at: Moment
    let words: Sealed
    let until: Moment

    package func mayFollow(_ state: CaseState) -> Bool {
        state.mayBeIdentified && state.remote?.standing != .recorded
    }

    package func evolve(_ state: inout CaseState) {
        state.remote?.standing = .asked
        state.remote?.words = words
        state.remote?.until = until
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("remoteCheckAsked", at: at, by: doer, due: until.date)
    }
}

/// The person sent a video.
package struct RecordRemoteCheck: FurtherCommand {
    package static let name = CaseCommand.Name.recordRemoteCheck

    /// Id of the sealed file.
    let file: String
    /// SHA-256 of what was sent.
    let digest: String

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.mayBeIdentified, let remote = state.remote, remote.standing == .asked,
            let until = remote.until, context.at < until
        else { throw .refused(Message("cases.refused.remote.over")) }
        let limit = CaseProcedure.running(
            context.rules.remoteCheck ?? Limit(1, .workingDays), from: context.at, context)
        // Before the review the window compares, in the review its officers.
        let inReview = state.stage == .accepted || state.stage == .approving
        let window = context.rules.link(.accept)?.queue ?? "\(context.rules.department)/clerk"
        let task = CaseEvent.NextTask(
            step: CaseProcedure.identityStep, queue: inReview ? context.rules.link(.review)?.queue ?? window : window,
            warnAt: limit.warnAt,
            dueAt: limit.dueAt)
        return [CaseProcedure.fact(RemoteCheckRecorded(at: context.at, file: file, digest: digest, task: task))]
    }
}

/// A video is here.
package struct RemoteCheckRecorded: CaseFact {
    package static let name = "remote-check-recorded"

    let at: Moment
    let file: String
    let digest: String
    let task: CaseEvent.NextTask

    package func mayFollow(_ state: CaseState) -> Bool { state.mayBeIdentified && state.remote?.standing == .asked }

    package func evolve(_ state: inout CaseState) {
        state.remote?.standing = .recorded
        state.remote?.task = task
        let earlier = (state.remote?.recordings ?? []).filter { $0 != file }
        state.remote?.recordings = earlier + [file]
    }

    package func effects(_ state: CaseState) -> [Effect] { [CaseProcedure.open(task, nil)] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("remoteCheckRecorded", at: at, by: .system)
    }
}
