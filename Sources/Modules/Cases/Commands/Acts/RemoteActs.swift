import Catalogue
import Kernel
import Web
import Workflow

/// 远程身份核验: what an officer found when he compared, or saw the person at the window.
enum RemoteActs {
    static let all: [OfficerAct] = [ActGroup.accept, .review].flatMap { [confirm($0), decline($0)] } + [inPerson]

    /// A video waits, and the task is with these officers.
    private static func waits(_ scene: ActScene, _ group: ActGroup) -> Bool {
        guard scene.state.mayBeIdentified, let remote = scene.state.remote, remote.standing == .recorded,
            CasesAPI.mayCompare(scene.state, scene.viewer)
        else { return false }
        let window = scene.rules.link(.accept)?.queue
        return (remote.task?.queue == window) == (group == .accept)
    }

    private static func compared(_ values: [String]) -> ActField {
        ActField(
            name: "compared",
            kind: .choices(values.map { .init(value: $0, label: .key("cases.remote.compared.\($0)")) }))
    }

    private static func confirm(_ group: ActGroup) -> OfficerAct {
        let points = ["card", "face", "words"]
        return OfficerAct(
            name: "confirm-remote-check", group: group, hand: .department, events: [RemoteCheckConfirmed.name],
            isOpen: { waits($0, group) },
            fields: { _ in [compared(points), ActField(name: "remark", kind: .words, optional: true)] },
            compose: { scene, input in confirming(.video, points, &input) })
    }

    private static func decline(_ group: ActGroup) -> OfficerAct {
        OfficerAct(
            name: "decline-remote-check", group: group, hand: .department, events: [RemoteCheckDeclined.name],
            isOpen: { waits($0, group) }, fields: { _ in [.reason] },
            compose: { _, input in
                let reason = input.words("reason", most: 400)
                return ComposedAct(words: DecisionWords(reason: reason)) { words, _ in
                    DeclineRemoteCheck(means: .video, words: words)
                }
            })
    }

    /// The way for who cannot film himself: he comes with his card.
    private static let inPerson = OfficerAct(
        name: "confirm-in-person", group: .accept, hand: .department, events: [RemoteCheckConfirmed.name],
        isOpen: { $0.state.mayBeIdentified && CasesAPI.mayCompare($0.state, $0.viewer) },
        fields: { _ in [compared(["card", "face"]), ActField(name: "remark", kind: .words, optional: true)] },
        compose: { _, input in confirming(.inPerson, ["card", "face"], &input) })

    /// Every point is ticked, or it is not confirmed.
    private static func confirming(
        _ means: RemoteCheck.Means, _ points: [String], _ input: inout ActInput
    ) -> ComposedAct {
        if Set(input.all("compared")).isSuperset(of: points) == false {
            input.fault("compared", "cases.fault.compared")
        }
        let remark = input.words("remark", optional: true)
        return ComposedAct(words: DecisionWords(reason: remark)) { words, _ in
            ConfirmRemoteCheck(means: means, words: words)
        }
    }
}
