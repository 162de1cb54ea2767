import Foundation
import Testing

/// Journals hold ids, enumerations, dates, amounts and references to sealed parts; what a person wrote is `Sealed`.
@Suite("Events")
struct EventTests {
    /// Properties of events that may be plain text, because it is an id, a slug or the name of an enumeration's case. Whoever
    /// extends this says so in the review: nothing that a person wrote, no name, no number of a document of identity.
    static let plain: Set<String> = [
        "CaseEvent.Submitted.number", "CaseEvent.Submitted.item", "CaseEvent.Submitted.department",
        "CaseEvent.Submitted.owner",
        "CaseEvent.Submitted.bucket", "CaseEvent.Submitted.subject", "CaseEvent.Received.queue",
        "CaseEvent.CorrectionRequested.by",
        "CaseEvent.Supplemented.changedFields", "CaseEvent.Supplemented.answered", "CaseEvent.Supplemented.queue",
        "CaseEvent.Supplemented.assignee", "CaseEvent.Accepted.by", "CaseEvent.Moved.by", "CaseEvent.Decided.by",
        "CaseEvent.Completed.by", "CaseEvent.Ended.by", "CaseEvent.Assigned.to", "CaseEvent.Assigned.by",
        "CaseEvent.NextTask.step",
        "CaseEvent.NextTask.queue", "CaseFile.id", "CaseFile.material", "CaseFile.digest", "CaseFile.type",
        "CorrectionPoint.id",
        "CorrectionPoint.ref", "IssuedNotice.id", "IssuedNotice.kind", "CaseResult.number", "CaseResult.delivery",
        "PostProceeding.Event.Proposed.by", "PostProceeding.Event.Acted.by", "PostPlace.staff", "PostPlace.department",
        "PostPlace.window", "PostPlace.street", "CheckClaim.account", "CheckClaim.mandate",
        "CheckProceeding.Event.Acted.by", "CheckProceeding.Event.Refused.by",
        "PackageEvent.Submitted.number",
        "PackageEvent.Submitted.package",
        "PackageEvent.Submitted.department",
        "PackageEvent.Submitted.owner",
        "PackageEvent.Submitted.bucket",
        "PackageEvent.Submitted.subject",
        "PackageEvent.Steps.steps",
        "PackageEvent.Opened.step",
        "PackageEvent.Opened.caseID",
        "PackageEvent.Opened.number",
        "PackageEvent.Step.step",
        "PackageEvent.Ended.step",
        "PackageEvent.Ended.result",
        "PackageEvent.Withdrawn.cancelled",
        "PlannedStep.id",
        "PlannedStep.item",
        "PlannedStep.department",
        "PlannedStep.after",
        "PackagePart.id",
        "PackagePart.number",
        "PackagePart.slug",
        "PackagePart.step",
        "CaseEvent.Submitted.lacking", "ProcedureStarted.by", "RunningProcedure.id", "ProcedureEnded.by",
        "ProcedureEnded.procedure", "Extended.by", "OpinionsAsked.by", "Branch.department", "Branch.by",
        "OpinionGiven.by", "OpinionGiven.department", "OpinionGiven.queue", "BranchQueried.by",
        "BranchQueried.department", "MeetingConvened.by", "MeetingConvened.departments", "MeetingConcluded.by",
        "PapersAwaited.by", "PapersDelivered.changedFields", "PapersDelivered.answered", "InterestedTold.by",
        "HearingRequested.by", "HearingAnnounced.by", "HearingAnnounced.chair", "HearingHeld.by", "Publicised.by",
        "ObjectionRecorded.by", "ObjectionResolved.by", "Stayed.by", "StayLifted.by", "Terminated.by",
        "Transferred.by", "Transferred.to", "HandlerChanged.by", "HandlerChanged.from", "HandlerChanged.to",
        "HandlerChanged.recused", "PromiseSigned.materials", "FollowUpOpened.queue", "FollowUpChecked.by",
        "WasServed.by", "Archived.by", "Pushed.by", "Pushed.to", "Acknowledged.by", "Acknowledged.of",
        "TakenBack.by", "ResultCorrected.by", "Reopened.by", "FeeAssessed.by", "FeeSettled.by", "PreReviewed.by",
        // Ids of a power of attorney, of what it was given with and used for.
        "AttorneyProceeding.Given.application", "AttorneyProceeding.Given.number", "AttorneyProceeding.Given.papers",
        "AttorneyProceeding.Used.number",
        // An act that was taken back: how the case stood before it, as its earlier events made it.
        "CaseState.acceptedBy", "CaseState.assignee", "CaseState.bucket", "CaseState.changedFields",
        "CaseState.changedMaterials", "CaseState.decidedBy", "CaseState.department", "CaseState.item",
        "CaseState.lacking", "CaseState.number", "CaseState.owner", "CaseState.queue", "CaseState.recused",
        "CaseState.reviewedBy", "CaseState.subject", "CaseState.unbrought",
        // Slugs of registers and kinds of certificates, and the number of the case a certificate came of.
        "AskedRegister.register", "HeldCertificate.number", "HeldCertificate.type",
        "CaseOwner.account", "CaseOwner.bucket", "CaseOwner.subject",
        "Amended.by", "ApplicationAmended.changedFields", "ApplicationAmended.reviewer", "ChangeRequested.queue",
        "CorrectedOnSpot.by", "CorrectedOnSpot.fields", "DisclosureSet.by", "EarlyOpinionsEnded.departments",
        "Extension.by",
        "FalsityRecorded.by", "GivenPromise.materials", "Hearing.chair", "LimitBack.name", "Meeting.departments",
        "PapersChased.by", "RegulatorPush.to", "RenewalDecided.by", "RenewalRequested.queue", "Reported.to",
        "ReportedUp.by", "ReportedUp.to", "SimulatedReview.by", "Standing.composers", "Succeeded.by",
        // Ids of a form's field and of stored files, a digest of one.
        "RemoteCheck.field", "RemoteCheck.recordings", "RemoteCheckRecorded.file", "RemoteCheckRecorded.digest",
        "RemoteCheckConfirmed.by", "RemoteCheckDeclined.by",
        "SuperiorAnswered.by", "SuperiorAnswered.from", "TaskBack.assignee", "TaskBack.queue", "TaskBack.step",
        "Undone.actor", "Undone.by", "Undone.event", "Undone.stopped",
    ]

    @Test("No event carries text that a person wrote")
    func noFreeText() throws {
        var found: Set<String> = []
        var events = 0
        for module in SourceTests.order {
            let sources = Tree.modules.filter { $0.path.hasPrefix("Sources/Modules/\(module)/") }
            let types = StoredProperties(sources)
            for root in types.journalEvents {
                events += 1
                for property in types.reachable(from: root) where property.isText { found.insert(property.name) }
            }
        }
        #expect(events > 0)
        for name in found.subtracting(Self.plain).sorted() {
            Issue.record(
                "\(name) is plain text in a journal: make it Sealed, or say why it is none of a person's words")
        }
        #expect(Self.plain.subtracting(found).isEmpty, "no longer there")
    }
}

/// What the types of a module's sources store, read line by line: enough for the plain values that events are made of.
struct StoredProperties {
    struct Property {
        let name: String
        let type: String

        var isText: Bool { type.contains(/\b(String|Substring|Character|JSON|Any)\b/.plain) }
    }

    /// By the type's full name, such as `CaseEvent.Submitted`.
    private var properties: [String: [Property]] = [:]
    private(set) var journalEvents: [String] = []

    init(_ sources: [SwiftSource]) {
        for source in sources { read(source) }
    }

    private mutating func read(_ source: SwiftSource) {
        var depth = 0
        var open: [(name: String, depth: Int)] = []
        for line in source.code {
            if let match = line.firstMatch(
                of: /\b(?:struct|enum|class|extension|actor)\s+(?<name>[A-Z]\w*(?:\.\w+)*)(?<rest>[^{]*)\{/.plain)
            {
                let full = ((open.last.map { [$0.name] } ?? []) + [String(match.name)]).joined(separator: ".")
                open.append((full, depth))
                if match.rest.contains(/\b(JournalEvent|CaseFact)\b/.plain) { journalEvents.append(full) }
            } else if let type = open.last, depth == type.depth + 1 {
                add(line, to: type.name)
            }
            depth += line.count { $0 == "{" } - line.count { $0 == "}" }
            while let last = open.last, depth <= last.depth { open.removeLast() }
        }
    }

    private mutating func add(_ line: Substring, to type: String) {
        if let match = line.firstMatch(of: /^\s*(?:package\s+|public\s+)?(?:let|var)\s+(?<name>\w+):\s*(?<type>[^={]+)/)
        {
            guard !line.contains("{") else { return }
            properties[type, default: []].append(Property(name: "\(type).\(match.name)", type: String(match.type)))
        } else if let match = line.firstMatch(of: /^\s*(?:indirect\s+)?case\s+(?<cases>.+\(.+)/) {
            for part in match.cases.matches(of: /(?<name>\w+)\((?<values>[^()]*)\)/) {
                properties[type, default: []].append(Property(name: "\(type).\(part.name)", type: String(part.values)))
            }
        }
    }

    /// The properties of a type and of all types of the module that stand in it.
    func reachable(from root: String) -> [Property] {
        var seen: Set<String> = []
        var rest = [root]
        var found: [Property] = []
        while let type = rest.popLast() {
            guard seen.insert(type).inserted else { continue }
            for property in properties[type] ?? [] {
                found.append(property)
                for name in property.type.matches(of: /[A-Z]\w*(?:\.[A-Z]\w*)*/).map({ String($0.output) }) {
                    // The name may be written from inside: CaseEvent.NextTask as NextTask.
                    var scope = type
                    while true {
                        let full = scope.isEmpty ? name : "\(scope).\(name)"
                        if properties[full] != nil {
                            rest.append(full)
                            break
                        }
                        guard !scope.isEmpty else { break }
                        scope =
                            scope.contains(".") ? String(scope[..<(scope.lastIndex(of: ".") ?? scope.startIndex)]) : ""
                    }
                }
            }
        }
        return found
    }
}
