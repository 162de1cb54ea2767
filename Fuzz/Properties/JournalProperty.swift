import Cases
import Foundation
import Kernel
import Workflow

/// What stands in a journal is read to an event that is written the same again; any sequence is a state or impossible, never a
/// crash, and the state can be stored.
///
/// Every line is an event, `submitted {…}`, or an anchor, `{…}`.
enum JournalProperty {
    static func check(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        var state: CaseState?
        var previous = JournalEntry.zero
        for (index, line) in text.split(separator: "\n").prefix(40).enumerated() {
            if line.hasPrefix("{") {
                try anchor(String(line))
                continue
            }
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { continue }
            let (name, data) = (String(words[0]), String(words[1]))
            let entry = JournalEntry(
                area: AreaCode(bucket: 0), cohort: 2026, stream: "s", seq: index + 1, at: Moment(milliseconds: 0),
                actor: "{}", request: "r", name: name, data: data, previous: previous)
            try hold(entry.isGenuine, "an entry is not genuine")
            previous = entry.hash
            guard let event = try? CaseEvent(name: name, data: data) else { continue }
            try same(event.name, name, "the event's name")
            let written = try event.encoded()
            let read = try CaseEvent(name: name, data: written)
            try same(read, event, "the event as it is read back")
            try same(try read.encoded(), written, "the event written again")
            state = try follow(event, state)
        }
    }

    private static func follow(_ event: CaseEvent, _ old: CaseState?) throws -> CaseState? {
        guard let state = try? CaseProcedure.evolve(old, event) else { return old }
        try same(try CaseProcedure.evolve(old, event), state, "the state after \(event.name)")
        try same(CaseProcedure.effects(event, state), CaseProcedure.effects(event, state), "what follows \(event.name)")
        _ = CaseProcedure.files(state)
        for timer in ["acceptance", "correction", "promised", "statutory", ""] {
            _ = CaseProcedure.command(onDue: timer, state)
        }
        let stored = try JSONDecoder().decode(CaseState.self, from: JSONEncoder().encode(state))
        try same(stored, state, "the stored state")
        return state
    }

    private static func anchor(_ line: String) throws {
        guard let json = try? JSON(parsing: line), let anchor = Anchor(json) else { return }
        let again = Anchor(try JSON(parsing: anchor.line))
        try same(again?.line, anchor.line, "the anchor written again")
    }
}
