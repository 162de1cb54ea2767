import Catalogue
import Directory
import Documents
import Kernel
import Web
import Workflow

/// After the decision: service, regulator, archive, and taking back, as officers do them.
enum AfterActs {
    static let all = [serve, push, acknowledge, archive, correct, revoke, withdraw, annul, redecide]

    static let serve = OfficerAct(
        name: "serve", group: .complete, hand: .department, events: [WasServed.name],
        isOpen: { scene in
            let decided: Set<CaseStage> = [.approved, .completed, .refused, .declined, .notNeeded, .terminated]
            return decided.contains(scene.state.stage) && scene.state.served == nil
        },
        fields: { scene in
            [
                .choice("method", Served.Method.allCases, "cases.service"),
                ActField(name: "on", kind: .date, usual: scene.at.date.description, label: "cases.act.field.servedOn"),
                ActField(
                    name: "consent", kind: .choices([.init(value: "yes", label: .key("cases.service.consented"))]),
                    optional: true),
                ActField(name: "remark", kind: .words, optional: true),
            ]
        },
        compose: { scene, input in
            let method = input.choice("method", Served.Method.allCases)
            let on = input.date("on", otherwise: scene.at.date)
            let consented = input.all("consent").contains("yes")
            let remark = input.words("remark", optional: true)
            guard let method else { return nil }
            let counted = method == .announcement ? on.adding(days: 30) : on
            let context = scene.context()
            let served = Served(
                method: method, on: counted, reviewUntil: CaseProcedure.lastDay(counted.adding(days: 60), context),
                courtUntil: CaseProcedure.lastDay(counted.adding(months: 6), context))
            let names: [Served.Method: String] = [
                .direct: "直接送达", .left: "留置送达", .post: "邮寄送达", .electronic: "电子送达", .announcement: "公告送达",
            ]
            let notice = Notices.service(
                scene.opened, applicant: scene.applicant, served: served, method: names[method] ?? "", at: scene.at)
            return ComposedAct(words: DecisionWords(reason: remark), notice: notice) { words, notice in
                Serve(method: method, on: on, consented: consented, words: words, notice: notice)
            }
        })

    static let push = OfficerAct(
        name: "push", group: .complete, hand: .department, events: [Pushed.name],
        isOpen: { $0.state.stage == .completed && $0.state.pushed == nil && !$0.opened.profile.departments.isEmpty },
        fields: { scene in
            let named = scene.opened.item.definition.after.first { $0.kind == .regulator }
            return [
                ActField(
                    name: "department", kind: .choice(scene.otherDepartments), usual: named?.department ?? ""),
                ActField(name: "reason", kind: .words, usual: named?.text.zh ?? ""),
            ]
        },
        compose: { scene, input in
            let to = input.choice("department", of: scene.otherDepartments.map(\.value))
            let reason = input.words("reason")
            guard let to else { return nil }
            return ComposedAct(words: DecisionWords(reason: reason)) { words, _ in Push(department: to, words: words) }
        })

    static let acknowledge = OfficerAct.reasoned(
        "acknowledge", .opinion, .branch, [Acknowledged.name],
        when: { scene in
            guard let pushed = scene.state.pushed else { return false }
            return pushed.acknowledgedAt == nil && scene.viewer.departments.contains(pushed.to)
        }
    ) { Acknowledge(words: $0) }

    static let archive = OfficerAct(
        name: "archive", group: .complete, hand: .department, events: [Archived.name],
        isOpen: { $0.state.stage.isEnded && $0.state.archived == nil && $0.state.followUp == nil },
        fields: { _ in [ActField(name: "remark", kind: .words, optional: true)] },
        compose: { scene, input in
            let remark = input.words("remark", optional: true)
            let item = scene.opened.item.definition
            var keptUntil: CivilDate?
            if case .years(let years) = item.retention { keptUntil = scene.at.date.adding(months: years * 12) }
            let until = keptUntil
            let names = (try? scene.opened.content().fileNames) ?? [:]
            let papers =
                scene.state.notices.map { Notices.title($0.kind) }
                + scene.state.files.map { item.material($0.material)?.name.zh ?? names[$0.id] ?? $0.material }
            let notice = Notices.archive(
                scene.opened, applicant: scene.applicant, papers: papers, keptUntil: keptUntil, at: scene.at)
            return ComposedAct(words: DecisionWords(reason: remark), notice: notice) { words, notice in
                Archive(keptUntil: until, words: words, notice: notice)
            }
        })

    static let correct = OfficerAct(
        name: "correct-result", group: .complete, hand: .department, events: [ResultCorrected.name],
        isOpen: { $0.state.stage == .completed && $0.state.result != nil && $0.state.afterwards == nil },
        fields: { _ in
            [ActField(name: "correction", kind: .words), ActField(name: "until", kind: .date, optional: true)]
        },
        compose: { scene, input in
            let correction = input.words("correction")
            let hasDay = !input.raw("until").isEmpty || !input.raw("until.year").isEmpty
            let until = hasDay ? input.date("until", otherwise: scene.at.date) : nil
            let notice = Notices.letter(
                "correction-of-result", "更", "更正通知书", scene.opened, scene.applicant,
                [
                    "“\(scene.opened.item.definition.name.zh)”（办件编号：\(CaseNumber.grouped(scene.state.number))）的办理结果有误，现更正如下：\(correction)",
                    until.map { "更正后的有效期至：\($0.printed)。" } ?? "",
                ], at: scene.at)
            return ComposedAct(words: DecisionWords(reason: correction), notice: notice) { words, notice in
                CorrectResult(until: until, words: words, notice: notice)
            }
        })

    static let revoke = takingBack(
        .revoked, "revoke", "revocation", "撤", "撤销行政许可决定书", "决定撤销", "《中华人民共和国行政许可法》第六十九条")
    static let withdraw = takingBack(
        .withdrawn, "withdraw-licence", "licence-withdrawal", "回", "撤回行政许可决定书", "决定撤回", "《中华人民共和国行政许可法》第八条")
    static let annul = takingBack(
        .annulled, "annul", "annulment", "注", "注销行政许可决定书", "予以注销", "《中华人民共和国行政许可法》第七十条")

    private static func takingBack(
        _ kind: Afterwards.Kind, _ name: String, _ paper: String, _ series: String, _ title: String, _ verb: String,
        _ law: String
    ) -> OfficerAct {
        OfficerAct(
            name: name, group: .head, hand: .department, events: [TakenBack.name],
            isOpen: { scene in
                guard scene.state.stage == .completed, scene.state.result != nil,
                    !Notices.remedies(scene.opened).isEmpty
                else { return false }
                let before = scene.state.afterwards?.kind
                return before == nil || (kind == .annulled && before != .annulled)
            },
            fields: { _ in
                [
                    .choice("ground", AfterGround.of(kind), "cases.ground"), ActField(name: "facts", kind: .words),
                    .reason,
                ]
                    + (kind == .withdrawn ? [ActField(name: "compensation", kind: .words)] : [])
                    + (kind == .revoked ? [.safety] : [])
            },
            compose: { scene, input in
                let ground = input.choice("ground", AfterGround.of(kind))
                let facts = input.words("facts")
                let reason = input.words("reason")
                let compensation = kind == .withdrawn ? input.words("compensation") : ""
                // Art. 79 bars only where the licence is one of those it names.
                let bars = ground == .fraud && input.choice("safety", of: ["yes", "no"]) == "yes"
                guard let ground else { return nil }
                let result = scene.state.result?.number.map { "（证照编号：\($0)）" } ?? ""
                let notice = Notices.letter(
                    paper, series, title, scene.opened, scene.applicant,
                    [
                        "“\(scene.opened.item.definition.name.zh)”（办件编号：\(CaseNumber.grouped(scene.state.number))）\(result)，经查明：\(facts)",
                        "理由：\(reason)", "依据：\(law)。\(verb)。",
                        compensation.isEmpty ? "" : "补偿：\(compensation)",
                    ], remedies: true, at: scene.at)
                var composed = ComposedAct(
                    words: DecisionWords(facts: facts, basis: law, reason: reason), notice: notice
                ) { words, notice in
                    TakeBack(ground: ground, words: words, notice: notice)
                }
                let (subject, item, at) = (scene.state.subject, scene.state.item, scene.at)
                composed.also = { id, area, tx in
                    try DocumentsStore.revoke(of: id, kinds: ["approval", "delivery"], area: area, tx)
                    // Got by deceit: no application for it for three years (行政许可法 art. 79).
                    guard bars else { return }
                    try ConductStore.put(
                        .fraud, subject: subject, item: item, stream: id, until: at.date.adding(months: 36).start,
                        area: area, at: at, tx)
                }
                return composed
            })
    }

    static let redecide = OfficerAct(
        name: "redecide", group: .head, hand: .department, events: [Reopened.name],
        isOpen: { $0.state.stage == .completed || $0.state.stage == .refused },
        fields: { _ in
            [
                .choice("cause", Redecide.Cause.allCases, "cases.redecide"),
                ActField(name: "basis", kind: .line, label: "cases.act.field.judgment"), .reason,
            ]
        },
        compose: { scene, input in
            let cause = input.choice("cause", Redecide.Cause.allCases)
            let basis = input.words("basis", most: 400)
            let reason = input.words("reason")
            guard let cause else { return nil }
            let notice = Notices.letter(
                "redecision", "重", "重新办理告知书", scene.opened, scene.applicant,
                [
                    Notices.about(scene.opened)
                        + "，原决定已被\(cause == .review ? "行政复议决定" : "人民法院判决")撤销（\(basis)），现重新办理，办理期限重新计算。",
                    "说明：\(reason)",
                ], at: scene.at)
            var composed = ComposedAct(words: DecisionWords(basis: basis, reason: reason), notice: notice) {
                words, notice in Redecide(cause: cause, words: words, notice: notice)
            }
            composed.also = { id, area, tx in
                try DocumentsStore.revoke(of: id, kinds: ["approval", "refusal", "delivery"], area: area, tx)
            }
            return composed
        })
}

extension Notices {
    /// What a kind of document is called in a volume's catalogue.
    static func title(_ kind: String) -> String {
        let names = [
            "receipt": "收件凭证", "acceptance": "受理通知书", "correction": "补正告知书", "decline": "不予受理决定书",
            "not-needed": "不受理告知书", "approval": "准予决定书", "refusal": "不予决定书", "delivery": "办理结果送达回证",
            "special-procedure": "特别程序告知书", "extension": "延长办理期限告知书", "lacking-acceptance": "容缺受理告知书",
            "missing-papers": "补充材料告知书", "amendment": "变更申请内容回执", "rectification": "限期整改告知书", "promise": "证明事项告知承诺书",
            "promise-rectification": "限期整改通知书", "hearing-right": "听证权利告知书", "hearing": "听证通知书",
            "stay": "中止办理告知书", "termination": "终止办理决定书", "transfer": "移送告知书", "fee": "缴费通知书",
            "service": "送达回证", "revocation": "撤销行政许可决定书", "licence-withdrawal": "撤回行政许可决定书",
            "annulment": "注销行政许可决定书", "correction-of-result": "更正通知书", "redecision": "重新办理告知书",
            "renewal": "准予延续行政许可决定书", "report-up": "上报告知书", "simulated": "模拟审批意见书", "passed-on": "转送决定告知书",
            "change": "准予变更行政许可决定书", "change-refusal": "不予变更行政许可决定书", "succession": "承继告知书",
            "falsity": "隐瞒情况或者提供虚假材料告知书", "renewal-refusal": "不予延续行政许可决定书",
        ]
        return names[kind] ?? kind
    }
}
