package import Kernel
package import Storage
import Synchronization

/// Areas, departments, halls and calendars for every other module; read often, changed rarely, hence kept in memory for
/// a few seconds.
package final class DirectoryAPI: Sendable {
    private struct Entry {
        let version: Int
        let profile: AreaProfile
        let calendar: WorkCalendar
        let checkedAt: Moment
    }

    let database: any Database
    private let time: TimeSource
    private let cache = Mutex<[AreaCode: Entry]>([:])
    /// How long another server's change may go unseen, in milliseconds.
    private let patience: Int64 = 2_000

    package init(database: any Database, time: TimeSource) {
        self.database = database
        self.time = time
    }

    /// The area's profile; throws `notFound` for an area without a hall here.
    package func profile(of area: AreaCode) async throws -> AreaProfile { try await entry(area).profile }

    /// By which days the area counts.
    package func calendar(of area: AreaCode) async throws -> WorkCalendar { try await entry(area).calendar }

    /// Grows with every change of the area's profile or calendar.
    package func version(of area: AreaCode) async throws -> Int { try await entry(area).version }

    /// All areas, by code.
    package func areas() async throws -> [(area: AreaCode, name: String)] {
        try await database.read { tx in try DirectoryStore.areas(tx) }
    }

    /// Forgets what is in memory, after a change made here.
    package func refresh() { cache.withLock { $0.removeAll() } }

    private func entry(_ area: AreaCode) async throws -> Entry {
        let now = time.now()
        let known = cache.withLock { $0[area] }
        if let known, now.milliseconds - known.checkedAt.milliseconds < patience, now >= known.checkedAt {
            return known
        }
        let fresh: Entry? = try await database.read { tx in
            let version = try DirectoryStore.version(of: area, tx)
            if let known, known.version == version {
                return Entry(version: version, profile: known.profile, calendar: known.calendar, checkedAt: now)
            }
            guard let profile = try DirectoryStore.profile(of: area, tx) else { return nil }
            let calendar = try DirectoryStore.calendar(of: area, tx)
            return Entry(version: version, profile: profile, calendar: calendar, checkedAt: now)
        }
        guard let fresh else { throw DomainError.notFound }
        cache.withLock { $0[area] = fresh }
        return fresh
    }
}
