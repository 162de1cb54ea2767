import Documents
import Identity
package import Kernel
import Storage
package import Web
package import Workflow

/// Which officers an act beside the plain road is for: one permission each.
package enum ActGroup: String, Sendable, Hashable, CaseIterable {
    case accept, review, approve, complete, opinion
    /// What only the organ's head decides: 延期 (行政许可法 art. 42), 撤销, 撤回, 注销 (arts. 8, 69, 70).
    case head

    package var permission: Permission {
        switch self {
        case .accept: CasesPermissions.accept
        case .review: CasesPermissions.review
        case .approve: CasesPermissions.approve
        case .complete: CasesPermissions.complete
        case .opinion: CasesPermissions.opinion
        case .head: CasesPermissions.head
        }
    }
}

/// The case and the officer before it.
package struct ActScene: Sendable {
    let opened: OpenCase
    let viewer: StaffViewer
    let at: Moment
    /// Members of staff of the case's department, where the act names one.
    var people: [StaffMember] = []
    /// The account of who takes the applicant's place, where one was named and found.
    var successor: SuccessorAccount?
    /// It was looked for; a preview does not.
    var soughtSuccessor = false
    /// Codes by which the case is found under the successor's name and number.
    var lookupCodes: @Sendable (ApplicantContent) throws -> [(String, (version: Int, code: String))] = { _ in [] }
    /// The case's journal, where the act is read from it.
    var journal: [JournalEntry] = []

    var state: CaseState { opened.state }
    var rules: CaseRules { opened.rules }
    /// The applicant as documents name him.
    var applicant: String { (try? opened.holder()) ?? "" }

    func context() -> CaseContext { opened.context(at: at, officer: viewer.id) }
}

/// What an act comes to once it is written.
struct ComposedAct: Sendable {
    /// Sealed words of it.
    var words: DecisionWords
    /// Sealed in their place where the act lists points for the applicant.
    var points: CorrectionWords?
    /// The application as it is from now on, where the act changes it.
    var form: FormContent?
    /// The document it issues.
    var notice: NoticeDraft?
    let command: @Sendable (Sealed, IssuedNotice?) -> any FurtherCommand
    /// In the place of `command` where the act changes the application.
    var changing: (@Sendable (_ form: Sealed, Sealed, IssuedNotice?) -> any FurtherCommand)?
    /// Rows that change with it.
    var also: (@Sendable (String, AreaCode, Transaction) throws -> Void)?
}

/// One act beside the plain road: who may do it when, what is asked, which document it issues. Pages and API are made of
/// this table; the rules stand with the command.
struct OfficerAct: Sendable {
    /// Who holds the case when it is done.
    enum Hand: Sendable {
        /// Who has the task, or serves its queue while nobody has it.
        case holder
        /// Anybody of the case's department with the permission.
        case department
        /// A department that was asked for its opinion.
        case branch
    }

    let name: String
    let group: ActGroup
    let hand: Hand
    /// Names of its events: a second click is no conflict.
    let events: Set<String>
    let isOpen: @Sendable (ActScene) -> Bool
    let fields: @Sendable (ActScene) -> [ActField]
    var namesPeople = false
    /// Somebody takes the applicant's place: his account is looked for by the phone and number that were typed.
    var namesSuccessor = false
    var readsJournal = false
    let compose: @Sendable (ActScene, inout ActInput) -> ComposedAct?
    /// Why it is not open, where that can be said.
    var hindrance: @Sendable (ActScene) -> Message? = { _ in nil }

    /// Every act, in the order of the panel.
    static let all: [OfficerAct] =
        PaperActs.all + RemoteActs.all + JointActs.all + SpecialActs.all + CourseActs.all + HearingActs.all
        + AfterActs.all + RenewalActs.all + ChangeActs.all + DisclosureActs.all + UndoActs.all

    /// Acts that issue a document: it is shown beside the fields while they are filled in.
    private static let issuing: Set<String> = [
        "accept-lacking", "accept-on-promise", "request-papers", "check-follow-up", "start-procedure", "extend",
        "transfer", "stay", "terminate", "assess-fee", "tell-interested", "announce-hearing", "serve", "archive",
        "correct-result", "revoke", "withdraw-licence", "annul", "redecide", "grant-renewal", "refuse-renewal",
        "report-up", "enter-answer", "simulate", "accept-simulated",
        "amend", "refuse-change", "succeed", "record-falsity",
    ]

    var issues: Bool { Self.issuing.contains(name) }

    static func named(_ name: String, _ group: ActGroup) -> OfficerAct? {
        all.first { $0.name == name && $0.group == group }
    }
}

extension CasesAPI {
    /// The acts an officer may open now.
    func acts(_ folder: DeskFolder, _ viewer: StaffViewer, at now: Moment) -> [OfficerAct] {
        let opened = folder.opened
        let scene = ActScene(opened: opened, viewer: viewer, at: now, journal: folder.journal)
        return OfficerAct.all.filter { act in
            viewer.permissions.contains(act.group.permission) && holds(act.hand, opened.state, viewer)
                && act.isOpen(scene)
        }
    }

    /// The case and the officer, with the people the act may name.
    func scene(_ act: OfficerAct, _ opened: OpenCase, _ viewer: StaffViewer, at now: Moment) async throws -> ActScene {
        var scene = ActScene(opened: opened, viewer: viewer, at: now)
        if act.namesPeople {
            scene.people = try await identity.staffMembers(opened.area, department: opened.state.department)
        }
        if act.readsJournal {
            let (id, area) = (opened.id, opened.area)
            scene.journal = try await database.read { tx in try JournalStore.entries(of: id, area: area, tx) }
        }
        return scene
    }

    private func holds(_ hand: OfficerAct.Hand, _ state: CaseState, _ viewer: StaffViewer) -> Bool {
        switch hand {
        case .holder:
            state.assignee == viewer.id
                || (state.assignee == nil && state.queue.map(viewer.queues.contains) ?? false)
        case .department: viewer.departments.contains(state.department)
        case .branch:
            viewer.departments.contains(state.department)
                || state.asked.contains(where: viewer.departments.contains)
        }
    }

    /// Carries an act out, with its words and its document.
    ///
    /// - Throws: `.notFound` for an act there is not, `.invalid` with every gap, `.refused`, `.conflict`, `.forbidden`.
    @discardableResult
    package func act(
        _ name: String, _ group: ActGroup, _ number: String, values: JSON, _ viewer: StaffViewer,
        _ occasion: Occasion
    ) async throws -> CaseHead {
        try await act(name, group, number, ActInput(values), viewer, occasion)
    }

    @discardableResult
    func act(
        _ name: String, _ group: ActGroup, _ number: String, _ input: ActInput, _ viewer: StaffViewer,
        _ occasion: Occasion
    ) async throws -> CaseHead {
        guard let act = OfficerAct.named(name, group) else { throw DomainError.notFound }
        let opened =
            act.hand == .holder
            ? try await openToAct(number, viewer, occasion) : try await openUnseen(number, viewer)
        guard holds(act.hand, opened.state, viewer) else { throw DomainError.forbidden }
        var scene = try await scene(act, opened, viewer, at: occasion.at)
        if act.namesSuccessor {
            scene.successor = try await identity.successor(
                phone: input.raw("successor-phone"), number: input.raw("successor-number"))
            scene.soughtSuccessor = true
            scene.lookupCodes = lookupCodes
        }
        guard act.isOpen(scene) else {
            if let why = act.hindrance(scene) { throw DomainError.refused(why) }
            throw CaseProcedure.moved(opened.state)
        }
        var input = input
        let composed = act.compose(scene, &input)
        guard input.faults.isEmpty, let composed else { throw DomainError.invalid(input.faults) }
        // Said before anything is drawn: most of what is in the way does not need the paper.
        let part =
            try composed.points.map { try opened.seal($0, kind: "words", at: occasion.at) }
            ?? opened.seal(composed.words, kind: "words", at: occasion.at)
        let notice = try composed.notice.map { try notices.prepare($0, in: opened.vault, at: occasion.at) }
        let issued = notice.map {
            IssuedNotice(id: $0.id, kind: composed.notice?.kind ?? "", at: occasion.at)
        }
        let (id, area, also) = (opened.id, opened.area, composed.also)
        let form = try composed.form.map { try opened.seal($0, kind: "form", at: occasion.at) }
        var enclosures = Enclosures(parts: [part] + (form.map { [$0] } ?? []), notice: notice)
        if let also { enclosures.also = { tx in try also(id, area, tx) } }
        let command =
            form.flatMap { form in composed.changing?(form.reference, part.reference, issued) }
            ?? composed.command(part.reference, issued)
        return try await perform(.further(command), opened, occasion, officer: viewer.id, with: enclosures)
    }
}

extension CaseState {
    /// Departments that were asked for an opinion or a deed of their own.
    var asked: [String] {
        (branches ?? []).map(\.department) + (pushed.map { [$0.to] } ?? [])
    }
}
