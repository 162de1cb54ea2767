import Cases
import Catalogue
import Composition
import Directory
import Documents
import Foundation
import Identity
import Kernel
import Packages
import Storage
import Web
import Workflow

extension Measured {
    /// Several departments at once against the plain road, and what it takes to read a district's items.
    func together() async throws {
        let (house, people) = try await prepare("together")
        Table.head("One-thing packages, in process and one after the other, SQLite with synchronous=FULL")
        let slug = "newborn"
        let package = try await house.catalogue.current(slug, area: people.area).definition
        let steps = package.plan?.steps.count ?? 0
        let resident = people.residents[0]
        _ = try await people.lifecycle()
        _ = try await package.walk(people, resident)
        let rounds = max(cases / 8, 10)
        var rates: [Double] = []
        for walk in [{ try await people.lifecycle() }, { try await package.walk(people, resident) }] {
            let before = try await rows(house)
            let started = ContinuousClock.now
            for _ in 0..<rounds { try await walk() }
            let seconds = (ContinuousClock.now - started).seconds
            let written = try await rows(house) - before
            rates.append(Double(written) / seconds)
            Table.line(
                rates.count == 1 ? "a plain lifecycle" : "a package of \(steps) steps, to its last result",
                "\(Table.number(seconds / Double(rounds) * 1000)) ms", "rows it leaves", "\(written / rounds)")
        }
        Table.ratio("rows of packages, against rows of plain lifecycles", rates[1], to: rates[0], aim: 0.8)
        await house.database.close()
        try items()
    }

    /// Rows of all tables.
    private func rows(_ house: House) async throws -> Int {
        try await house.database.read { tx in
            let tables = try tx.values(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", as: String.self)
            return try tables.reduce(0) { sum, table in
                sum + (try tx.value("SELECT COUNT(*) FROM \(try SQL.name(table))", as: Int.self) ?? 0)
            }
        }
    }

    /// Reads, resolves and checks an area with 3,000 items, each in a file of its own, as `tongban catalogue check` does.
    private func items() throws {
        let most = 3_000
        let packs = folder.appendingPathComponent("packs")
        let manager = FileManager.default
        try manager.createDirectory(at: packs, withIntermediateDirectories: true)
        for name in ["national", "510106-jinniu"] {
            try manager.copyItem(atPath: "Packs/\(name)", toPath: packs.appendingPathComponent(name).path)
        }
        let national = URL(fileURLWithPath: "Packs/national/items")
        let models = try manager.contentsOfDirectory(atPath: national.path).filter { $0.hasSuffix(".yaml") }.sorted()
        let own = packs.appendingPathComponent("510106-jinniu/items")
        for number in 0..<most {
            let model = models[number % models.count]
            let slug = "\(model.dropLast(5))-\(number)"
            let text = try String(contentsOf: national.appendingPathComponent(model), encoding: .utf8)
            // Nobody finds two items under the same words.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter {
                !$0.hasPrefix("slug:") && !$0.hasPrefix("aliases:")
            }
            try "slug: \(slug)\n\(lines.joined(separator: "\n"))"
                .write(to: own.appendingPathComponent("\(slug).yaml"), atomically: false, encoding: .utf8)
        }
        Table.head("Reading \(most) items, each in its file")
        let started = ContinuousClock.now
        let library = try PackLibrary.load(directory: packs.path)
        let read = ContinuousClock.now
        let resolved = library.areas.compactMap { library.resolve($0) }
        let checked = ContinuousClock.now
        let count = resolved.map(\.items.count).max() ?? 0
        guard count >= most else { throw Trouble("\(count) items were read: \(library.findings.prefix(3))") }
        Table.line("reading the files", "\(Table.number((read - started).seconds)) s")
        Table.line("inheritance and every rule of the linter", "\(Table.number((checked - read).seconds)) s")
        let whole = (checked - started).seconds
        Table.line("loading and checking \(count) items", "\(Table.number(whole)) s", "", "2 s", whole < 2)
        let traps = try ModelCheck.run(library).faults
        let explored = (ContinuousClock.now - checked).seconds
        Table.line("exploring their procedures, \(traps.count) faults", "\(Table.number(explored)) s")
    }
}

extension ItemDefinition {
    /// The whole package, from the draft to the last step's result.
    fileprivate func walk(_ people: People, _ resident: ResidentViewer) async throws {
        let (house, cases, area) = (people.house, people.house.cases, people.area)
        func occasion(_ viewer: Viewer) -> Occasion {
            Occasion(area: area, at: house.time.now(), actor: viewer.actor(via: .api), request: "bench")
        }
        let wanted = situations.reduce(into: [String: JSON]()) { $0[$1.id] = .array($1.answers.map { .string($0.id) }) }
        let now = house.time.now()
        let draft = try await cases.startDraft(slug, answers: wanted, resident, area: area, language: .zh, at: now).row
            .id
        let street = try await house.directory.profile(of: area).divisions.first?.code ?? ""
        let home: JSON = ["division": .string(street), "line": "样例路1号"]
        try await cases.changeDraft(draft, area: area, resident, at: now) { content, item in
            for (field, value) in item.examples(on: now.date) { content.form[field] = value }
            for field in item.fields where field.kind == .address { content.form[field.id] = home }
        }
        for material in materials where !material.generated {
            let paper = Array("%PDF-1.4 example".utf8)
            _ = try await cases.attach(
                named: "材料.pdf", material: material.id, to: draft, area: area, resident, at: now
            ) { vault, id, _, _ in try house.files.store(paper, kind: .pdf, into: vault, id: id) }
        }
        let number = try await cases.submit(draft, resident, occasion(.resident(resident)), language: .zh).number
        for _ in plan?.steps ?? [] {
            let state = try await house.packages.openOwn(number, area: area, resident).state
            if state.stage == .completed { return }
            for step in state.steps where step.stage == .open {
                guard let own = step.number else { continue }
                let department = try await cases.open(number: own, area: area).state.department
                let clerk = people.clerk(of: department)
                try await cases.accept(own, clerk, occasion(.staff(clerk)))
                try await cases.complete(own, delivery: "electronic", clerk, occasion(.staff(clerk)))
            }
            try await house.packages.openSteps(at: house.time.now())
        }
        let state = try await house.packages.openOwn(number, area: area, resident).state
        guard state.stage == .completed else { throw Trouble("a package that stays \(state.stage)") }
    }
}

extension People {
    /// The clerk, at the desk of another department.
    fileprivate func clerk(of department: String) -> StaffViewer {
        let own = officer(.clerk)
        return StaffViewer(
            id: own.id, area: area, session: own.session, displayName: "", permissions: own.permissions,
            queues: ["\(department)/clerk"], departments: [department])
    }
}
