import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

@Suite("Numbers")
struct NumberTests {
    private let today = FixedTime.start.date

    @Test("A hundred takers at once, on two servers, get different numbers", arguments: Backend.all)
    func blocks(_ backend: Backend) async throws {
        try await withDatabaseAddress(backend, migrations: WorkflowModule().migrations) { address in
            let databases = [try address.open(), try address.open()]
            let servers = databases.map { NumberSeries(database: $0, size: 7) }
            let taken = try await withThrowingTaskGroup(of: [Int].self) { group in
                for taker in 0..<100 {
                    group.addTask {
                        var numbers: [Int] = []
                        for _ in 0..<5 {
                            numbers.append(try await servers[taker % 2].next("case/01", area: jinniu, on: today))
                        }
                        return numbers
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(taken.count == 500)
            #expect(Set(taken).count == 500)
            #expect(taken.allSatisfy { $0 >= 1 })
            for database in databases { await database.close() }
        }
    }

    @Test("One taker after another gets 1, 2, 3 across blocks", arguments: Backend.all)
    func inOrder(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            let series = NumberSeries(database: database, size: 3)
            var taken: [Int] = []
            for _ in 0..<8 { taken.append(try await series.next("case/01", area: jinniu, on: today)) }
            #expect(taken == Array(1...8))
        }
    }

    @Test("Series, days and areas count by themselves", arguments: Backend.all)
    func apart(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            let series = NumberSeries(database: database)
            let tomorrow = today.adding(days: 1)
            var taken: [Int] = []
            for (name, area, day) in [
                ("case/01", jinniu, today), ("case/05", jinniu, today), ("case/01", licang, today),
                ("case/01", jinniu, tomorrow),
                ("case/01", jinniu, today),
            ] {
                taken.append(try await series.next(name, area: area, on: day))
            }
            #expect(taken == [1, 1, 1, 1, 2])
        }
    }

    @Test("A server that starts again leaves a gap and never repeats a number", arguments: Backend.all)
    func restart(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            let before = try await NumberSeries(database: database, size: 50).next("case/01", area: jinniu, on: today)
            let afterwards = try await NumberSeries(database: database, size: 50).next(
                "case/01", area: jinniu, on: today)
            #expect([before, afterwards] == [1, 51])
        }
    }

    @Test("Document numbers have no gaps: what is rolled back is given again, at once or after", arguments: Backend.all)
    func gapless(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            let taken = try await withThrowingTaskGroup(of: Int?.self) { group in
                for taker in 0..<60 {
                    group.addTask {
                        do {
                            return try await database.write { tx in
                                let number = try NumberSeries.gapless("许", area: jinniu, year: 2026, tx)
                                if taker % 3 == 0 { throw DomainError.unavailable }
                                return number
                            }
                        } catch DomainError.unavailable {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
            }
            #expect(taken.sorted() == Array(1...40))
            let next = try await database.write { tx in try NumberSeries.gapless("许", area: jinniu, year: 2027, tx) }
            #expect(next == 1, "each year begins anew")
        }
    }
}
