import Catalogue
import Directory
import Identity
import Kernel
import Workflow

/// Publicity, standstill, other hands: as officers do them.
enum CourseActs {
    static let all = [publicise, object, resolve, transfer, changeHandler, stay, liftStay, terminate, assess, settle]

    static let publicise = OfficerAct(
        name: "publicise", group: .review, hand: .holder, events: [Publicised.name], isOpen: { $0.inReview },
        fields: { _ in [ActField(name: "until", kind: .date), ActField(name: "shown", kind: .words)] },
        compose: { scene, input in
            let until = input.date("until", otherwise: scene.at.date)
            let shown = input.words("shown")
            return ComposedAct(words: DecisionWords(reason: shown)) { words, _ in
                Publicise(until: until, words: words)
            }
        })

    static let object = OfficerAct(
        name: "record-objection", group: .review, hand: .department, events: [ObjectionRecorded.name],
        isOpen: { $0.inReview && $0.state.publicity.map { [at = $0.at] in at.date <= $0.until } ?? false },
        fields: { _ in [ActField(name: "objection", kind: .words)] },
        compose: { _, input in
            let objection = input.words("objection")
            return ComposedAct(words: DecisionWords(reason: objection)) { words, _ in RecordObjection(words: words) }
        })

    static let resolve = OfficerAct(
        name: "resolve-objection", group: .review, hand: .holder, events: [ObjectionResolved.name],
        isOpen: { $0.inReview && ($0.state.publicity?.open ?? 0) > 0 },
        fields: { _ in
            [
                ActField(
                    name: "upheld",
                    kind: .choice([
                        .init(value: "yes", label: .key("cases.objection.upheld")),
                        .init(value: "no", label: .key("cases.objection.rejected")),
                    ])), .reason,
            ]
        },
        compose: { _, input in
            let upheld = input.choice("upheld", of: ["yes", "no"])
            let reason = input.words("reason")
            guard let upheld else { return nil }
            return ComposedAct(words: DecisionWords(reason: reason)) { words, _ in
                ResolveObjection(upheld: upheld == "yes", words: words)
            }
        })

    static let transfer = OfficerAct(
        name: "transfer", group: .review, hand: .holder, events: [Transferred.name],
        isOpen: { $0.state.stage == .accepted && !$0.state.isPaused && !$0.otherDepartments.isEmpty },
        fields: { scene in [ActField(name: "department", kind: .choice(scene.otherDepartments)), .reason] },
        compose: { scene, input in
            let to = input.choice("department", of: scene.otherDepartments.map(\.value))
            let reason = input.words("reason")
            guard let to else { return nil }
            let notice = Notices.letter(
                "transfer", "移", "移送告知书", scene.opened, scene.applicant,
                [
                    Notices.about(scene.opened) + "，已移送\(scene.title(to))继续办理，办理期限不变。",
                    "移送的理由：\(reason)",
                ], at: scene.at)
            return ComposedAct(words: DecisionWords(reason: reason), notice: notice) { words, notice in
                Transfer(department: to, words: words, notice: notice)
            }
        })

    static let changeHandler = OfficerAct(
        name: "change-handler", group: .head, hand: .department, events: [HandlerChanged.name],
        isOpen: { !$0.state.stage.isEnded && $0.state.assignee != nil },
        fields: { scene in
            [
                ActField(name: "person", kind: .choice(scene.colleagues)),
                ActField(
                    name: "recused",
                    kind: .choice([
                        .init(value: "yes", label: .key("cases.recused.yes")),
                        .init(value: "no", label: .key("cases.recused.no")),
                    ])), .reason,
            ]
        }, namesPeople: true,
        compose: { scene, input in
            let person = input.choice("person", of: scene.colleagues.map(\.value))
            let recused = input.choice("recused", of: ["yes", "no"])
            let reason = input.words("reason")
            guard let person, let recused else { return nil }
            return ComposedAct(words: DecisionWords(reason: reason)) { words, _ in
                ChangeHandler(to: person, recused: recused == "yes", words: words)
            }
        })

    static let stay = OfficerAct(
        name: "stay", group: .approve, hand: .department, events: [Stayed.name],
        isOpen: { $0.inReview && $0.state.stay == nil },
        fields: { _ in [.choice("ground", Stay.Ground.allCases, "cases.stay"), .basis, .reason] },
        compose: { scene, input in
            let ground = input.choice("ground", Stay.Ground.allCases)
            let basis = input.words("basis", most: 400)
            let reason = input.words("reason")
            guard let ground else { return nil }
            let notice = Notices.letter(
                "stay", "中", "中止办理告知书", scene.opened, scene.applicant,
                [
                    Notices.about(scene.opened) + "，自\(scene.at.date.printed)起中止办理。理由：\(reason)",
                    "依据：\(basis)。", "中止的原因消除后，恢复办理，办理期限继续计算。",
                ], at: scene.at)
            return ComposedAct(words: DecisionWords(basis: basis, reason: reason), notice: notice) { words, notice in
                StayCase(ground: ground, words: words, notice: notice)
            }
        })

    static let liftStay = OfficerAct.reasoned(
        "lift-stay", .approve, .department, [StayLifted.name], when: { $0.inReview && $0.state.stay != nil }
    ) { LiftStay(words: $0) }

    static let terminate = OfficerAct(
        name: "terminate", group: .approve, hand: .department, events: [Terminated.name],
        isOpen: { $0.inReview && !Notices.remedies($0.opened).isEmpty },
        fields: { _ in [.choice("ground", TerminationGround.allCases, "cases.termination"), .basis, .reason] },
        compose: { scene, input in
            let ground = input.choice("ground", TerminationGround.allCases)
            let basis = input.words("basis", most: 400)
            let reason = input.words("reason")
            guard let ground else { return nil }
            let notice = Notices.letter(
                "termination", "终", "终止办理决定书", scene.opened, scene.applicant,
                [Notices.about(scene.opened) + "，决定终止办理。理由：\(reason)", "依据：\(basis)。"],
                remedies: true, at: scene.at)
            return ComposedAct(words: DecisionWords(basis: basis, reason: reason), notice: notice) { words, notice in
                Terminate(ground: ground, words: words, notice: notice)
            }
        })

    static let assess = OfficerAct(
        name: "assess-fee", group: .accept, hand: .department, events: [FeeAssessed.name],
        isOpen: { scene in
            scene.rules.charges && [.accepted, .approving, .approved].contains(scene.state.stage)
                && (scene.state.fee == nil || scene.state.fee?.standing == .refunded)
        },
        fields: { _ in [ActField(name: "amount", kind: .line), .reason] },
        compose: { scene, input in
            let fen = fen(input.raw("amount"))
            if fen == nil { input.fault("amount", "cases.act.fault.amount") }
            let reason = input.words("reason")
            let item = scene.opened.item.definition
            let provisions = item.fees.flatMap(\.basis).compactMap { id in item.legalBasis.first { $0.id == id } }
                .filter { !$0.verify }.map { "《\($0.law.zh)》\($0.article ?? "")" }
            let notice = Notices.letter(
                "fee", "缴", "缴费通知书", scene.opened, scene.applicant,
                [
                    Notices.about(scene.opened) + "，应缴费用\(input.raw("amount"))元。说明：\(reason)",
                    provisions.isEmpty ? "" : "依据：\(Array(Set(provisions)).sorted().joined(separator: "、"))。",
                ], at: scene.at)
            return ComposedAct(words: DecisionWords(reason: reason), notice: notice) { words, notice in
                AssessFee(amount: fen ?? 0, words: words, notice: notice)
            }
        })

    /// `12.50` in fen; nil for what is no amount.
    private static func fen(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts[0].count <= 6, parts.allSatisfy({ $0.allSatisfy(\.isNumber) }),
            let yuan = Int(parts[0])
        else { return nil }
        guard parts.count == 2 else { return yuan * 100 }
        guard (1...2).contains(parts[1].count), let rest = Int(parts[1]) else { return nil }
        return yuan * 100 + (parts[1].count == 1 ? rest * 10 : rest)
    }

    static let settle = OfficerAct(
        name: "settle-fee", group: .accept, hand: .department, events: [FeeSettled.name],
        isOpen: { $0.state.fee.map { !settling($0).isEmpty } ?? false },
        fields: { scene in
            [.choice("standing", scene.state.fee.map(settling) ?? [], "cases.fee"), .reason]
        },
        compose: { _, input in
            let standing = input.choice("standing", CaseFee.Standing.allCases)
            let reason = input.words("reason")
            guard let standing else { return nil }
            return ComposedAct(words: DecisionWords(reason: reason)) { words, _ in
                SettleFee(standing: standing, words: words)
            }
        })

    private static func settling(_ fee: CaseFee) -> [CaseFee.Standing] {
        switch fee.standing {
        case .assessed: [.paid, .waived]
        case .paid: [.refunded]
        case .waived, .refunded: []
        }
    }
}
