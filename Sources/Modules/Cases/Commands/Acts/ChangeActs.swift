import Catalogue
import Directory
import Documents
import Identity
import Kernel
import Storage
import Workflow

/// Reporting to the organ above, corrections on the spot, change and succession, false applications: as officers do them.
enum ChangeActs {
    static let all = [onSpot, reportUp, answer, amend, refuseChange, succeed, falsity]

    /// Kinds of fields that are one line or one day.
    private static let plain: Set<FieldKind> = [.text, .number, .money, .date, .phone, .idcard, .uscc]

    private static func fields(_ scene: ActScene) -> [FormField] {
        guard let content = try? scene.opened.content() else { return [] }
        return scene.opened.item.definition.fields.filter { plain.contains($0.kind) && content.form[$0.id] != nil }
    }

    static let onSpot = OfficerAct(
        name: "correct-on-spot", group: .accept, hand: .holder, events: [CorrectedOnSpot.name],
        isOpen: { $0.state.stage == .received },
        fields: { scene in
            [
                ActField(
                    name: "field",
                    kind: .choice(fields(scene).map { .init(value: $0.id, label: .words($0.label)) })),
                ActField(name: "value", kind: .words),
                ActField(
                    name: "present",
                    kind: .choices([.init(value: "yes", label: .key("cases.act.correct-on-spot.present"))])),
            ]
        },
        compose: { scene, input in
            let chosen = input.choice("field", of: fields(scene).map(\.id))
            let value = input.words("value")
            _ = input.choices("present", of: ["yes"])
            guard let chosen, let field = fields(scene).first(where: { $0.id == chosen }),
                var content = try? scene.opened.content(), var section = scene.opened.item.definition.form.first
            else { return nil }
            section.fields = [field]
            let parts = value.split(separator: "-", omittingEmptySubsequences: false)
            let typed =
                field.kind == .date && parts.count == 3
                ? [
                    ("\(chosen).year", String(parts[0])), ("\(chosen).month", String(parts[1])),
                    ("\(chosen).day", String(parts[2])),
                ]
                : [(chosen, value)]
            content.form[chosen] = FormInput(typed).values(of: section)[chosen] ?? .string(value)
            let context = RuleContext(
                situations: content.situations, form: content.form,
                applicant: content.applicant.organisation == nil ? .person : .organisation, today: scene.at.date,
                calendar: scene.opened.calendar)
            let rules = FormRules(item: scene.opened.item.definition, context: context)
            // Only what this answer makes wrong; the rest was looked at when it was handed in.
            if rules.faults(language: .zh).contains(where: {
                $0.field.split(separator: ".").first.map(String.init) == chosen
            }) {
                input.fault("value", "cases.act.fault.value")
            }
            var composed = ComposedAct(words: DecisionWords(reason: "\(field.label.zh)：\(value)")) { words, _ in
                CorrectOnSpot(form: words, fields: [chosen], words: words)
            }
            composed.form = content
            composed.changing = { form, words, _ in CorrectOnSpot(form: form, fields: [chosen], words: words) }
            return composed
        })

    static let reportUp = OfficerAct(
        name: "report-up", group: .review, hand: .holder, events: [ReportedUp.name],
        isOpen: { ReportedUp.fits($0.state) && $0.rules.reportUp != nil && !$0.state.isPaused },
        fields: { _ in [ActField(name: "outcome", kind: .words)] },
        compose: { scene, input in
            let opinion = input.words("outcome")
            guard let up = scene.rules.reportUp else { return nil }
            let due = CaseProcedure.running(CaseRules.superior, from: scene.at, scene.context()).dueOn
            let notice = Notices.letter(
                "report-up", "报", "上报告知书", scene.opened, scene.applicant,
                [
                    Notices.about(scene.opened)
                        + "，本机关已经审查完毕，于\(scene.at.date.printed)将审查意见和全部申请材料报送\(scene.title(up.to))，由其作出决定。",
                    "预计最迟\(due.printed)作出决定。上级行政机关不会要求您重复提供申请材料。",
                    "依据：《中华人民共和国行政许可法》第三十五条、第四十二条、第四十三条。",
                ], at: scene.at)
            return ComposedAct(words: DecisionWords(reason: opinion), notice: notice) { words, notice in
                ReportAbove(words: words, notice: notice)
            }
        })

    static let answer = OfficerAct(
        name: "enter-answer", group: .review, hand: .department, events: [SuperiorAnswered.name],
        isOpen: { $0.state.stage == .approving && $0.state.reported?.answered == nil && $0.state.reported != nil },
        fields: { _ in
            [
                .choice("answer", SuperiorAnswer.allCases, "cases.superior"),
                ActField(name: "document", kind: .line), .reason,
            ]
        },
        compose: { scene, input in
            let answer = input.choice("answer", SuperiorAnswer.allCases)
            let document = input.words("document", most: 200)
            let reason = input.words("reason")
            guard let answer, let reported = scene.state.reported else { return nil }
            let verbs: [SuperiorAnswer: String] = [.granted: "准予", .refused: "不予", .returned: "退回"]
            let notice =
                answer == .returned
                ? nil
                : Notices.letter(
                    "passed-on", "转", "转送决定告知书", scene.opened, scene.applicant,
                    [
                        Notices.about(scene.opened)
                            + "，\(scene.title(reported.to))已经作出\(verbs[answer] ?? "")的决定（\(document)），现转送给您。",
                        "决定的内容：\(reason)", answer == .refused ? "不服该决定的，按照决定书写明的途径和期限申请行政复议或者提起行政诉讼。" : "",
                    ], at: scene.at)
            return ComposedAct(
                words: DecisionWords(basis: document, reason: reason), notice: notice
            ) { words, notice in EnterAnswer(answer: answer, words: words, notice: notice) }
        })

    static let amend = OfficerAct(
        name: "amend", group: .approve, hand: .department, events: [Amended.name],
        isOpen: { $0.state.stage == .completed && $0.state.change != nil },
        fields: { _ in [ActField(name: "change", kind: .words)] },
        compose: { scene, input in
            let change = input.words("change")
            let notice = Notices.letter(
                "change", "变", "准予变更行政许可决定书", scene.opened, scene.applicant,
                [
                    "您申请变更\(Notices.licence(scene.opened))。经审查，符合法定条件、标准，准予变更。", "变更的内容：\(change)",
                    "依据：《中华人民共和国行政许可法》第四十九条。",
                ], at: scene.at)
            return ComposedAct(words: DecisionWords(reason: change), notice: notice) { words, notice in
                Amend(granted: true, words: words, notice: notice)
            }
        })

    static let refuseChange = OfficerAct(
        name: "refuse-change", group: .approve, hand: .department, events: [Amended.name],
        isOpen: { $0.state.stage == .completed && $0.state.change != nil && !Notices.remedies($0.opened).isEmpty },
        fields: { _ in [ActField(name: "facts", kind: .words), .basis, .reason] },
        compose: { scene, input in
            let facts = input.words("facts")
            let basis = input.words("basis", most: 400)
            let reason = input.words("reason")
            let notice = Notices.letter(
                "change-refusal", "变", "不予变更行政许可决定书", scene.opened, scene.applicant,
                [
                    "您申请变更\(Notices.licence(scene.opened))。经查明：\(facts)", "理由：\(reason)", "依据：\(basis)。",
                    "决定不予变更。原许可继续有效。",
                ], remedies: true, at: scene.at)
            return ComposedAct(
                words: DecisionWords(facts: facts, basis: basis, reason: reason), notice: notice
            ) { words, notice in Amend(granted: false, words: words, notice: notice) }
        })

    static let succeed = OfficerAct(
        name: "succeed", group: .approve, hand: .department, events: [Succeeded.name],
        isOpen: { Succeeded.fits($0.state) },
        fields: { _ in
            [
                .choice("ground", SuccessionGround.allCases, "cases.succession"),
                ActField(name: "successor", kind: .line), ActField(name: "successor-number", kind: .line),
                ActField(name: "successor-phone", kind: .line, optional: true), .basis, .reason,
            ]
        }, namesSuccessor: true,
        compose: { scene, input in
            let ground = input.choice("ground", SuccessionGround.allCases)
            let successor = input.words("successor", most: 100)
            let number = input.words("successor-number", most: 30).uppercased()
            let isPerson = CitizenID(number) != nil
            if !input.raw("successor-number").isEmpty, !isPerson, CreditCode(number) == nil {
                input.fault("successor-number", "cases.act.fault.number18")
            }
            if scene.soughtSuccessor, scene.successor == nil, !input.raw("successor-phone").isEmpty {
                input.fault("successor-phone", "cases.act.fault.successor")
            }
            let basis = input.words("basis", most: 400)
            let reason = input.words("reason")
            guard let ground, var content = try? scene.opened.content() else { return nil }
            let before = scene.applicant
            // Who acted for the one before does not act for the successor.
            content.applicant.handler = nil
            if isPerson {
                (content.applicant.name, content.applicant.idNumber) = (successor, number)
                (content.applicant.organisation, content.applicant.uscc) = (nil, nil)
            } else {
                (content.applicant.organisation, content.applicant.uscc) = (successor, number)
            }
            let notice = Notices.letter(
                "succession", "承", "承继告知书", scene.opened, successor,
                [
                    "“\(scene.opened.item.definition.name.zh)”（办件编号：\(CaseNumber.grouped(scene.state.number))）由\(before)的权利义务承受人\(successor)承继。理由：\(reason)",
                    "依据：\(basis)。",
                    scene.state.result?.number.map { "证照编号：\($0)。" } ?? "办理期限不变，已经提交的材料继续有效。",
                ], at: scene.at)
            var composed = ComposedAct(
                words: DecisionWords(facts: successor, basis: basis, reason: reason), notice: notice
            ) { words, notice in Succeed(ground: ground, form: words, words: words, notice: notice) }
            composed.form = content
            let to = scene.successor.map {
                CaseOwner(account: $0.account.id, bucket: $0.account.bucket.text, subject: $0.subject)
            }
            composed.changing = { form, words, notice in
                Succeed(ground: ground, form: form, to: to, words: words, notice: notice)
            }
            composed.also = CasesAPI.handing(scene, to: to, content.applicant)
            return composed
        })

    static let falsity = OfficerAct(
        name: "record-falsity", group: .head, hand: .department, events: [FalsityRecorded.name],
        isOpen: { ($0.state.stage == .refused || $0.state.stage == .declined) && $0.state.falsity == nil },
        fields: { _ in
            var safety = ActField.safety
            safety.optional = false
            return [ActField(name: "facts", kind: .words), safety]
        },
        compose: { scene, input in
            let facts = input.words("facts")
            let safety = input.choice("safety", of: ["yes", "no"])
            guard let safety else { return nil }
            let (bars, until) = (safety == "yes", RecordFalsity.until(scene.at))
            let notice = Notices.letter(
                "falsity", "虚", "隐瞒情况或者提供虚假材料告知书", scene.opened, scene.applicant,
                [
                    Notices.about(scene.opened) + "，因隐瞒有关情况或者提供虚假材料，已经不予受理或者不予行政许可。经查明：\(facts)",
                    bars ? "该许可属于直接关系公共安全、人身健康、生命财产安全的事项，在\(until.printed)前不得再次申请。" : "",
                    "依据：《中华人民共和国行政许可法》第七十八条。",
                ], remedies: true, at: scene.at)
            var composed = ComposedAct(words: DecisionWords(facts: facts, reason: facts), notice: notice) {
                words, notice in
                RecordFalsity(bars: bars, words: words, notice: notice)
            }
            let (subject, item, at) = (scene.state.subject, scene.state.item, scene.at)
            composed.also = { id, area, tx in
                guard bars else { return }
                try ConductStore.put(
                    .concealment, subject: subject, item: item, stream: id, until: until.end, area: area, at: at, tx)
            }
            return composed
        })
}
