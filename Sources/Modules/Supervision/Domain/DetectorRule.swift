import Foundation
import Kernel

/// A sign that a case was handled outside the system (体外循环) and only entered in it: a rule over the facts of a journal.
///
/// Rules are data (`Resources/detector.json`): JsonLogic with a threshold that a district may set otherwise or switch off.
struct DetectorRule: Sendable {
    let id: String
    let threshold: Int
    /// What the threshold counts, as a key of `supervision.detector.unit.…`.
    let unit: String
    /// Smallest and largest threshold that make sense.
    let range: ClosedRange<Int>
    let logic: JsonLogic

    /// The rules that come with the program.
    static func all(in folder: URL) throws -> [DetectorRule] {
        let text = try String(contentsOf: folder.appendingPathComponent("detector.json"), encoding: .utf8)
        return try (JSON(parsing: text).elements ?? []).map { rule in
            guard let id = rule["id"].text, let unit = rule["unit"].text,
                let threshold = rule["threshold"].integer, let least = rule["least"].integer,
                let most = rule["most"].integer, least <= threshold, threshold <= most
            else { throw DetectorFault(description: "detector.json: \(rule["id"].text ?? "?") is no rule") }
            return DetectorRule(
                id: id, threshold: Int(threshold), unit: unit, range: Int(least)...Int(most),
                logic: try JsonLogic(rule["when"]))
        }
    }

    /// Whether the facts are a finding under this threshold.
    func finds(_ facts: JSON, threshold: Int, on day: CivilDate, calendar: WorkCalendar) throws -> Bool {
        var members = facts.members ?? [:]
        members["threshold"] = .int(Int64(threshold))
        return try logic.holds(.object(members), on: day, calendar: calendar)
    }
}

/// The rules that came with the program cannot be read.
struct DetectorFault: Error, CustomStringConvertible {
    let description: String
}
