import Catalogue
import Kernel
import Workflow

/// 准予延续 and 不予延续, before what was granted expires (行政许可法 art. 50).
enum RenewalActs {
    static let all = [grant, refuse]

    private static func isOpen(_ scene: ActScene) -> Bool {
        scene.state.stage == .completed && scene.state.renewal != nil
    }

    static let grant = OfficerAct(
        name: "grant-renewal", group: .approve, hand: .department, events: [RenewalDecided.name],
        isOpen: { isOpen($0) }, fields: { _ in [ActField(name: "remark", kind: .words, optional: true)] },
        compose: { scene, input in
            let remark = input.words("remark", optional: true)
            guard let renewal = scene.state.renewal else { return nil }
            let until = CaseProcedure.renewed(scene.state, renewal, scene.rules)
            let notice = Notices.letter(
                "renewal", "续", "准予延续行政许可决定书", scene.opened, scene.applicant,
                [
                    "您于\(renewal.requestedAt.date.printed)申请延续\(Notices.licence(scene.opened))。经审查，符合法定条件，准予延续，有效期延续至\(until.printed)。",
                    remark, "依据：《中华人民共和国行政许可法》第五十条。",
                ], at: scene.at)
            return ComposedAct(words: DecisionWords(reason: remark), notice: notice) { words, notice in
                DecideRenewal(granted: true, words: words, notice: notice)
            }
        })

    static let refuse = OfficerAct(
        name: "refuse-renewal", group: .approve, hand: .department, events: [RenewalDecided.name],
        isOpen: { isOpen($0) && !Notices.remedies($0.opened).isEmpty },
        fields: { _ in [ActField(name: "facts", kind: .words), .basis, .reason] },
        compose: { scene, input in
            let facts = input.words("facts")
            let basis = input.words("basis", most: 400)
            let reason = input.words("reason")
            guard let renewal = scene.state.renewal else { return nil }
            let notice = Notices.letter(
                "renewal-refusal", "续", "不予延续行政许可决定书", scene.opened, scene.applicant,
                [
                    "您于\(renewal.requestedAt.date.printed)申请延续\(Notices.licence(scene.opened))。经查明：\(facts)",
                    "理由：\(reason)", "依据：\(basis)。", "决定不予延续。原许可在\(renewal.limit.dueOn.printed)前继续有效。",
                ], remedies: true, at: scene.at)
            return ComposedAct(
                words: DecisionWords(facts: facts, basis: basis, reason: reason), notice: notice
            ) { words, notice in DecideRenewal(granted: false, words: words, notice: notice) }
        })
}
