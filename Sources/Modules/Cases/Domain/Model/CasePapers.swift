package import Catalogue
import Directory
import Documents
import Kernel
import Workflow

/// Each kind of document as it would be issued for an item: nothing of it is sealed, numbered or kept.
///
/// By it the packs are checked: whatever document the procedure of an item can come to must have a text, an organ that the
/// area knows, and where it is adverse, the remedies (行政许可法 art. 38, 行政复议法 art. 20, 行政诉讼法 art. 46).
package struct CasePapers: Sendable {
    private let opened: OpenCase

    /// - Parameter item: as an area offers it.
    package init(_ item: ItemDefinition, pack: AreaPack) throws {
        let version = PublishedItem(area: pack.area, version: 1, definition: item)
        let rules = CaseRules(item, version: 1)
        let context = CaseContext(at: CaseMoves.at, rules: rules, calendar: .weekendsOnly, officer: nil)
        var state: CaseState?
        for command in CaseMoves.beginnings(rules).prefix(1) {
            for event in try CaseProcedure.decide(command, nil, context) {
                state = try CaseProcedure.evolve(state, event)
            }
        }
        guard let state else { throw DomainError.notFound }
        opened = OpenCase(
            id: "model", area: pack.area, state: state, version: 1, item: version, profile: pack.profile,
            calendar: .weekendsOnly, vault: .unused(area: pack.area), parts: [:])
    }

    /// The document of that kind; nil where there is none.
    private func draft(_ kind: String) -> NoticeDraft? {
        let at = CaseMoves.at
        let item = opened.item.definition
        let words = DecisionWords(facts: "事实", basis: "依据", reason: "理由", referTo: "机关")
        let result = CaseResult(number: nil, on: at.date, until: nil, delivery: "electronic")
        let day = at.date.adding(days: 30)
        return switch kind {
        case "receipt":
            Notices.receipt(
                number: opened.state.number, code: "00000000", item: item, profile: opened.profile, applicant: "申请人",
                files: [], at: at, due: day)
        case "acceptance": Notices.acceptance(opened, applicant: "申请人", promised: day, at: at)
        case "correction":
            Notices.correction(
                opened, applicant: "申请人",
                words: CorrectionWords(
                    points: item.materials.enumerated().map { index, material in
                        .init(
                            id: "m.\(index)", subject: material.name.zh,
                            problem: material.faults.first?.problem.zh ?? "不清楚",
                            fix: material.faults.first?.fix.zh ?? "重新提交")
                    }), due: day, at: at)
        case "decline": Notices.decline(opened, applicant: "申请人", words: words, at: at)
        case "not-needed": Notices.notNeeded(opened, applicant: "申请人", words: words, at: at)
        case "approval": Notices.approval(opened, applicant: "申请人", at: at)
        case "refusal": Notices.refusal(opened, applicant: "申请人", words: words, at: at)
        case "delivery": Notices.delivery(opened, applicant: "申请人", result: result, numbered: true, at: at)
        case "promise":
            Notices.promise(
                opened, applicant: "申请人", materials: item.materials.map(\.id), signer: "申请人", at: at)
        case "lacking-acceptance":
            Notices.lackingAcceptance(
                opened, applicant: "申请人", materials: item.materials.map(\.id), due: day, at: at)
        case "missing-papers", "rectification":
            Notices.papers(
                opened, kind: kind == "rectification" ? .rectification : .missing, applicant: "申请人",
                words: CorrectionWords(points: [.init(id: "o.1", subject: "材料", problem: "", fix: "请补充")]), due: day,
                at: at)
        case "special-procedure":
            Notices.specialProcedure(
                opened, applicant: "申请人", procedure: "检验", reason: "理由", expected: day, at: at)
        case "amendment":
            Notices.amendment(
                opened,
                Supplement(
                    form: opened.state.form, changedFields: item.fields.map(\.id), files: [], answered: []), at: at)
        case "extension":
            Notices.longer(opened, applicant: "申请人", days: 10, reason: "理由", due: day, at: at)
        case "service":
            Notices.service(
                opened, applicant: "申请人",
                served: Served(method: .electronic, on: at.date, reviewUntil: day, courtUntil: day), method: "电子送达",
                at: at)
        case "archive": Notices.archive(opened, applicant: "申请人", papers: ["受理通知书"], keptUntil: nil, at: at)
        default:
            // A letter: its words are an officer's, its frame is this.
            Self.letters[kind].map { title in
                Notices.letter(
                    kind, "函", title, opened, "申请人", [Notices.about(opened) + "。理由：理由"],
                    remedies: Self.adverse.contains(kind), at: at)
            }
        }
    }

    /// Letters whose text stands with the act.
    private static let letters = [
        "transfer": "移送告知书", "stay": "中止办理告知书", "termination": "终止办理决定书", "fee": "缴费通知书",
        "hearing-right": "听证权利告知书", "hearing": "听证通知书", "promise-rectification": "限期整改通知书",
        "correction-of-result": "更正通知书", "redecision": "重新办理告知书", "renewal": "准予延续行政许可决定书", "report-up": "上报告知书",
        "simulated": "模拟审批意见书",
        "passed-on": "转送决定告知书", "change": "准予变更行政许可决定书", "change-refusal": "不予变更行政许可决定书",
        "succession": "承继告知书", "falsity": "隐瞒情况或者提供虚假材料告知书",
        "renewal-refusal": "不予延续行政许可决定书", "revocation": "撤销行政许可决定书",
        "licence-withdrawal": "撤回行政许可决定书", "annulment": "注销行政许可决定书",
    ]

    /// The document of that kind on paper, as PDF; nil where there is none.
    ///
    /// - Throws: `TypesettingError`.
    package func paper(_ kind: String, url: String) throws -> [UInt8]? { try draft(kind)?.printed(url: url) }

    /// What is wrong with the document of that kind, in plain English for a finding; nothing where it can be issued.
    package func faults(_ kind: String) -> [String] {
        guard let draft = draft(kind) else { return ["no document is known for the notice “\(kind)”"] }
        var faults: [String] = []
        if opened.profile.department(opened.state.department) == nil {
            faults.append("the document “\(kind)” has no organ: the area has no department \(opened.state.department)")
        }
        if draft.title.isEmpty || draft.body.isEmpty { faults.append("the document “\(kind)” is empty") }
        if Self.adverse.contains(kind), draft.remedies.isEmpty {
            faults.append("the document “\(kind)” cannot be issued: the area's review organ or court is not known")
        }
        return faults
    }

    /// Documents that must name the remedies.
    package static let adverse: Set<String> = [
        "decline", "not-needed", "refusal", "termination", "revocation", "licence-withdrawal", "annulment",
        "renewal-refusal", "change-refusal",
    ]
}
