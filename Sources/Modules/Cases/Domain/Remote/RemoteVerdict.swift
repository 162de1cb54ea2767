package import Kernel
package import Workflow

/// It is the person, and he agrees: an officer compared the video, saw him at a window, or a service said so.
package struct ConfirmRemoteCheck: FurtherCommand {
    package static let name = CaseCommand.Name.confirmRemoteCheck

    let means: RemoteCheck.Means
    let words: Sealed?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.mayBeIdentified, let remote = state.remote else {
            throw .refused(Message("cases.refused.remote.over"))
        }
        let by = try RemoteVerdict.judge(means, remote, context)
        return [CaseProcedure.fact(RemoteCheckConfirmed(at: context.at, by: by, means: means, words: words))]
    }
}

/// It is not the person, or it cannot be told: why stands in the words. The person may send another video, or come.
package struct DeclineRemoteCheck: FurtherCommand {
    package static let name = CaseCommand.Name.declineRemoteCheck

    /// `video` or `service`.
    let means: RemoteCheck.Means
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.mayBeIdentified, let remote = state.remote else {
            throw .refused(Message("cases.refused.remote.over"))
        }
        let by = try RemoteVerdict.judge(means, remote, context)
        return [CaseProcedure.fact(RemoteCheckDeclined(at: context.at, by: by, means: means, words: words))]
    }
}

/// Who may say what of it, and when.
private enum RemoteVerdict {
    /// - Returns: the officer; nil for a service.
    static func judge(
        _ means: RemoteCheck.Means, _ remote: RemoteCheck, _ context: CaseContext
    ) throws(DomainError) -> String? {
        switch means {
        case .video:
            guard remote.standing == .recorded else { throw .refused(Message("cases.refused.remote.noVideo")) }
            return try CaseProcedure.officer(context)
        case .inPerson: return try CaseProcedure.officer(context)
        case .service:
            // It speaks for itself, as long as the link is good.
            guard context.officer == nil else { throw .forbidden }
            guard remote.standing == .asked else { throw .refused(Message("cases.refused.remote.over")) }
            return nil
        // Said with the application: nobody says it later.
        case .package: throw .forbidden
        }
    }
}

/// It is the person.
package struct RemoteCheckConfirmed: CaseFact {
    package static let name = "remote-check-confirmed"

    let at: Moment
    /// The officer; nil for a service.
    let by: String?
    let means: RemoteCheck.Means
    let words: Sealed?

    package func mayFollow(_ state: CaseState) -> Bool { state.mayBeIdentified }

    package func evolve(_ state: inout CaseState) {
        state.remote?.standing = .confirmed
        state.remote?.means = means
        state.remote?.task = nil
        state.remote?.until = nil
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [.closeTasks(step: CaseProcedure.identityStep), CaseProcedure.notify("remoteCheckConfirmed", state, at)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "remoteCheckConfirmed", at: at, by: by.map { .officer($0) } ?? .system, words: words,
            wordsAreInternal: true, about: "cases.remote.means.\(means.rawValue)")
    }
}

/// It is not, or cannot be told.
package struct RemoteCheckDeclined: CaseFact {
    package static let name = "remote-check-declined"

    let at: Moment
    /// The officer; nil for a service.
    let by: String?
    let means: RemoteCheck.Means
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool { state.mayBeIdentified }

    package func evolve(_ state: inout CaseState) {
        state.remote?.standing = .declined
        state.remote?.means = means
        state.remote?.task = nil
        state.remote?.until = nil
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [.closeTasks(step: CaseProcedure.identityStep), CaseProcedure.notify("remoteCheckDeclined", state, at)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "remoteCheckDeclined", at: at, by: by.map { .officer($0) } ?? .system, words: words,
            about: "cases.remote.means.\(means.rawValue)")
    }
}
