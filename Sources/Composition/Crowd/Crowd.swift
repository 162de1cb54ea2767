import Cases
import Cryptography
package import Kernel
import Storage
import Workflow

/// Somebody who applies in a made-up case.
package struct CrowdPerson: Sendable {
    package let account: String
    /// `@00` … `@63`, where the account's messages lie.
    package let bucket: String
    package let name: String
    package let phone: String
    package let idNumber: String

    package init(account: String, bucket: String, name: String, phone: String, idNumber: String) {
        self.account = account
        self.bucket = bucket
        self.name = name
        self.phone = phone
        self.idNumber = idNumber
    }
}

/// Many cases for measurements, made after a few real ones: each has every row that the real one has, with ids, moments,
/// applicant and number of its own, parts sealed under a key of its own and a journal chained anew. What reads or verifies
/// them cannot tell them from others.
package struct Crowd: Sendable {
    private let house: House
    private let vaults: Vaults
    private let shapes: [TableShape]
    /// The cases that others can be made after, the earliest first.
    package let templates: [CrowdTemplate]

    /// Takes real cases apart. The database should hold little else; what they sent must have been delivered.
    ///
    /// - Parameter cases: numbers, each with who applied.
    package init(_ house: House, area: AreaCode, after cases: [String: CrowdPerson]) async throws {
        let vaults = Vaults(keys: house.keys)
        self.house = house
        self.vaults = vaults
        let (lines, reading, bundles) = try await house.database.read { tx in
            let lines = try cases.keys.sorted().compactMap { number in
                try Self.line(number, area, tx)
            }
            let reading = try CrowdTemplate.read(
                Dictionary(lines.map { ($0.id, $0.number) }, uniquingKeysWith: { first, _ in first }), tx)
            return (lines, reading, try lines.map { try VaultStore.read($0.id, area: area, tx) })
        }
        shapes = reading.tables
        // Ids of one case alone are its own; who has a hand in several, or is known elsewhere, stays who it is.
        var owners: [String: Set<String>] = [:]
        var templates: [CrowdTemplate] = []
        let texts = try zip(lines, bundles).map { line, bundle in
            let vault = try bundle.map { try vaults.open($0) }
            let plain = try (bundle?.parts.values).map { try $0.compactMap { try vault?.text($0) } } ?? []
            let rows = (reading.rows[line.id] ?? [:]).values.flatMap { $0.flatMap { $0.compactMap(\.string) } }
            return Set((plain + rows).flatMap(CrowdTokens.ids))
        }
        for (line, ids) in zip(lines, texts) { for id in ids { owners[id, default: []].insert(line.id) } }
        for (index, line) in lines.enumerated() {
            guard let bundle = bundles[index], let person = cases[line.number] else { continue }
            let own = texts[index].filter {
                owners[$0]?.count == 1 && !reading.foreign.contains($0) && $0 != person.account
            }
            templates.append(
                try CrowdTemplate(
                    number: line.number, openedAt: line.openedAt, owner: person, own: own.union([line.id]),
                    reading.rows[line.id] ?? [:], reading.tables, bundle, vaults))
        }
        self.templates = templates.sorted { $0.openedAt < $1.openedAt }
    }

    private static func line(_ number: String, _ area: AreaCode, _ tx: Transaction) throws -> (
        id: String, number: String, openedAt: Moment
    )? {
        try CasesStore.line(number: number, area: area, tx).map { ($0.id, $0.number, $0.openedAt) }
    }

    /// Rows of one chunk by table.
    private typealias Rows = [[[SQLValue]]]

    /// Cases of one transaction.
    private static let chunk = 1_000

    /// Makes so many cases after each template, spread over eight hours of its day, and puts them in.
    ///
    /// - Parameters:
    ///   - counts: one for each of `templates`.
    ///   - person: who applies in the case of a running number.
    ///   - progress: hears how many are in.
    package func fill(
        _ counts: [Int], person: @escaping @Sendable (Int) -> CrowdPerson, progress: @Sendable (Int) -> Void = { _ in }
    ) async throws {
        var jobs: [(template: CrowdTemplate, cases: Range<Int>, first: Int, of: Int, sequence: Int)] = []
        var sequences: [String: Int] = [:]
        var made = 0
        for (template, count) in zip(templates, counts) {
            let start = sequences[template.prefix] ?? 1_000
            for from in stride(from: 0, to: count, by: Self.chunk) {
                jobs.append((template, from..<min(count, from + Self.chunk), made + from, count, start + from))
            }
            sequences[template.prefix] = start + count
            made += count
        }
        guard let lookup = shapes.firstIndex(where: { $0.name == "lookup" }) else { return }
        // Codes come in no order: put in sorted, in the end, they touch each page of their index once.
        var codes: [[SQLValue]] = []
        var done = 0
        try await withThrowingTaskGroup(of: (Int, Rows).self) { group in
            var next = 0
            func begin() {
                guard next < jobs.count else { return }
                let (number, job) = (next, jobs[next])
                next += 1
                group.addTask {
                    var rows = Rows(repeating: [], count: shapes.count)
                    for index in job.cases {
                        let later = Int64(index) * 28_800 / Int64(job.of) * 1000
                        try CrowdCase(
                            job.template, person: person(job.first + index - job.cases.lowerBound), later: later,
                            sequence: job.sequence + index - job.cases.lowerBound, running: job.first + index, vaults
                        ).add(to: &rows, shapes)
                    }
                    return (number, rows)
                }
            }
            for _ in 0..<3 { begin() }
            var waiting: [Int: Rows] = [:]
            var wanted = 0
            while let (number, rows) = try await group.next() {
                waiting[number] = rows
                // In their order, so that most indexes grow at their end.
                while var rows = waiting.removeValue(forKey: wanted) {
                    codes += rows[lookup]
                    rows[lookup] = []
                    try await put(rows)
                    done += jobs[wanted].cases.count
                    progress(done)
                    wanted += 1
                    begin()
                }
            }
        }
        codes.sort { a, b in
            for (one, two) in zip(a, b) where one != two { return (one.string ?? "") < (two.string ?? "") }
            return false
        }
        for start in stride(from: 0, to: codes.count, by: 20_000) {
            var rows = Rows(repeating: [], count: shapes.count)
            rows[lookup] = Array(codes[start..<min(codes.count, start + 20_000)])
            try await put(rows)
        }
    }

    private func put(_ rows: Rows) async throws {
        let shapes = shapes
        try await house.database.write { tx in
            for (shape, rows) in zip(shapes, rows) { try shape.insert(rows, tx) }
        }
    }
}

extension SQLValue {
    var string: String? { if case .text(let text) = self { text } else { nil } }
}
