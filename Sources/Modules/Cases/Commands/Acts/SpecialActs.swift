import Catalogue
import Kernel

/// Special procedures and extension, as officers do them.
enum SpecialActs {
    static let all = [start, end, extend]

    private static func options(_ scene: ActScene) -> [ActField.Option] {
        let running = Set((scene.state.procedures ?? []).map(\.id))
        let named = scene.opened.item.definition.procedures.filter { !running.contains($0.id) }.map {
            ActField.Option(value: $0.id, label: .words($0.name))
        }
        let hearing = Procedure.Kind.hearing.rawValue
        let hasOwn = scene.opened.item.definition.procedures.contains { $0.kind == .hearing }
        return hasOwn || running.contains(hearing)
            ? named : named + [.init(value: hearing, label: .key("cases.procedure.hearing"))]
    }

    static let start = OfficerAct(
        name: "start-procedure", group: .review, hand: .holder, events: [ProcedureStarted.name],
        isOpen: { $0.state.stage == .accepted || $0.state.stage == .approving },
        fields: { scene in
            [
                ActField(name: "procedure", kind: .choice(options(scene))),
                ActField(name: "expected", kind: .date), ActField(name: "reason", kind: .words),
            ]
        },
        compose: { scene, input in
            let chosen = input.choice("procedure", of: options(scene).map(\.value))
            let reason = input.words("reason")
            let expected = input.date("expected", otherwise: scene.at.date)
            guard let chosen, let procedure = scene.rules.procedure(chosen) else { return nil }
            let name =
                scene.opened.item.definition.procedures.first { $0.id == chosen }?.name.zh ?? "听证"
            let notice =
                procedure.pauses
                ? Notices.specialProcedure(
                    scene.opened, applicant: scene.applicant, procedure: name, reason: reason, expected: expected,
                    at: scene.at) : nil
            return ComposedAct(words: DecisionWords(reason: reason), notice: notice) { words, notice in
                StartProcedure(procedure: chosen, expected: expected, words: words, notice: notice)
            }
        })

    static let end = OfficerAct(
        name: "end-procedure", group: .review, hand: .holder, events: [ProcedureEnded.name],
        isOpen: { $0.state.procedures?.isEmpty == false },
        fields: { scene in
            [
                ActField(name: "procedure", kind: .choice(under(scene))),
                ActField(name: "outcome", kind: .words),
            ]
        },
        compose: { scene, input in
            let chosen = input.choice("procedure", of: under(scene).map(\.value))
            let outcome = input.words("outcome")
            guard let chosen else { return nil }
            return ComposedAct(words: DecisionWords(reason: outcome)) { words, _ in
                EndProcedure(procedure: chosen, words: words)
            }
        })

    /// The procedures under way.
    private static func under(_ scene: ActScene) -> [ActField.Option] {
        (scene.state.procedures ?? []).map { running in
            let own = scene.opened.item.definition.procedures.first { $0.id == running.id }
            return .init(
                value: running.id,
                label: own.map { .words($0.name) } ?? .key("cases.procedure.\(running.kind.rawValue)"))
        }
    }

    static let extend = OfficerAct(
        name: "extend", group: .head, hand: .department, events: [Extended.name],
        isOpen: { scene in
            (scene.state.stage == .accepted || scene.state.stage == .approving) && scene.state.extended == nil
        },
        fields: { scene in
            [
                ActField(name: "days", kind: .number, usual: String(scene.rules.mostExtension)),
                ActField(name: "reason", kind: .words),
            ]
        },
        compose: { scene, input in
            let days = input.number("days", in: 1...scene.rules.mostExtension)
            let reason = input.words("reason")
            let longer = scene.state.promised.map { CaseProcedure.counted($0.extended(by: days), scene.context()) }
            let notice = Notices.longer(
                scene.opened, applicant: scene.applicant, days: days, reason: reason,
                due: longer?.dueOn ?? scene.at.date, at: scene.at)
            return ComposedAct(words: DecisionWords(reason: reason), notice: notice) { words, notice in
                Extend(days: days, words: words, notice: notice)
            }
        })
}
