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
        let library = try PackLibrary.load(directory: folder)
        let calendar = try String(contentsOfFile: folder + "/national/calendar.yaml", encoding: .utf8)
        let years = try CalendarReader.read(calendar).map { CalendarYear(year: $0.year, off: $0.off, work: $0.work) }
        let report = try await LoadPacks(database: database, directory: directory, time: time).run(
            library, areas: areas, years: years
        ) { name, report in
            say(
                "\(name): \(report.added) new, \(report.changed) changed, \(report.unchanged) as before, \(report.withdrawn) withdrawn"
            )
            for conflict in report.conflicts { say("\(name), conflict with an administrator's edit: \(conflict)") }
        }
        let errors = report.findings.filter { $0.severity == .error }
        for finding in errors.prefix(50) { say(finding.line(in: .en)) }
        if !errors.isEmpty {
            throw PackComplaint(
                description: "\(errors.count) errors in the packs; see above. Areas with errors were left as they were."
            )
        }
        return report
    }

    /// The items on offer, one canonical JSON definition a line.
    package func exportItems(of area: AreaCode, _ write: @Sendable (String) -> Void) async throws {
        for slug in try await catalogue.slugs(of: area) {
            write(try await catalogue.current(slug, area: area).definition.canonicalJSON())
        }
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
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        let report = try await ImportItems(database: database, directory: directory, time: time).run(
            data, file: (file as NSString).lastPathComponent, into: area, name: name, years: try Self.calendarYears()
        ) { done, all in say("\(done) of \(all)") }
        for finding in report.findings.prefix(200) { say(finding.line(in: .en)) }
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
