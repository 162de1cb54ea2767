import Documents
import Kernel
import Web
import Workflow

/// 撤回操作: for the officers who may do the act that is taken back.
enum UndoActs {
    static let all: [OfficerAct] = [.accept, .review, .approve, .complete, .head].map(act)

    private static func last(_ scene: ActScene, _ group: ActGroup) -> LastAct? {
        guard let last = try? LastAct(scene.journal), LastAct.groups[last.event] == group else { return nil }
        return last
    }

    private static func act(_ group: ActGroup) -> OfficerAct {
        OfficerAct(
            name: "undo", group: group, hand: .department, events: [Undone.name],
            isOpen: { scene in
                let minutes = Int64(scene.rules.undoMinutes)
                guard let end = scene.journal.last, scene.at < end.at.adding(seconds: minutes * 60) else {
                    return false
                }
                return last(scene, group).map { Undo.hindrance($0, scene.viewer.id, scene.context()) == nil } ?? false
            }, fields: { _ in [.reason] }, readsJournal: true,
            compose: { scene, input in
                let reason = input.words("reason")
                guard let last = last(scene, group) else { return nil }
                var composed = ComposedAct(words: DecisionWords(reason: reason)) { words, _ in
                    Undo(last: last, words: words)
                }
                let ids = last.notices
                composed.also = { _, area, tx in try DocumentsStore.revoke(ids, area: area, tx) }
                return composed
            },
            hindrance: { scene in last(scene, group).flatMap { Undo.hindrance($0, scene.viewer.id, scene.context()) } })
    }
}
