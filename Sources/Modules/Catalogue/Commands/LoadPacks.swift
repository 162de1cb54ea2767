package import Directory
package import Kernel
package import Storage

/// Loads packs into the database: area profiles, calendar and item versions.
package struct LoadPacks: Sendable {
    /// What a load did.
    package struct Report: Sendable {
        package var areas = 0
        package var added = 0
        package var changed = 0
        package var unchanged = 0
        package var withdrawn = 0
        /// What administrators edited and the packs have since changed too: it stays as edited.
        package var conflicts: [PlaceConflict] = []
        package var findings: [Finding] = []
    }

    private let database: any Database
    private let directory: DirectoryAPI
    private let time: TimeSource

    package init(database: any Database, directory: DirectoryAPI, time: TimeSource) {
        self.database = database
        self.directory = directory
        self.time = time
    }

    /// Loads every city and county of a folder of packs, or only `areas`. An area with an error is left as it was.
    ///
    /// - Parameter progress: hears the area's name and what was done.
    package func run(
        _ library: PackLibrary, areas: [AreaCode]? = nil, years: [CalendarYear],
        progress: @Sendable (String, Report) -> Void = { _, _ in }
    ) async throws -> Report {
        var total = Report()
        for area in library.areas where areas?.contains(area) ?? true {
            guard let resolved = library.resolve(area), resolved.pack.kind.isArea else { continue }
            total.findings += resolved.findings
            guard resolved.isPublishable else { continue }
            let report = try await load(resolved, years: years)
            total.areas += 1
            total.added += report.added
            total.changed += report.changed
            total.unchanged += report.unchanged
            total.withdrawn += report.withdrawn
            total.conflicts += report.conflicts
            progress(resolved.pack.name.zh, report)
        }
        directory.refresh()
        return total
    }

    private func load(_ resolved: ResolvedPack, years: [CalendarYear]) async throws -> Report {
        let area = resolved.pack.area
        let now = time.now()
        var report = Report()
        // Files before the versions that name them.
        let digests = resolved.papers.keys.sorted()
        let stored = try await database.read { tx in try PaperStore.known(digests, area: area, tx) }
        for digest in digests where !stored.contains(digest) {
            guard let file = resolved.papers[digest] else { continue }
            try await database.write { tx in try PaperStore.put(file.bytes, digest: digest, area: area, at: now, tx) }
        }
        // In chunks, so that the writer is never held for long; items first, the index that shows them last.
        for chunk in resolved.items.chunks(of: 50) {
            let prepared = chunk.map { ($0, Grams.grams(for: $0.definition)) }
            let changes = try await database.write { tx in
                try prepared.map { item, grams in
                    try CatalogueStore.publish(
                        item.definition, provenance: item.provenance, grams: grams, source: "pack", area: area, at: now,
                        tx)
                }
            }
            report.added += changes.count { $0 == .added }
            report.changed += changes.count { $0 == .changed }
            report.unchanged += changes.count { $0 == .unchanged }
        }
        let slugs = Set(resolved.items.map(\.definition.slug))
        let pack = resolved.pack
        let before = try await database.read { tx in try DirectoryStore.loadedProfile(of: area, tx) }
        (report.withdrawn, report.conflicts) = try await database.write { tx in
            let gone = try CatalogueStore.slugs(area: area, source: "pack", tx).filter { !slugs.contains($0) }
            try CatalogueStore.withdraw(gone, area: area, at: now, tx)
            // Departments that came with a list stay as long as they have items.
            let busy = try CatalogueStore.counts(area: area, tx).departments.keys
            try FindingStore.put(resolved.findings.bySlug, of: slugs.sorted() + gone, area: area, tx)
            let profile = pack.profile.with((before?.departments ?? []).filter { busy.contains($0.id) })
            try CatalogueStore.putIndex(pack, area: area, tx)
            var conflicts = try DirectoryStore.put(profile, at: now, tx)
            for year in years { conflicts += try DirectoryStore.put(year, area: area, at: now, tx) }
            return (gone.count, conflicts)
        }
        return report
    }
}

extension AreaProfile {
    /// With departments it does not have yet, by their slugs.
    func with(_ more: [Department]) -> AreaProfile {
        let own = Set(departments.map(\.id))
        return AreaProfile(
            area: area, kind: kind, parent: parent, name: name, shortName: shortName, demo: demo,
            numberPrefix: numberPrefix, advicePhone: advicePhone, complaintPhone: complaintPhone,
            reviewOrgan: reviewOrgan, court: court, divisions: divisions,
            departments: departments + more.filter { !own.contains($0.id) }, halls: halls)
    }
}

extension AreaPack {
    /// What the directory keeps of the pack.
    package var profile: AreaProfile {
        AreaProfile(
            area: area, kind: kind.rawValue, parent: parent, name: name, shortName: shortName ?? name, demo: demo,
            numberPrefix: numberPrefix, advicePhone: advicePhone, complaintPhone: complaintPhone,
            reviewOrgan: reviewOrgan,
            court: court,
            divisions: divisions.flatMap { street in
                [AreaProfile.Division(code: street.code, name: street.name, parent: nil)]
                    + street.communities.map { .init(code: $0.code, name: $0.name, parent: street.code) }
            },
            departments: departments.map {
                .init(id: $0.id, name: $0.name, shortName: $0.shortName, uscc: $0.uscc, phone: $0.phone)
            },
            halls: halls.map { hall in
                .init(
                    id: hall.id, name: hall.name, address: hall.address, phone: hall.phone,
                    hours: hall.hours.map { .init(days: $0.days, from: $0.from, to: $0.to, extra: $0.extra) },
                    windows: hall.windows.map {
                        .init(id: $0.id, number: $0.number, name: $0.name, departments: $0.departments)
                    })
            })
    }
}
