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
        /// Rows whose item has a guide of its own in the area's pack, and keeps it.
        package var kept = 0
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
    ///   - columns: chosen by hand; nil: by the headings.
    ///   - name: of the area, where it has no profile yet.
    ///   - years: the calendar of a new area.
    ///   - progress: items done of all.
    /// - Throws: `.invalid` where the area is unknown and no name was given.
    package func run(
        _ data: Data, file: String, columns: ListColumns? = nil, into area: AreaCode, name: String?,
        years: [CalendarYear], progress: @Sendable (Int, Int) async throws -> Void = { _, _ in }
    ) async throws -> Report {
        // What was loaded, without what administrators edited over it: that stays an edit.
        let known = try await database.read { tx in try DirectoryStore.loadedProfile(of: area, tx) }
        guard known != nil || name != nil else { throw DomainError.invalid("name", "catalogue.import.areaName") }
        let (slugs, own) = try await database.read { tx in
            (try CatalogueStore.codes(area: area, tx), Set(try CatalogueStore.slugs(area: area, source: "pack", tx)))
        }
        let list = ListImport(file: file, columns: columns, level: known?.level ?? .county, knownSlugs: slugs)
        let read = list.read(data)
        var report = Report()
        report.rows = read.rows
        report.encoding = read.encoding
        report.findings = read.findings
        guard read.isImportable else { return report }
        let now = time.now()
        let items = read.entries.map(list.item).filter { !own.contains($0.slug) }
        report.kept = read.entries.count - items.count
        // Versions go in by chunks, so that the writer is never held for long; none is on offer before the flip.
        var staged: [(item: ItemDefinition, version: Int)] = []
        for chunk in items.chunks(of: 200) {
            let prepared = chunk.map { ($0, Grams.grams(for: $0)) }
            let changes = try await database.write { tx in
                try prepared.map { item, grams in
                    try CatalogueStore.stage(
                        item, provenance: [:], grams: grams, source: "list", area: area, at: now, tx)
                }
            }
            for (item, (version, change)) in zip(chunk, changes) {
                switch change {
                case .added: report.added += 1
                case .changed: report.changed += 1
                case .unchanged: report.unchanged += 1
                }
                if change != .unchanged { staged.append((item, version)) }
            }
            try await progress(report.added + report.changed + report.unchanged, items.count)
        }
        let profile = Self.profile(known, area: area, name: name, departments: read.departments)
        let lines = Dictionary(read.entries.map { ($0.line, $0.slug) }, uniquingKeysWith: { first, _ in first })
        var findings: [String: [Finding]] = [:]
        for finding in read.findings {
            if let slug = lines[finding.line] { findings[slug, default: []].append(finding) }
        }
        let found = findings
        let flip = staged.map { (item: $0.item, version: $0.version, words: SearchTexts($0.item)) }
        try await database.write { tx in
            for (item, version, words) in flip {
                try CatalogueStore.offer(item, version: version, words: words, area: area, at: now, tx)
            }
            try FindingStore.put(found, of: items.map(\.slug), area: area, tx)
            try DirectoryStore.put(profile, at: now, tx)
            if known == nil { for year in years { try DirectoryStore.put(year, area: area, at: now, tx) } }
            try CatalogueStore.putIndex(try CatalogueStore.index(of: area, tx) ?? AreaPack(profile), area: area, tx)
        }
        directory.refresh()
        report.imported = true
        return report
    }

    /// The area's profile with the departments the list names.
    private static func profile(
        _ known: AreaProfile?, area: AreaCode, name: String?, departments: [String: String]
    ) -> AreaProfile {
        let new = departments.sorted { $0.key < $1.key }.map { id, name in
            AreaProfile.Department(id: id, name: LocalizedText(zh: name), shortName: nil, uscc: nil, phone: nil)
        }
        if let known { return known.with(new) }
        let label = LocalizedText(zh: name ?? area.text)
        return AreaProfile(
            area: area, kind: "county", parent: nil, name: label, shortName: label, demo: false, numberPrefix: nil,
            advicePhone: "12345", complaintPhone: nil, reviewOrgan: nil, court: nil, divisions: [], departments: new,
            halls: [])
    }
}

extension AreaProfile {
    /// At which level the area's items are handled.
    var level: ItemLevel { ItemLevel(rawValue: kind) ?? .county }
}

extension AreaPack {
    /// The catalogue's index of an area that has no pack of its own.
    init(_ profile: AreaProfile) {
        self.init(
            area: profile.area, kind: .county, parent: nil, name: profile.name, shortName: profile.shortName,
            demo: false, numberPrefix: nil, inherits: .slugs([]), advicePhone: profile.advicePhone,
            complaintPhone: profile.complaintPhone, reviewOrgan: profile.reviewOrgan, court: profile.court,
            divisions: [], departments: [], roles: [:], halls: [], personThemes: [], legalThemes: [], events: [],
            certificates: [])
    }
}
