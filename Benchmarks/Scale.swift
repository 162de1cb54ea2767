import Composition
import Foundation
import Kernel
import Storage
import Workflow

extension Measured {
    /// The desk and the portal over a database of many cases, ten of a hundred still under way.
    func scaled() async throws {
        for size in [scale / 10, scale] where size > 0 { try await scaled(size) }
    }

    private func scaled(_ size: Int) async throws {
        let name = "scale-\(size)"
        let (house, people) = try await prepare(name)
        let made = try await fill(house, people, size)
        let events = try await house.database.read { tx in
            try tx.value("SELECT COUNT(*) FROM journal", as: Int.self) ?? 0
        }
        Table.head(
            "\(size.grouped) cases, \(events.grouped) events, made with \(Table.number(made)) lifecycles/s in process")
        let started = ContinuousClock.now
        let report = try await house.verifier.run()
        let speed = Double(report.events) / (ContinuousClock.now - started).seconds
        Table.line(
            "verify, \(report.faults.count) faults", Table.number(speed) + " events/s", "", "50000/s", speed > 50_000)
        let numbers = try await house.database.read { tx in
            try tx.values(
                "SELECT number FROM case_row WHERE area = \(people.area) ORDER BY id LIMIT 2000", as: String.self)
        }
        await house.database.close()

        let (served, road) = try serve(name, item: people.slug)
        defer { served.stop() }
        Table.line(
            "start-up to the first good answer", Table.number(served.startUp) + " s", "", "2 s", served.startUp < 2)
        let aims = [5.0, 20, 50]
        let pages: [(String, String, Road.Session)] = [
            ("task inbox", "/desk/tasks", road.clerk),
            ("case page", "/desk/cases/#", road.clerk),
            (
                "case search by state and time", "/desk/search?stage=completed&from.year=2026&from.month=1&from.day=1",
                road.clerk
            ),
            ("case search by number", "/desk/search?q=#", road.clerk),
        ]
        for (what, path, who) in pages {
            let caller = Caller(port: served.port)
            caller.headers = ["Cookie": who.cookies]
            var times: [Double] = []
            for turn in 0..<300 {
                let number = numbers[turn * 7 % numbers.count]
                let started = ContinuousClock.now
                let answer = try caller.call(
                    "GET", "/\(Road.area)" + path.replacingOccurrences(of: "#", with: number))
                times.append((ContinuousClock.now - started).seconds)
                guard answer.status < 400 else { throw Trouble("\(path): \(answer.status)") }
            }
            Table.spread(what, times, aims: aims)
        }
        try timelines(road, served, aims)
        let (_, writes) = try road.run(200, clients: 4)
        Table.spread("writes, 4 clients", writes, aims: [50, 50, 50])
        try export(road, served, size)
        Table.line("memory at most", "\(served.peakMemory) MiB", "", "300 MiB", served.peakMemory < 300)
    }

    /// Residents' own cases, seen by those whose cases they are.
    private func timelines(_ road: Road, _ served: Served, _ aims: [Double]) throws {
        let walker = Road.Walker(road, number: 0)
        let own = try walker.walk()
        let caller = Caller(port: served.port)
        caller.headers = ["Cookie": road.residents[0].cookies]
        var times: [Double] = []
        for _ in 0..<300 {
            let started = ContinuousClock.now
            let answer = try caller.call("GET", "/\(Road.area)/my/cases/\(own)")
            times.append((ContinuousClock.now - started).seconds)
            guard answer.status == 200 else { throw Trouble("timeline: \(answer.status)") }
        }
        Table.spread("timeline of a resident", times, aims: aims)
    }

    private func export(_ road: Road, _ served: Served, _ size: Int) throws {
        let before = served.peakMemory
        let supervisor = try Road.staff(served.port, "demo.supervisor", House.demoPassword)
        let started = ContinuousClock.now
        let bytes = try Tool.run(
            "sh",
            [
                "-c",
                "curl -s -f -H 'Cookie: \(supervisor.cookies)' 'http://127.0.0.1:\(served.port)/\(Road.area)/desk/exports/cases.csv' | wc -l",
            ])
        let seconds = (ContinuousClock.now - started).seconds
        Table.line(
            "CSV of \(bytes.trimmingCharacters(in: .whitespacesAndNewlines)) lines", Table.number(seconds) + " s",
            "memory grew by \(served.peakMemory - before) MiB", "constant")
    }

    /// Whole lifecycles through the program's own commands, sixteen at once; of a hundred, five are only handed in and five accepted.
    private func fill(_ house: House, _ people: People, _ size: Int) async throws -> Double {
        let started = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<16 {
                group.addTask {
                    for number in stride(from: lane, to: size, by: 16) {
                        let part = number % 100
                        try await people.lifecycle(of: number, acts: part < 5 ? 3 : part < 10 ? 4 : 7)
                        if number % 10_000 == 0, number > 0 {
                            FileHandle.standardError.write(Data("\(number.grouped) of \(size.grouped) cases\n".utf8))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        return Double(size) / (ContinuousClock.now - started).seconds
    }
}
