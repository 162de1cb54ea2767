import ArgumentParser
import Catalogue
import Composition
import Foundation
import Kernel
import Storage

/// `tongban catalogue …`
struct CatalogueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue", abstract: "Checks, loads, imports and exports items.",
        subcommands: [Check.self, Load.self, Import.self, Export.self, Deadlines.self])

    /// `tongban catalogue check`
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads packs like a careful clerk and prints every finding as file:line.",
            discussion: """
                Where nothing is wrong with what is written, every item's procedure is explored state by state, on the plain \
                road and on each beside it: no state without a way out, no limit that cannot end, no document that could not \
                be issued.
                """)
        @Argument(help: "Folder of packs.") var packs = "Packs"
        @Flag(help: "Print hints as well.") var hints = false

        func run() async throws {
            let library = try PackLibrary.load(directory: packs)
            var items = 0
            var findings = Set(library.findings)
            for area in library.areas {
                guard let resolved = library.resolve(area) else { continue }
                items += resolved.items.count
                findings.formUnion(resolved.findings)
            }
            for finding in findings.sorted() where finding.severity == .error || hints {
                print(finding.line(in: .en))
            }
            var errors = findings.count { $0.severity == .error }
            // What does not read cannot be walked through.
            if errors == 0 {
                let explored = try ModelCheck.run(library)
                for line in explored.faults { print(line) }
                errors = explored.faults.count
                print(
                    "Explored: \(explored.items) items by \(explored.shapes) procedures that differ, \(explored.states) states, \(explored.tries) tries, \(explored.documents) documents; \(explored.faults.count) traps."
                )
            }
            func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
            print("\(count(library.areas.count, "pack")), \(count(items, "item")), \(count(errors, "error")).")
            if errors > 0 { throw ExitCode(1) }
        }
    }

    /// `tongban catalogue load`
    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Loads packs into the database; a version is kept for every change.")
        @OptionGroup var options: Options
        @Argument(help: "Folder of packs.") var packs = "Packs"
        @Option(help: "Only these areas (six digits).") var area: [String] = []

        func run() async throws {
            let areas = try area.map { text in
                guard let code = AreaCode(text), !code.isBucket else {
                    throw ValidationError("--area takes six digits, not “\(text)”")
                }
                return code
            }
            let house = try options.house()
            try await explained(house) {
                try await house.loadPacks(packs, areas: areas.isEmpty ? nil : areas) { note($0) }
            }
            await house.database.close()
        }
    }

    /// `tongban catalogue import`
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a list of items (CSV) into an area's catalogue.",
            discussion:
                "Columns as in a provincial list: department, name, item_code, item_type. All or nothing; findings by line."
        )
        @OptionGroup var options: Options
        @Argument(help: "The list, UTF-8 or GB18030.") var file: String
        @Option(help: "The area whose catalogue it becomes (six digits).") var area: String
        @Option(help: "The area's name, where it has no pack yet.") var name: String?

        func run() async throws {
            guard let code = AreaCode(area), !code.isBucket else { throw ValidationError("--area takes six digits") }
            let house = try options.house()
            try await explained(house) { try await house.importList(file, area: code, name: name) { note($0) } }
            await house.database.close()
        }
    }

    /// `tongban catalogue export`
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes the items on offer as JSON lines, or the whole area as a pack.",
            discussion: "With --to, what is written can be checked and loaded again: tongban catalogue check FOLDER.")
        @OptionGroup var options: Options
        @Option(help: "The area (six digits).") var area: String
        @Option(help: "Folder below which the area is written as a pack.", completion: .directory) var to: String?

        func run() async throws {
            guard let code = AreaCode(area), !code.isBucket else { throw ValidationError("--area takes six digits") }
            let house = try options.house()
            try await explained(house) {
                if let to {
                    note("written: \(try await house.exportPack(of: code, to: to))")
                } else {
                    try await house.exportItems(of: code) { print($0) }
                }
            }
            await house.database.close()
        }
    }
}
