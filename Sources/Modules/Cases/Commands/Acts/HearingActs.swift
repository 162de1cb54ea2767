import Catalogue
import Identity
import Kernel

/// Hearings, as officers do them (行政许可法 arts. 36, 46–48).
enum HearingActs {
    static let all = [tell, request, announce, hold]

    static let tell = OfficerAct(
        name: "tell-interested", group: .review, hand: .holder, events: [InterestedTold.name],
        isOpen: { $0.inReview && $0.state.hearing?.requestedAt == nil && $0.state.hearing?.on == nil },
        fields: { _ in [ActField(name: "concerned", kind: .words), .reason] },
        compose: { scene, input in
            let concerned = input.words("concerned")
            let reason = input.words("reason")
            let due = CaseProcedure.running(CaseRules.hearingRequest, from: scene.at, scene.context()).dueOn
            let notice = Notices.letter(
                "hearing-right", "听告", "听证权利告知书", scene.opened, scene.applicant,
                [
                    Notices.about(scene.opened) + "，涉及申请人与他人之间的重大利益关系。利害关系人：\(concerned)",
                    "理由：\(reason)",
                    "申请人、利害关系人有权陈述和申辩，也可以在\(due.printed)前申请听证，不承担组织听证的费用。",
                    "依据：《中华人民共和国行政许可法》第三十六条、第四十七条。",
                ], at: scene.at)
            return ComposedAct(words: DecisionWords(facts: concerned, reason: reason), notice: notice) {
                words, notice in TellInterested(words: words, notice: notice)
            }
        })

    static let request = OfficerAct.reasoned(
        "request-hearing", .review, .department, [HearingRequested.name],
        when: { $0.inReview && $0.state.hearing?.requestBy != nil && $0.state.hearing?.requestedAt == nil }
    ) { RequestHearing(words: $0) }

    static let announce = OfficerAct(
        name: "announce-hearing", group: .review, hand: .holder, events: [HearingAnnounced.name],
        isOpen: { $0.inReview && $0.state.hearing?.on == nil },
        fields: { scene in
            [
                ActField(name: "on", kind: .moment), ActField(name: "place", kind: .line),
                ActField(name: "chair", kind: .choice(scene.colleagues)), .reason,
            ]
        }, namesPeople: true,
        compose: { scene, input in
            let on = input.moment("on", otherwise: scene.at)
            let place = input.words("place", most: 200)
            let chair = input.choice("chair", of: scene.colleagues.map(\.value))
            let reason = input.words("reason")
            let name = scene.people.first { $0.id == chair }?.name ?? "……"
            let notice = Notices.letter(
                "hearing", "听", "听证通知书", scene.opened, scene.applicant,
                [
                    Notices.about(scene.opened) + "，定于\(on.date.printed)\(on.clock)在\(place)举行听证，由\(name)主持。",
                    "理由：\(reason)",
                    "您认为主持人与本申请有直接利害关系的，有权申请回避。听证公开举行，所需时间不计算在办理期限内。",
                    "依据：《中华人民共和国行政许可法》第四十五条、第四十八条。",
                ], at: scene.at)
            guard let chair else { return nil }
            return ComposedAct(words: DecisionWords(facts: place, reason: reason), notice: notice) { words, notice in
                AnnounceHearing(on: on, chair: chair, words: words, notice: notice)
            }
        })

    static let hold = OfficerAct(
        name: "hold-hearing", group: .review, hand: .holder, events: [HearingHeld.name],
        isOpen: { $0.inReview && $0.state.hearing?.on != nil && $0.state.hearing?.heldAt == nil },
        fields: { _ in [ActField(name: "record", kind: .words)] },
        compose: { _, input in
            let record = input.words("record")
            return ComposedAct(words: DecisionWords(reason: record)) { words, _ in HoldHearing(words: words) }
        })
}
