import Catalogue
import Directory
import Identity
import Kernel
import Web
import Workflow

// Parts that many acts have in common.

extension ActField {
    static let reason = ActField(name: "reason", kind: .words)
    static let basis = ActField(name: "basis", kind: .line)
    /// The licence directly concerns public safety, health, or the safety of life and property (行政许可法 arts. 78, 79).
    static let safety = ActField(
        name: "safety",
        kind: .choice([
            .init(value: "yes", label: .key("cases.safety.yes")), .init(value: "no", label: .key("cases.safety.no")),
        ]), optional: true)

    static func choice<Choice: RawRepresentable>(_ name: String, _ choices: [Choice], _ texts: String) -> ActField
    where Choice.RawValue == String {
        ActField(
            name: name,
            kind: .choice(choices.map { Option(value: $0.rawValue, label: .key("\(texts).\($0.rawValue)")) }))
    }
}

extension ActInput {
    /// One of an enumeration's cases; nil with a fault where none was chosen.
    mutating func choice<Choice: RawRepresentable>(_ name: String, _ choices: [Choice]) -> Choice?
    where Choice.RawValue == String {
        choice(name, of: choices.map(\.rawValue)).flatMap(Choice.init(rawValue:))
    }
}

extension ActScene {
    /// The area's departments but the case's own.
    var otherDepartments: [ActField.Option] {
        opened.profile.departments.filter { $0.id != state.department }.map {
            .init(value: $0.id, label: .words($0.name))
        }
    }

    /// Departments that were asked and have not answered, as far as the officer belongs to them.
    var ownBranches: [ActField.Option] {
        (state.branches ?? []).filter { $0.opinion == nil && viewer.departments.contains($0.department) }.map {
            option($0.department)
        }
    }

    func option(_ department: String) -> ActField.Option {
        .init(
            value: department,
            label: opened.profile.department(department).map { .words($0.name) }
                ?? .words(LocalizedText(zh: department)))
    }

    func title(_ department: String) -> String { opened.profile.departmentTitle(department) }

    var colleagues: [ActField.Option] {
        people.filter { $0.id != viewer.id && $0.id != state.assignee && !(state.recused ?? []).contains($0.id) }.map {
            .init(value: $0.id, label: .words(LocalizedText(zh: $0.name)))
        }
    }

    /// Accepted, and not decided.
    var inReview: Bool { state.stage == .accepted || state.stage == .approving }
}

extension OfficerAct {
    /// An act that asks for reasons and nothing else.
    static func reasoned(
        _ name: String, _ group: ActGroup, _ hand: Hand, _ events: Set<String>,
        when isOpen: @escaping @Sendable (ActScene) -> Bool,
        _ command: @escaping @Sendable (Sealed) -> any FurtherCommand
    ) -> OfficerAct {
        OfficerAct(
            name: name, group: group, hand: hand, events: events, isOpen: isOpen, fields: { _ in [.reason] },
            compose: { _, input in
                let reason = input.words("reason")
                return ComposedAct(words: DecisionWords(reason: reason)) { words, _ in command(words) }
            })
    }
}
