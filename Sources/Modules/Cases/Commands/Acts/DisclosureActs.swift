import Catalogue
import Kernel

/// 不予公开 and 恢复公开, as officers do them.
enum DisclosureActs {
    static let all = [withhold, disclose]

    static let withhold = OfficerAct(
        name: "withhold", group: .approve, hand: .department, events: [DisclosureSet.name],
        isOpen: { scene in
            scene.opened.item.definition.type == .licence && DisclosureSet.fits(scene.state)
                && scene.state.withheld == nil
        },
        fields: { _ in [.choice("ground", WithholdingGround.allCases, "cases.withheld"), .reason] },
        compose: { _, input in
            let ground = input.choice("ground", WithholdingGround.allCases)
            let reason = input.words("reason")
            guard let ground else { return nil }
            return ComposedAct(words: DecisionWords(reason: reason)) { words, _ in
                Disclose(withheld: ground, words: words)
            }
        })

    static let disclose = OfficerAct.reasoned(
        "disclose", .approve, .department, [DisclosureSet.name],
        when: { $0.state.withheld != nil && DisclosureSet.fits($0.state) }
    ) { Disclose(withheld: nil, words: $0) }
}
