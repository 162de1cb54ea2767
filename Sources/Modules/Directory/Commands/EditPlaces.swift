import Kernel
import Storage

/// Who edits, where and when.
struct PlaceAct: Sendable {
    let area: AreaCode
    let actor: Actor
    let request: String
    let at: Moment
}

/// What is to be edited.
enum PlaceGoal: Sendable {
    /// Something that is there, as it stood when the form was shown (`Places.seen`).
    case known(PlaceTarget, seen: String)
    /// Something new with an id of its own choice.
    case new(PlaceTarget)
    /// Something new; its id is made from a number that the area never gives twice.
    case numbered(@Sendable (String) -> PlaceTarget)
}

/// Somebody else was faster: the last act on the same place, or nil where a pack was loaded in between.
struct PlaceClash: Error {
    let edit: DirectoryEdit?
}

/// An area's places as one moment shows them: what was loaded, what was edited, what holds.
struct Places: Sendable {
    let loaded: AreaTree
    let overlay: Overlay
    let profile: AreaProfile
    let years: [CalendarYear]
    let calendar: WorkCalendar
    fileprivate let loadedVersions: (profile: Int, years: [Int: Int])
    fileprivate let lastEdits: [String: Int]

    /// Stands in the form of a target and comes back with it: other where it was edited or loaded anew in between.
    func seen(_ target: PlaceTarget) -> String {
        let loads = if case .year(let year) = target { loadedVersions.years[year] ?? 0 } else { loadedVersions.profile }
        return "\(loads).\(lastEdits[target.path] ?? 0)"
    }

    /// Where the pack has changed its mind about an edit of the target.
    func conflicts(at target: PlaceTarget) -> [PlaceConflict] {
        overlay.conflicts(with: loaded).filter { $0.path == target.path }
    }
}

extension DirectoryAPI {
    /// Everything an administrator's pages show of an area.
    ///
    /// - Throws: `notFound` for an area without a hall here.
    func places(of area: AreaCode) async throws -> Places {
        try await database.read { tx in
            guard let loaded = try DirectoryStore.loadedTree(of: area, tx) else { throw DomainError.notFound }
            let overlay = try OverlayStore.state(of: area, tx).overlay
            let holding = overlay.apply(to: loaded)
            return Places(
                loaded: loaded, overlay: overlay, profile: try holding.profile(), years: try holding.years(),
                calendar: try DirectoryStore.calendar(of: area, tx),
                loadedVersions: try DirectoryStore.loadedVersions(of: area, tx),
                lastEdits: try OverlayStore.lastVersions(of: area, tx))
        }
    }

    /// Acts on one page's places, newest first.
    func edits(of page: PlacePage, area: AreaCode, before: Int?, limit: Int) async throws -> [DirectoryEdit] {
        try await database.read { tx in
            try OverlayStore.edits(of: page, area: area, before: before, limit: limit, tx)
        }
    }

    /// Lays an administrator's values over the pack's and journals it.
    ///
    /// - Returns: false where nothing is other than before.
    /// - Throws: `PlaceClash` where the place was changed since the form was shown; `.invalid` where the id is taken or the
    ///   calendar contradicts itself; `.notFound` where there is nothing to edit.
    @discardableResult
    func save(_ values: [String: JSON], _ goal: PlaceGoal, _ act: PlaceAct) async throws -> Bool {
        let changed = try await database.write { tx in
            var state = try OverlayStore.lock(act.area, tx)
            guard let loaded = try DirectoryStore.loadedTree(of: act.area, tx) else { throw DomainError.notFound }
            let holding = state.overlay.apply(to: loaded)
            let target = try Self.target(of: goal, number: state.version + 1, in: holding, act.area, tx)
            guard let change = state.overlay.save(values, at: target, over: loaded) else { return false }
            try Self.check(state.overlay.apply(to: loaded), target)
            state.version += 1
            if target.page == .calendars { state.calendarVersion += 1 }
            try OverlayStore.put(state, area: act.area, tx)
            let edit = DirectoryEdit(
                version: state.version, at: act.at, actor: act.actor.kind.rawValue + ":" + act.actor.id, target: target,
                change: change)
            try OverlayStore.record(edit, area: act.area, request: act.request, tx)
            return true
        }
        if changed { refresh() }
        return changed
    }

    private static func target(
        of goal: PlaceGoal, number: Int, in tree: AreaTree, _ area: AreaCode, _ tx: Transaction
    ) throws -> PlaceTarget {
        switch goal {
        case .known(let target, let seen):
            let isYear = target.page == .calendars
            guard isYear || tree[target] != nil else { throw DomainError.notFound }
            let last = try OverlayStore.lastEdit(of: target, area: area, tx)
            let loads = try DirectoryStore.loadedVersions(of: area, tx)
            let version = if case .year(let year) = target { loads.years[year] ?? 0 } else { loads.profile }
            let parts = seen.split(separator: ".").map { Int($0) }
            guard parts.count == 2, parts[1] == last?.version ?? 0 else { throw PlaceClash(edit: last) }
            guard parts[0] == version else { throw PlaceClash(edit: nil) }
            return target
        case .new(let target):
            guard tree[target] == nil else { throw DomainError.invalid("id", "directory.fault.taken") }
            return target
        case .numbered(let make): return make("added-\(number)")
        }
    }

    /// What is stored must be readable, and a calendar must not contradict itself.
    private static func check(_ tree: AreaTree, _ target: PlaceTarget) throws {
        _ = try tree.profile()
        let years = try tree.years()
        do {
            _ = try WorkCalendar(years: years.map(\.published))
        } catch CalendarFault.contradiction(let date) {
            throw DomainError.invalid("work", "directory.fault.contradiction", ["date": date.description])
        } catch CalendarFault.stray(let date, let year) {
            let isOff = years.contains { $0.year == year && $0.off.contains(date) }
            throw DomainError.invalid(
                isOff ? "off" : "work", "directory.fault.stray", ["date": date.description, "year": String(year)])
        }
    }
}
