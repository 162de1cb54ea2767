package import Catalogue
import Directory
import Foundation
package import Kernel
import Storage

extension House {
    /// Loads a folder of packs and the calendar beside them.
    ///
    /// - Throws: `PackComplaint` where a pack has errors: the areas without errors were loaded all the same.
    @discardableResult
    package func loadPacks(_ folder: String, areas: [AreaCode]?, say: @Sendable (String) -> Void) async throws
        -> LoadPacks.Report
    {
        try await loadPacks(try PackLibrary.load(directory: folder), from: folder, areas: areas, say: say)
    }

    /// The same with packs that were already read from `folder`.
    @discardableResult
    package func loadPacks(
        _ library: PackLibrary, from folder: String, areas: [AreaCode]?, say: @Sendable (String) -> Void
    ) async throws -> LoadPacks.Report {
        for area in areas ?? [] where !library.areas.contains(area) {
            let known = library.areas.map(\.text).joined(separator: ", ")
            throw PackComplaint(description: "No pack in \(folder) is for the area \(area). There are: \(known).")
        }
        try await requireSchema()
        var years: [CalendarYear] = []
        if let calendar = library.calendar {
            years = try CalendarReader.read(calendar).map { CalendarYear(year: $0.year, off: $0.off, work: $0.work) }
        } else {
            say("No national/calendar.yaml beside the packs: the calendar stays as it was loaded before.")
        }
        let report = try await LoadPacks(database: database, directory: directory, time: time).run(
            library, areas: areas, years: years
        ) { name, report in
            say(
                "\(name): \(report.added) new, \(report.changed) changed, \(report.unchanged) as before, \(report.withdrawn) withdrawn"
            )
            for conflict in report.conflicts { say("\(name), conflict with an administrator's edit: \(conflict)") }
        }
        // Packs that could not be read at all are in no area's findings.
        let unread = library.findings.filter { finding in !report.findings.contains(finding) }
        let errors = (report.findings + (areas == nil ? unread : [])).filter { $0.severity == .error }
        for finding in errors.prefix(50) { say(finding.line(in: .en)) }
        if errors.count > 50 { say("… and \(errors.count - 50) more: tongban catalogue check \(folder)") }
        if !errors.isEmpty {
            throw PackComplaint(
                description: "\(errors.count) errors in the packs; see above. Areas with errors were left as they were."
            )
        }
        return report
    }

    /// The items on offer, one canonical JSON definition a line.
    ///
    /// - Throws: `PackComplaint` where the area offers nothing.
    package func exportItems(of area: AreaCode, _ write: @Sendable (String) -> Void) async throws {
        try await requireSchema()
        let slugs = try await catalogue.slugs(of: area)
        if slugs.isEmpty {
            throw PackComplaint(
                description: "The area \(area) offers no item here. Load its pack or import a list first.")
        }
        for slug in slugs {
            write(try await catalogue.current(slug, area: area).definition.canonicalJSON())
        }
    }

    /// Writes the items on offer, with places, departments and files, as a pack below `folder`; answers the pack's folder.
    ///
    /// - Throws: `PackComplaint` where the area offers nothing, or the pack's folder is there already.
    package func exportPack(of area: AreaCode, to folder: String) async throws -> String {
        try await requireSchema()
        let slugs = try await catalogue.slugs(of: area)
        if slugs.isEmpty {
            throw PackComplaint(
                description: "The area \(area) offers no item here. Load its pack or import a list first.")
        }
        var items: [ItemDefinition] = []
        for slug in slugs { items.append(try await catalogue.current(slug, area: area).definition) }
        let papers = try await catalogue.papers(of: items, area: area)
        let export = try PackExport(
            try await directory.profile(of: area), try await catalogue.index(of: area), items, papers: papers)
        let root = URL(fileURLWithPath: folder)
        let own = root.appendingPathComponent("\(area.text)-export")
        guard !FileManager.default.fileExists(atPath: own.path) else {
            throw PackComplaint(description: "\(own.path) is there already. Remove it, or give another folder.")
        }
        for file in export.files {
            let url = root.appendingPathComponent(file.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try file.bytes.write(to: url, options: .atomic)
        }
        return own.path
    }

    /// Throws `PackComplaint`, with what to do, where the database lacks steps of the schema.
    private func requireSchema() async throws {
        let pending = try await pendingMigrations()
        guard !pending.isEmpty else { return }
        throw PackComplaint(
            description:
                "The database lacks \(pending.count) steps of the schema. Run “tongban migrate” with the same --data or --database first."
        )
    }

    /// Migrations that the database lacks.
    package func pendingMigrations() async throws -> [String] {
        try await Migrator.pending(migrations, in: database).map(\.name)
    }
}

/// Packs with errors.
package struct PackComplaint: Error, CustomStringConvertible {
    package let description: String
}

extension House {
    /// Imports a list of items; findings are said by line.
    package func importList(_ file: String, area: AreaCode, name: String?, say: @escaping @Sendable (String) -> Void)
        async throws
    {
        let url = URL(fileURLWithPath: file)
        let values = try? url.resourceValues(forKeys: [.isRegularFileKey])
        guard let values else {
            throw PackComplaint(description: "The file “\(file)” does not exist. Give the path of the list (CSV).")
        }
        guard values.isRegularFile == true else {
            throw PackComplaint(description: "“\(file)” is not a file. Give the path of the list (CSV).")
        }
        try await requireSchema()
        if name == nil, try await !directory.areas().contains(where: { $0.area == area }) {
            throw PackComplaint(
                description: "The area \(area) has no pack yet. Give its name: --name 某某区, or load its pack first.")
        }
        let data = try Data(contentsOf: url)
        let report = try await ImportItems(database: database, directory: directory, time: time).run(
            data, file: (file as NSString).lastPathComponent, into: area, name: name, years: try Self.calendarYears()
        ) { done, all in say("\(done) of \(all)") }
        for finding in report.findings.prefix(200) { say(finding.line(in: .en)) }
        if report.findings.count > 200 { say("… and \(report.findings.count - 200) more") }
        guard report.imported else {
            throw PackComplaint(description: "Nothing was imported: mend what is said above and import again.")
        }
        say(
            "\(report.rows) rows (\(report.encoding)): \(report.added) new, \(report.changed) changed, \(report.unchanged) as before"
        )
    }

    /// The calendar that ships with the program's packs, for an area made by an import.
    static func calendarYears() throws -> [CalendarYear] {
        let path = "Packs/national/calendar.yaml"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return try CalendarReader.read(text).map { CalendarYear(year: $0.year, off: $0.off, work: $0.work) }
    }
}
