import Foundation
import Kernel
import Storage

/// One act of an administrator, as journaled: only ids, never names.
struct DirectoryEdit: Sendable {
    /// Counts the acts of the area from 1.
    let version: Int
    let at: Moment
    /// `staff:` and the id.
    let actor: String
    let target: PlaceTarget
    let change: Overlay.Change

    /// The id of the member of staff; nil where something else acted.
    var staff: String? { actor.hasPrefix("staff:") ? String(actor.dropFirst(6)) : nil }
}

/// The overlays and their journal.
enum OverlayStore {
    /// An overlay with its counters.
    struct State: Sendable {
        var overlay = Overlay()
        /// Acts so far.
        var version = 0
        /// Acts so far that changed the calendar.
        var calendarVersion = 0
    }

    static func state(of area: AreaCode, _ tx: Transaction) throws -> State {
        let row = try tx.row(
            "SELECT overlay, version, calendar_version FROM area_overlay WHERE area = \(area)", as: String.self,
            Int.self,
            Int.self)
        guard let row else { return State() }
        return State(
            overlay: try JSONDecoder().decode(Overlay.self, from: Data(row.0.utf8)), version: row.1,
            calendarVersion: row.2)
    }

    /// The same, kept from other units until this one ends.
    static func lock(_ area: AreaCode, _ tx: Transaction) throws -> State {
        let blank = try JSON(encoding: Overlay()).canonical
        try tx.execute(
            """
            INSERT INTO area_overlay (area, version, calendar_version, overlay) VALUES (\(area), 0, 0, \(blank))
            ON CONFLICT (area) DO UPDATE SET area = excluded.area
            """)
        return try state(of: area, tx)
    }

    static func put(_ state: State, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE area_overlay SET version = \(state.version), calendar_version = \(state.calendarVersion),
                overlay = \(JSON(encoding: state.overlay).canonical)
            WHERE area = \(area)
            """)
    }

    static func record(_ edit: DirectoryEdit, area: AreaCode, request: String, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO directory_edit (area, version, at, actor, request, kind, target, change, previous)
            VALUES (\(area), \(edit.version), \(edit.at), \(edit.actor), \(request), \(edit.target.page.rawValue),
                    \(edit.target.path), \(JSON.object(edit.change.values).canonical),
                    \(JSON.object(edit.change.previous).canonical))
            """)
    }

    /// The number of the last act on each target that was ever edited.
    static func lastVersions(of area: AreaCode, _ tx: Transaction) throws -> [String: Int] {
        let rows = try tx.rows(
            "SELECT target, MAX(version) FROM directory_edit WHERE area = \(area) GROUP BY target", as: String.self,
            Int.self)
        return Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: max)
    }

    /// Acts on one page, newest first.
    static func edits(
        of page: PlacePage, area: AreaCode, before: Int?, limit: Int, _ tx: Transaction
    ) throws -> [DirectoryEdit] {
        try edits(
            " AND kind = \(page.rawValue) AND version < \(before ?? .max) ORDER BY version DESC LIMIT \(limit)", area,
            tx)
    }

    /// The last act on a target.
    static func lastEdit(of target: PlaceTarget, area: AreaCode, _ tx: Transaction) throws -> DirectoryEdit? {
        try edits(" AND target = \(target.path) ORDER BY version DESC LIMIT 1", area, tx).first
    }

    private static func edits(_ rest: SQL, _ area: AreaCode, _ tx: Transaction) throws -> [DirectoryEdit] {
        var edits: [DirectoryEdit] = []
        try tx.forEach(
            "SELECT version, at, actor, target, change, previous FROM directory_edit WHERE area = \(area)\(rest)"
        ) { row in
            guard let target = PlaceTarget(path: try row.value(3)) else { return }
            edits.append(
                DirectoryEdit(
                    version: try row.value(0), at: try row.value(1), actor: try row.value(2), target: target,
                    change: Overlay.Change(
                        values: try JSON(parsing: row.value(4)).members ?? [:],
                        previous: try JSON(parsing: row.value(5)).members ?? [:])))
        }
        return edits
    }
}
