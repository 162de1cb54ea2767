import Catalogue
import Kernel
import Workflow

/// 容缺, promises, and papers asked for in the review, as officers do them.
enum PaperActs {
    static let all = [
        acceptLacking, acceptOnPromise, preReview, simulate, acceptSimulated, request, chase,
        chaseCorrection, checkFollowUp,
    ]

    static let acceptLacking = OfficerAct(
        name: "accept-lacking", group: .accept, hand: .holder, events: ["accepted"],
        isOpen: { $0.state.stage == .received && $0.state.lacking?.isEmpty == false },
        fields: { scene in [ActField(name: "materials", kind: .choices(signed(scene)))] },
        compose: { scene, input in
            let chosen = input.choices("materials", of: signed(scene).map(\.value))
            let due =
                chosen.compactMap { scene.rules.lacking[$0] }
                .map { CaseProcedure.running($0, from: scene.at, scene.context()).dueOn }.min() ?? scene.at.date
            let notice = Notices.lackingAcceptance(
                scene.opened, applicant: scene.applicant, materials: chosen, due: due, at: scene.at)
            let points = CorrectionWords(
                points: chosen.map { id in
                    let name = scene.opened.item.definition.material(id)?.name.zh ?? id
                    return .init(id: "m.\(id)", subject: name, problem: "容缺受理，尚未提交", fix: "请提交\(name)")
                })
            var composed = ComposedAct(words: DecisionWords(reason: ""), notice: notice) { words, notice in
                AcceptLacking(materials: chosen, words: words, notice: notice)
            }
            composed.points = points
            return composed
        })

    /// What the applicant signed for when he handed the application in.
    private static func signed(_ scene: ActScene) -> [ActField.Option] {
        (scene.state.lacking ?? []).compactMap { id in
            scene.opened.item.definition.material(id).map { .init(value: id, label: .words($0.name)) }
        }
    }

    static let acceptOnPromise = OfficerAct(
        name: "accept-on-promise", group: .accept, hand: .holder, events: ["accepted"],
        isOpen: { $0.state.stage == .received && $0.state.promise != nil },
        fields: { _ in [ActField(name: "remark", kind: .words, optional: true)] },
        compose: { scene, input in
            let remark = input.words("remark", optional: true)
            let promised = scene.opened.calendar.deadline(after: scene.at, limit: scene.rules.promised).date
            let notice = Notices.acceptance(
                scene.opened, applicant: scene.applicant, promised: promised, at: scene.at)
            return ComposedAct(words: DecisionWords(reason: remark), notice: notice) { words, notice in
                AcceptOnPromise(words: words, notice: notice)
            }
        })

    static let preReview = OfficerAct.reasoned(
        "pre-review", .accept, .department, [PreReviewed.name],
        when: { $0.state.stage == .received || $0.state.stage == .correcting }
    ) { PreReview(words: $0) }

    static let simulate = OfficerAct(
        name: "simulate", group: .review, hand: .department, events: [Simulated.name],
        isOpen: { scene in
            (scene.state.stage == .received || scene.state.stage == .correcting)
                && scene.rules.link(.review) != nil && scene.rules.reportUp == nil
        },
        fields: { _ in
            [
                ActField(
                    name: "opinion",
                    kind: .choice([
                        .init(value: "yes", label: .key("cases.simulated.favourable")),
                        .init(value: "no", label: .key("cases.simulated.unfavourable")),
                    ])), ActField(name: "outstanding", kind: .words), .reason,
            ]
        },
        compose: { scene, input in
            let opinion = input.choice("opinion", of: ["yes", "no"])
            let outstanding = input.words("outstanding")
            let reason = input.words("reason")
            guard let opinion else { return nil }
            let favourable = opinion == "yes"
            let notice = Notices.letter(
                "simulated", "模", "模拟审批意见书", scene.opened, scene.applicant,
                [
                    Notices.about(scene.opened) + "，材料尚未齐全，现按已有材料先行审查。意见：\(favourable ? "材料齐全后可以准予" : "按现有情况不符合条件")。",
                    "说明：\(reason)", "尚缺的材料：\(outstanding)",
                    favourable ? "材料齐全、内容没有变化的，本意见转为正式审查意见。" : "",
                    "本意见书不是行政许可决定，不作为开展有关活动的依据。",
                ], at: scene.at)
            return ComposedAct(words: DecisionWords(facts: outstanding, reason: reason), notice: notice) {
                words, notice in Simulate(favourable: favourable, words: words, notice: notice)
            }
        })

    static let acceptSimulated = OfficerAct(
        name: "accept-simulated", group: .accept, hand: .holder, events: ["accepted"],
        isOpen: { $0.state.stage == .received && $0.state.simulated?.favourable == true && $0.state.lacking == nil },
        fields: { _ in
            [
                ActField(
                    name: "complete",
                    kind: .choices([.init(value: "yes", label: .key("cases.act.accept-simulated.complete"))]))
            ]
        },
        compose: { scene, input in
            _ = input.choices("complete", of: ["yes"])
            let promised = scene.opened.calendar.deadline(after: scene.at, limit: scene.rules.promised).date
            let notice = Notices.acceptance(
                scene.opened, applicant: scene.applicant, promised: promised, at: scene.at)
            return ComposedAct(words: DecisionWords(reason: ""), notice: notice) { words, notice in
                AcceptSimulated(words: words, notice: notice)
            }
        })

    static let request = OfficerAct(
        name: "request-papers", group: .review, hand: .holder, events: [PapersAwaited.name],
        isOpen: { $0.inReview && $0.state.awaited == nil },
        fields: { scene in
            [
                .choice("kind", [Awaited.Kind.missing, .rectification], "cases.papers"),
                ActField(name: "materials", kind: .choices(materials(scene)), optional: true),
                ActField(name: "wanted", kind: .words, usual: queries(scene)),
                ActField(name: "days", kind: .number, usual: "5"),
            ]
        },
        compose: { scene, input in
            let kind = input.choice("kind", [Awaited.Kind.missing, .rectification])
            let named = materials(scene).map(\.value).filter(input.all("materials").contains)
            let wanted = input.words("wanted")
            let days = input.number("days", in: 1...60)
            guard let kind else { return nil }
            let points =
                named.map { id -> CorrectionWords.Point in
                    let name = scene.opened.item.definition.material(id)?.name.zh ?? id
                    return .init(id: "m.\(id)", subject: name, problem: wanted, fix: wanted)
                }
                + (named.isEmpty
                    ? [.init(id: "o.1", subject: kind == .rectification ? "整改" : "补充说明", problem: wanted, fix: wanted)]
                    : [])
            let targets = points.map { point in
                CorrectionPoint(
                    id: point.id, target: point.id.hasPrefix("m.") ? .material : .other,
                    ref: String(point.id.dropFirst(2)))
            }
            let due = CaseProcedure.running(Limit(days, .workingDays), from: scene.at, scene.context()).dueOn
            let words = CorrectionWords(points: points)
            let notice = Notices.papers(
                scene.opened, kind: kind, applicant: scene.applicant, words: words, due: due, at: scene.at)
            var composed = ComposedAct(words: DecisionWords(reason: wanted), notice: notice) { sealed, notice in
                RequestPapers(kind: kind, points: targets, days: days, words: sealed, notice: notice)
            }
            composed.points = words
            return composed
        })

    private static func materials(_ scene: ActScene) -> [ActField.Option] {
        scene.opened.item.definition.materials.filter { !$0.generated && $0.form != .paper }.map {
            .init(value: $0.id, label: .words($0.name))
        }
    }

    /// What other departments want to know: it goes into the lead's one notice.
    private static func queries(_ scene: ActScene) -> String {
        (scene.state.branches ?? []).compactMap { branch -> String? in
            guard let words = try? scene.opened.words(branch.query, as: DecisionWords.self) else { return nil }
            return "\(scene.title(branch.department))：\(words.reason)"
        }.joined(separator: "\n")
    }

    /// Of papers awaited in the review, and of a correction by who asked for it.
    static let chase = chase(.review) { $0.stage != .correcting }
    static let chaseCorrection = chase(.accept) { $0.stage == .correcting }

    private static func chase(_ group: ActGroup, _ concerns: @escaping @Sendable (CaseState) -> Bool) -> OfficerAct {
        OfficerAct.reasoned(
            "chase-papers", group, .department, [PapersChased.name],
            when: { scene in
                guard concerns(scene.state), let chased = scene.state.chased else { return false }
                return chased.chasing.chasedAt?.date != scene.at.date
            }
        ) { ChasePapers(words: $0) }
    }

    static let checkFollowUp = OfficerAct(
        name: "check-follow-up", group: .review, hand: .department, events: [FollowUpChecked.name],
        isOpen: { $0.state.followUp != nil && $0.state.stage == .completed },
        fields: { scene in
            let findings = CheckFinding.allCases.filter { $0 != .rectify || scene.state.followUp?.rectifying == false }
            return [
                .choice("finding", findings, "cases.check"),
                ActField(name: "outcome", kind: .words), ActField(name: "days", kind: .number, usual: "10"),
            ]
        },
        compose: { scene, input in
            let finding = input.choice("finding", CheckFinding.allCases)
            let outcome = input.words("outcome")
            let days = finding == .rectify ? input.number("days", in: 1...60) : 0
            guard let finding else { return nil }
            let due = CaseProcedure.running(Limit(max(1, days), .workingDays), from: scene.at, scene.context()).dueOn
            let notice =
                finding == .rectify
                ? Notices.letter(
                    "promise-rectification", "改", "限期整改通知书", scene.opened, scene.applicant,
                    [
                        "您以告知承诺方式办理的“\(scene.opened.item.definition.name.zh)”（办件编号：\(CaseNumber.grouped(scene.state.number))），经事后核查，与承诺不符：\(outcome)",
                        "请在\(due.printed)前整改。逾期不整改或者整改后仍不符合条件的，将依法撤销行政决定。",
                    ], at: scene.at) : nil
            var composed = ComposedAct(words: DecisionWords(reason: outcome), notice: notice) { words, notice in
                CheckFollowUp(finding: finding, days: days, words: words, notice: notice)
            }
            if finding == .broken, scene.state.followUp?.kind == .promise {
                let (subject, item, at) = (scene.state.subject, scene.state.item, scene.at)
                composed.also = { id, area, tx in
                    try ConductStore.put(
                        .falsePromise, subject: subject, item: item, stream: id, until: nil, area: area, at: at, tx)
                }
            }
            return composed
        })
}
