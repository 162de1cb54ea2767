import Catalogue
import Directory
import Kernel
import Web
import Workflow

/// The one positive act of a state: 受理, 通过, 准予, 办结.
enum PositiveAct: String, Sendable, CaseIterable {
    case accept, review, approve, complete

    var permission: Permission {
        switch self {
        case .accept: CasesPermissions.accept
        case .review: CasesPermissions.review
        case .approve: CasesPermissions.approve
        case .complete: CasesPermissions.complete
        }
    }

    /// The journal's name of what it does.
    var event: String {
        switch self {
        case .accept: "accepted"
        case .review: "review-passed"
        case .approve: "approved"
        case .complete: "completed"
        }
    }

    init?(_ stage: CaseStage) {
        switch stage {
        case .received: self = .accept
        case .accepted: self = .review
        case .approving: self = .approve
        case .approved: self = .complete
        default: return nil
        }
    }
}

/// What an officer may do with a case now, or why nothing.
struct Standing: Sendable {
    /// The act that stands under the notice; nil where the case is only read.
    let act: PositiveAct?
    /// Why the case is only read.
    let reason: Message?
    /// Composers the officer may open: `correction`, `decision/refuse` …
    let composers: [String]
    /// Nobody has the task and the officer serves its queue.
    let mayClaim: Bool
    let mayAssign: Bool
    /// The task is the officer's, or nobody's in a queue the officer serves.
    var mayAct: Bool { act != nil }

    init(_ folder: DeskFolder, _ viewer: StaffViewer, in language: Language) {
        let state = folder.opened.state
        let rules = folder.opened.rules
        let held = viewer.permissions
        let serves = state.queue.map(viewer.queues.contains) ?? false
        let isMine = state.assignee == viewer.id
        let possible = PositiveAct(state.stage)
        var reason: Message?
        if state.stage.isEnded {
            reason = Message("cases.desk.readOnly.ended")
        } else if state.stage == .correcting {
            reason = Message("cases.desk.readOnly.correcting")
        } else if let assignee = state.assignee, !isMine {
            reason = Message("cases.desk.readOnly.assigned", ["who": folder.name(assignee)])
        } else if !serves, !isMine {
            let step = folder.task?.step ?? possible?.rawValue ?? "accept"
            reason = Message(
                "cases.desk.readOnly.at.\(step)", ["where": folder.department(of: state.queue, in: language)])
        } else if let possible, !held.contains(possible.permission) {
            reason = Message("cases.desk.readOnly.permission")
        } else if possible == .approve, rules.fourEyes, rules.link(.review) != nil, state.reviewedBy == viewer.id {
            reason = Message("cases.desk.readOnly.fourEyes")
        } else if state.isPaused {
            reason = Message("cases.desk.readOnly.paused")
        } else if possible == nil {
            reason = Message("cases.desk.readOnly.waiting")
        }
        self.reason = reason
        act = reason == nil ? possible : nil
        var composers: [String] = []
        if reason == nil {
            switch state.stage {
            case .received:
                if held.contains(CasesPermissions.correct) { composers.append("correction") }
                if held.contains(CasesPermissions.decline) { composers += ["decision/decline", "decision/not-needed"] }
            case .accepted where rules.link(.review) == nil, .approving:
                if held.contains(CasesPermissions.approve) {
                    composers.append("decision/refuse")
                    if rules.link(.review) != nil, state.stage == .approving { composers.append("decision/return") }
                }
            default: break
            }
        }
        let isSecond = !CaseProcedure.hands(in: state).contains(viewer.id)
        if !state.stage.isEnded, held.contains(CasesPermissions.void), isSecond { composers.append("decision/void") }
        self.composers = composers
        let open = !state.stage.isEnded && state.stage != .correcting && state.queue != nil
        mayClaim = open && serves && state.assignee == nil
        mayAssign = open && (isMine || held.contains(CasesPermissions.assign) || (state.assignee == nil && serves))
    }
}

extension DeskFolder {
    /// The department of a queue `department/role`.
    func department(of queue: String?, in language: Language) -> String {
        let department = queue?.split(separator: "/").first.map(String.init) ?? opened.state.department
        return opened.profile.departmentName(department, in: language)
    }
}
