import Documents
import Foundation
import Identity
import Kernel
import Storage
import Web
import Workflow

/// Everything the workspace shows of a case beside the case itself.
struct DeskFolder: Sendable {
    /// A note between officers, in plain.
    struct Note: Sendable {
        let author: String
        let at: Moment
        let text: String
        let urges: Bool
    }

    let opened: OpenCase
    let tasks: [TaskRow]
    let notices: [NoticeRow]
    let notes: [Note]
    /// 合格 or not, by material.
    let marks: [String: Bool]
    let journal: [JournalEntry]
    let looks: [(at: Moment, actor: String, slot: String)]
    /// Names of every member of staff that occurs.
    let names: [String: String]

    /// The task of the case's own queue; other departments may have tasks beside it.
    var task: TaskRow? { tasks.first { $0.queue == opened.state.queue } ?? tasks.first }

    func name(_ id: String?) -> String { id.map { names[$0] ?? $0 } ?? "" }
}

extension CasesAPI {
    /// Opens a case with its folder; the look is logged first.
    func folder(_ number: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws -> DeskFolder {
        let opened = try await openForStaff(number, viewer, occasion)
        let (id, area) = (opened.id, opened.area)
        let read = try await database.read { tx in
            (
                tasks: try TaskStore.tasks(of: id, area: area, tx),
                notices: try DocumentsStore.notices(of: id, area: area, tx),
                notes: try NotesStore.notes(of: id, area: area, tx),
                marks: try NotesStore.marks(of: id, area: area, tx),
                journal: try JournalStore.entries(of: id, area: area, tx),
                looks: try AccessLog.looks(at: id, area: area, limit: 200, tx)
            )
        }
        let notes = try read.notes.map { note in
            DeskFolder.Note(author: note.author, at: note.at, text: try opened.text(note.slot) ?? "", urges: note.urges)
        }
        var people = Set(notes.map(\.author))
        people.formUnion(read.looks.compactMap { Self.staff($0.actor) })
        people.formUnion(read.journal.compactMap { $0.officer })
        people.formUnion([opened.state.assignee, opened.state.reviewedBy, opened.state.acceptedBy].compactMap { $0 })
        let names = try await identity.staffNames(area, people.sorted())
        return DeskFolder(
            opened: opened, tasks: read.tasks, notices: read.notices, notes: notes, marks: read.marks,
            journal: read.journal,
            looks: read.looks, names: names)
    }

    /// The id behind `staff:…` of the access log.
    static func staff(_ reference: String) -> String? {
        reference.hasPrefix("staff:") ? String(reference.dropFirst(6)) : nil
    }

    /// Opens a case to show one part of it, and logs the look at that part.
    func openPart(_ slot: String, of number: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws
        -> OpenCase
    {
        let opened = try await open(number: number, area: viewer.area)
        guard Self.mayView(opened.state, viewer) else { throw DomainError.notFound }
        let id = opened.id
        try await database.write { tx in try AccessLog.record(occasion, stream: id, slot: slot, tx) }
        return opened
    }

    /// True where this officer already did what is asked for since the page was made: a second click, not a conflict.
    func isRepetition(_ events: Set<String>, of number: String, since version: Int, by officer: String, area: AreaCode)
        async throws -> Bool
    {
        let entries = try await database.read { tx -> [JournalEntry] in
            guard let line = try CasesStore.line(number: number, area: area, tx) else { return [] }
            return try JournalStore.entries(of: line.id, area: area, tx)
        }
        return entries.contains { $0.seq > version && events.contains($0.name) && $0.officer == officer }
    }
}

extension JournalEntry {
    /// Who acted, in full.
    var by: Kernel.Actor? { try? JSONDecoder().decode(Kernel.Actor.self, from: Data(actor.utf8)) }
    /// The member of staff who acted, or nil.
    var officer: String? { by.flatMap { $0.kind == .staff ? $0.id : nil } }
}
