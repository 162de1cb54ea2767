package import Directory
package import Foundation
package import Kernel
package import Storage

/// Takes a list of items from elsewhere into an area's catalogue: all of it or nothing.
package struct ImportItems: Sendable {
    /// What an import did.
    package struct Report: Sendable {
        package var rows = 0
        package var added = 0
        package var changed = 0
        package var unchanged = 0
        package var encoding = ""
        package var findings: [Finding] = []
        package var imported = false
    }

    private let database: any Database
    private let directory: DirectoryAPI
    private let time: TimeSource

    package init(database: any Database, directory: DirectoryAPI, time: TimeSource) {
        self.database = database
        self.directory = directory
        self.time = time
    }

    /// - Parameters:
    ///   - name: of the area, where it has no profile yet.
    ///   - years: the calendar of a new area.
    ///   - progress: rows done of all.
    /// - Throws: `.invalid` where the area is unknown and no name was given.
    package func run(
        _ data: Data, file: String, into area: AreaCode, name: String?, years: [CalendarYear],
        progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> Report {
        // What was loaded, without what administrators edited over it: that stays an edit.
        let known = try await database.read { tx in try DirectoryStore.loadedProfile(of: area, tx) }
        guard known != nil || name != nil else { throw DomainError.invalid("name", "catalogue.import.areaName") }
        let slugs = try await database.read { tx in try CatalogueStore.codes(area: area, tx) }
        let list = ListImport(file: file, knownSlugs: slugs)
        let read = list.read(data)
        var report = Report()
        report.rows = read.rows
        report.encoding = read.encoding
        report.findings = read.findings
        guard read.isImportable else { return report }
        let now = time.now()
        // The versions go in first, in chunks; nothing of them is on offer before the flip at the end.
        let items = read.entries.map(list.item)
        var done = 0
        for chunk in items.chunks(of: 200) {
            let prepared = chunk.map { ($0, Grams.grams(for: $0)) }
            let changes = try await database.write { tx in
                try prepared.map { item, grams in
                    try CatalogueStore.publish(item, provenance: [:], grams: grams, source: "list", area: area, at: now, tx)
                }
            }
            report.added += changes.count { $0 == .added }
            report.changed += changes.count { $0 == .changed }
            report.unchanged += changes.count { $0 == .unchanged }
            done += chunk.count
            progress(done, items.count)
        }
        let profile = Self.profile(known, area: area, name: name, departments: read.departments)
        let pack = try await database.read { tx in try CatalogueStore.index(of: area, tx) }
        let index = pack ?? AreaPack(profile)
        try await database.write { tx in
            try DirectoryStore.put(profile, at: now, tx)
            if known == nil { for year in years { try DirectoryStore.put(year, area: area, at: now, tx) } }
            try CatalogueStore.putIndex(index, area: area, tx)
        }
        directory.refresh()
        report.imported = true
        return report
    }

    /// The area's profile with the departments the list names.
    private static func profile(
        _ known: AreaProfile?, area: AreaCode, name: String?, departments: [String: String]
    ) -> AreaProfile {
        let own = known?.departments ?? []
        let ids = Set(own.map(\.id))
        let new = departments.filter { !ids.contains($0.key) }.sorted { $0.key < $1.key }
            .map { AreaProfile.Department(id: $0.key, name: LocalizedText(zh: $0.value), shortName: nil, uscc: nil, phone: nil) }
        let label = known?.name ?? LocalizedText(zh: name ?? area.text)
        return AreaProfile(
            area: area, kind: known?.kind ?? "county", parent: known?.parent, name: label,
            shortName: known?.shortName ?? label, demo: known?.demo ?? false, numberPrefix: known?.numberPrefix,
            advicePhone: known?.advicePhone ?? "12345", complaintPhone: known?.complaintPhone,
            reviewOrgan: known?.reviewOrgan, court: known?.court, divisions: known?.divisions ?? [],
            departments: own + new, halls: known?.halls ?? [])
    }
}

extension AreaPack {
    /// The catalogue's index of an area that has no pack of its own.
    init(_ profile: AreaProfile) {
        self.init(
            area: profile.area, kind: .county, parent: nil, name: profile.name, shortName: profile.shortName, demo: false,
            numberPrefix: nil, inherits: .slugs([]), advicePhone: profile.advicePhone, complaintPhone: profile.complaintPhone,
            reviewOrgan: profile.reviewOrgan, court: profile.court, divisions: [], departments: [], roles: [:], halls: [],
            personThemes: [], legalThemes: [], events: [], certificates: [])
    }
}
