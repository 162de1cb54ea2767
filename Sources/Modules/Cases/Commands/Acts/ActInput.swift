import Catalogue
import Foundation
import Kernel
import Web

/// One thing an act asks for.
struct ActField: Sendable {
    struct Option: Sendable {
        let value: String
        let label: Label
    }

    enum Label: Sendable {
        case key(String)
        case words(LocalizedText)
    }

    enum Kind: Sendable {
        /// Several lines.
        case words
        /// One line.
        case line
        case number
        case date
        /// A day and a time of day.
        case moment
        case choice([Option])
        case choices([Option])
    }

    let name: String
    let kind: Kind
    var optional = false
    /// What stands there before anything is typed.
    var usual = ""
    /// The text of the label: `cases.act.field.NAME` where nothing else is said.
    var label: String?

    var key: String { label ?? "cases.act.field.\(name)" }
}

/// What somebody typed or a system sent; reading it collects what is wrong, so that a preview shows what there is.
struct ActInput: Sendable {
    private(set) var faults: [FieldFault] = []
    private let texts: [String: [String]]

    init(_ form: FormData) {
        texts = Dictionary(grouping: form.pairs, by: \.name).mapValues { $0.map(\.value) }
    }

    init(_ body: JSON) {
        texts = (body.members ?? [:]).mapValues { value in
            (value.elements ?? [value]).compactMap { $0.text ?? $0.integer.map(String.init) }
        }
    }

    init(_ texts: [String: [String]]) { self.texts = texts }

    /// What was sent, trimmed.
    func raw(_ name: String) -> String {
        (texts[name]?.first ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func all(_ name: String) -> [String] { texts[name] ?? [] }

    /// Words that must be there; `……` stands for them in a preview.
    mutating func words(_ name: String, optional: Bool = false, most: Int = 4_000) -> String {
        let text = String(raw(name).prefix(most))
        if text.isEmpty, !optional {
            fault(name, "cases.act.fault.empty")
            return "……"
        }
        return text
    }

    mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int {
        guard let number = Int(raw(name)), range.contains(number) else {
            faults.append(
                FieldFault(
                    name,
                    Message(
                        "cases.act.fault.number",
                        ["from": String(range.lowerBound), "to": String(range.upperBound)],
                        texts: ["subject": "cases.act.field.\(name)"])))
            return range.lowerBound
        }
        return number
    }

    /// A day: `2026-03-12`, or the three fields of a page.
    mutating func date(_ name: String, otherwise: CivilDate) -> CivilDate {
        if let date = CivilDate(raw(name)) { return date }
        let parts = ["year", "month", "day"].compactMap { Int(raw("\(name).\($0)")) }
        if parts.count == 3, let date = CivilDate(year: parts[0], month: parts[1], day: parts[2]) { return date }
        fault(name, "cases.act.fault.date")
        return otherwise
    }

    /// A day and a time of day, `09:30` in `NAME-time`.
    mutating func moment(_ name: String, otherwise: Moment) -> Moment {
        let day = date(name, otherwise: otherwise.date)
        let clock = raw("\(name)-time").split(separator: ":").compactMap { Int($0) }
        guard clock.count == 2, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]) else {
            fault("\(name)-time", "cases.act.fault.time")
            return day.start
        }
        return day.start.adding(seconds: Int64(clock[0] * 3600 + clock[1] * 60))
    }

    mutating func choice(_ name: String, of values: [String]) -> String? {
        let chosen = raw(name)
        guard values.contains(chosen) else {
            fault(name, "cases.act.fault.choice")
            return nil
        }
        return chosen
    }

    mutating func choices(_ name: String, of values: [String]) -> [String] {
        let chosen = values.filter(all(name).contains)
        if chosen.isEmpty { fault(name, "cases.act.fault.choice") }
        return chosen
    }

    mutating func fault(_ name: String, _ key: String) {
        faults.append(FieldFault(name, Message(key, texts: ["subject": "cases.act.field.\(name)"])))
    }
}
