import Cases
import Catalogue
import Directory
import Kernel
import Registers
import Storage
import Web
import Workflow

/// Edited rules over applications that were decided: which decisions would be others, which papers more or less, and why.
struct RuleRehearsalViews {
    let cases: CasesAPI
    let exchange: Exchange
    let area: AreaCode

    private static let most = 100

    func view(_ edit: ItemEdit, _ item: ItemDefinition, _ numbers: [String]) async throws -> View {
        let lines = try await lines(edit, item, numbers)
        let touched = lines.filter(\.isTouched)
        let figure = { (key: String, before: Int, after: Int) in
            View([
                "label": exchange.text("supervision.rehearsal.rules.\(key)"), "before": before.grouped,
                "after": after.grouped,
            ])
        }
        return View([
            "told": exchange.text(
                "supervision.rehearsal.rules.told",
                [
                    "cases": lines.count.grouped, "decisions": lines.count { $0.decisionChanges }.grouped,
                    "more": lines.count { !$0.more.isEmpty }.grouped,
                    "less": lines.count { !$0.less.isEmpty }.grouped,
                ]),
            "figures": [
                figure(
                    "atOnce", lines.count { $0.before.decision == .atOnce },
                    lines.count { $0.after.decision == .atOnce }),
                figure(
                    "barred", lines.count { $0.before.decision == .barred },
                    lines.count { $0.after.decision == .barred }),
                figure(
                    "materials", lines.reduce(0) { $0 + $1.before.materials.count },
                    lines.reduce(0) { $0 + $1.after.materials.count }),
                figure("faulty", lines.count { !$0.before.faults.isEmpty }, lines.count { !$0.after.faults.isEmpty }),
            ],
            // Changed decisions first.
            "rows": (touched.filter(\.decisionChanges) + touched.filter { !$0.decisionChanges }).prefix(Self.most).map {
                row($0, item)
            },
            "hasRows": !touched.isEmpty,
        ])
    }

    /// Every look at what was handed in is logged before it is read.
    private func lines(_ edit: ItemEdit, _ item: ItemDefinition, _ numbers: [String]) async throws -> [RuleLine] {
        let edited = edit.applied(to: item)
        let calendar = try await cases.directory.calendar(of: area)
        let occasion = Occasion(area: area, at: exchange.now, actor: exchange.actor, request: exchange.requestID)
        var opened: [OpenCase] = []
        for number in numbers {
            do { opened.append(try await cases.open(number: number, area: area)) } catch DomainError.notFound {
                continue
            }
        }
        let ids = opened.map(\.id)
        try await cases.database.write { tx in
            for id in ids { try AccessLog.record(occasion, stream: id, slot: "rehearsal", tx) }
        }
        return try opened.map { one in
            let content = try one.content()
            let registers = try Self.registers(one, edited)
            let certificates = Set((one.state.instant?.certificates ?? []).map(\.type))
            func reading(_ item: ItemDefinition) -> RuleReading {
                RuleReading(
                    content, by: item, registers: registers, certificates: certificates,
                    on: one.state.submittedAt.date, calendar: calendar)
            }
            return RuleLine(
                number: one.state.number, before: reading(item), after: reading(edited),
                facts: RuleRehearsal.facts(
                    Array(edit.rules.values), content, item, registers: registers, certificates: certificates))
        }
    }

    /// What registers said when it was handed in, by the names the item gives them.
    private static func registers(_ opened: OpenCase, _ item: ItemDefinition) throws -> [String: JSON] {
        let facts = try opened.words(opened.state.instant?.facts, as: InstantFacts.self)?.facts ?? []
        var found: [String: JSON] = [:]
        for use in item.registers ?? [] {
            guard let asked = opened.state.instant?.registers?.first(where: { $0.register == use.source }) else {
                continue
            }
            switch asked.standing {
            case .found:
                var members: [String: JSON] = ["found": true]
                for fact in facts where fact.register == use.source { members[fact.field] = fact.value }
                found[use.id] = .object(members)
            case .absent where use.absent == .decides: found[use.id] = ["found": false]
            default: continue
            }
        }
        return found
    }

    private func row(_ line: RuleLine, _ item: ItemDefinition) -> View {
        let mayOpen = exchange.viewer.staff?.permissions.contains(Permission("cases.view")) ?? false
        return View([
            "grouped": CaseNumber.grouped(line.number),
            "href": mayOpen ? "/\(area.text)/desk/cases/\(line.number)" : nil,
            "changes": changes(line, item).map { View(["text": $0]) },
            "facts": line.facts.map { fact in
                View([
                    "text": fact.variable + " = " + (fact.value ?? exchange.text("supervision.rehearsal.rules.hidden"))
                ])
            },
        ])
    }

    private func changes(_ line: RuleLine, _ item: ItemDefinition) -> [String] {
        let language = exchange.language
        var told: [String] = []
        if line.decisionChanges {
            told.append(
                exchange.text(
                    "supervision.rehearsal.rules.decision",
                    ["before": decision(line.before, item), "after": decision(line.after, item)]))
        }
        func list(_ key: String, _ ids: [String], _ name: (String) -> String?) {
            guard !ids.isEmpty else { return }
            let separator = language == .en ? ", " : "、"
            told.append(
                exchange.text(
                    "supervision.rehearsal.rules.\(key)",
                    ["names": ids.map { name($0) ?? $0 }.joined(separator: separator)]))
        }
        list("more", line.more) { item.material($0)?.name[language] }
        list("less", line.less) { item.material($0)?.name[language] }
        list("newFaults", line.newFaults) { item.field($0)?.label[language] }
        list("goneFaults", line.goneFaults) { item.field($0)?.label[language] }
        return told
    }

    private func decision(_ reading: RuleReading, _ item: ItemDefinition) -> String {
        exchange.text("supervision.rehearsal.rules.decision.\(reading.decision.rawValue)")
    }
}
