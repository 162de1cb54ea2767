import Composition
import Foundation
import Kernel
import Storage
import Workflow

/// The same figures at several sizes, so that one sees which of them grow.
final class Growth {
    private var sizes: [String] = []
    private var order: [String] = []
    private var cells: [String: [String: String]] = [:]
    private var aims: [String: String] = [:]

    func begin(_ size: Int) { sizes.append(size.grouped) }

    func note(_ what: String, _ value: String, aim: String = "") {
        guard let size = sizes.last else { return }
        if cells[what] == nil { order.append(what) }
        cells[what, default: [:]][size] = value
        aims[what] = aim
        FileHandle.standardError.write(Data("\(size): \(what): \(value)\n".utf8))
    }

    /// - Parameter worked: the server's processor time for one, in milliseconds.
    func spread(_ what: String, _ seconds: [Double], worked: Double? = nil, aim: String) {
        let found = [0.5, 0.95, 0.99].map { Table.number(Table.quantile(seconds, $0) * 1000) }
        let time = worked.map { " (\(Table.number($0)))" } ?? ""
        note(what, found.joined(separator: " / ") + time, aim: aim)
    }

    func print(_ title: String) {
        Swift.print("\n## \(title)\n\n| what | \(sizes.joined(separator: " | ")) | aim |")
        Swift.print("|---|\(String(repeating: "---:|", count: sizes.count))---:|")
        for what in order {
            let row = sizes.map { cells[what]?[$0] ?? "" }
            Swift.print("| \(what) | \(row.joined(separator: " | ")) | \(aims[what] ?? "") |")
        }
    }
}

extension Measured {
    private static let reads = "5 / 20 / 50 ms"

    /// Desk and portal over many cases: at 10,000, and tenfold up to `SCALE`.
    func scaled(on engine: String, server: String?) async throws {
        let growth = Growth()
        var sizes = [scale]
        while let last = sizes.last, last >= 100_000 { sizes.append(last / 10) }
        for size in sizes.reversed() where size > 0 { try await scaled(size, growth, server) }
        growth.print(
            "Many cases on \(engine), ten events each (p50 / p95 / p99 and processor time in ms, one client unless said)"
        )
    }

    private func scaled(_ size: Int, _ growth: Growth, _ server: String?) async throws {
        let name = "scale-\(size)\(server == nil ? "" : "-postgres")"
        let database = try server.map { try newDatabase($0, "bench_scale") }
        growth.begin(size)
        let many = try await Many(self, name, database: database)
        let fresh = Self.ownProcessorSeconds
        let speed = try await many.fill(size)
        let made = (Self.ownProcessorSeconds - fresh) / Double(size) * 1e6
        growth.note(
            "made, cases a second (processor time a case)", "\(Table.number(speed)) (\(Table.number(made)) µs)",
            aim: "3,000")
        if server != nil {
            // As autovacuum would have, had the cases come one by one.
            try await many.house.database.write { tx in try tx.execute("ANALYZE") }
        }
        let place = folder.appendingPathComponent(name)
        let disk = try Tool.run("du", ["-sm", place.path]).split(separator: "\t").first.map(String.init) ?? ""
        if server == nil { growth.note("on disk", "\(disk) MiB") }
        let started = ContinuousClock.now
        let before = Self.ownProcessorSeconds
        let report = try await many.house.verifier.run()
        let seconds = (ContinuousClock.now - started).seconds
        let worked = (Self.ownProcessorSeconds - before) / Double(max(1, report.events)) * 1e6
        growth.note(
            "verify, events a second (processor time an event)",
            "\(Table.number(Double(report.events) / seconds)) (\(Table.number(worked)) µs)", aim: "50,000 (40 µs)")
        growth.note(
            "verify, faults in events and sealed parts",
            "\(report.faults.count) in \(report.events.grouped) and \(report.parts.grouped)", aim: "0")
        if let fault = report.faults.first { growth.note("first fault", fault.description) }
        let samples = try await many.samples()
        await many.house.database.close()

        let (served, road) = try serve(name, item: many.people.slug, database: database)
        defer { served.stop() }
        growth.note("start-up", Table.number(served.startUp) + " s", aim: "2 s")
        try read(many, samples, served, road, growth)
        let writes = try road.acts(240, clients: 4)
        for (act, times) in zip(["draft", "answers", "submit", "accept", "review", "approve", "complete"], writes) {
            growth.spread("\(act), 4 clients", times, aim: "p99 50 ms")
        }
        try export(served, size, growth)
        growth.note("memory at most", "\(served.peakMemory) MiB", aim: "300 MiB")
        if environment("KEEPING") == "1", size == scale { try keep(name, database, served, road, growth) }
        served.stop()
        try? FileManager.default.removeItem(at: place)
    }

    /// Processor seconds of this process: they say the same whoever else works on the machine.
    private static var ownProcessorSeconds: Double {
        Double(clock()) / Double(CLOCKS_PER_SEC)
    }

    private func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

    /// Who asks for what.
    private func read(_ many: Many, _ samples: Many.Samples, _ served: Served, _ road: Road, _ growth: Growth) throws {
        let one = try Road.staff(served.port, Many.clerkLogin, House.demoPassword)
        let head = try Road.staff(served.port, "demo.supervisor", House.demoPassword)
        let day = Moment.now().date.start.adding(seconds: -80 * 86_400).date
        func dates(_ name: String) -> String {
            "\(name).year=\(day.year)&\(name).month=\(day.month)&\(name).day=\(day.day)"
        }
        func query(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
        }
        let pages: [(String, String, Road.Session)] =
            ["all", "mine", "waiting", "warn", "over", "handed"].map {
                ("tasks \($0), clerk of one department", "/desk/tasks?view=\($0)", one)
            } + [
                ("tasks all, clerk of every department", "/desk/tasks", road.clerk),
                ("tasks near their end, clerk of every department", "/desk/tasks?view=warn", road.clerk),
                ("case page", "/desk/cases/#", road.clerk),
                ("search by number", "/desk/search?q=#", road.clerk),
                ("search by name", "/desk/search?q=@", head),
                ("search by item", "/desk/search?item=\(query("规模事项第7号"))", head),
                ("search by item and stage", "/desk/search?item=\(query("规模事项第7号"))&stage=withdrawn", head),
                ("search by a frequent stage", "/desk/search?stage=completed", head),
                ("search by a rare stage", "/desk/search?stage=withdrawn", head),
                ("search by a stage nothing is in", "/desk/search?stage=voided", head),
                ("search by dates", "/desk/search?\(dates("from"))&\(dates("until"))", head),
                ("search in one's department", "/desk/search?stage=received", one),
                ("board of the area", "/desk/board", head),
                ("rows of the board, near their end", "/desk/board/rows?light=warn", head),
                ("rows of a department", "/desk/board/rows?department=\(many.items[0].department)", head),
                ("figures of ratings", "/desk/ratings", head),
                ("my cases", "/my/cases", road.residents[3]),
                ("timeline of a resident", "/my/cases/own", road.residents[3]),
            ]
        for (what, path, who) in pages {
            let before = served.processorSeconds
            let times = try times(path, who, samples, served.port)
            let worked = (served.processorSeconds - before) / Double(times.count) * 1000
            growth.spread(what, times, worked: worked, aim: Self.reads)
        }
        // Tries are limited; no more than these are allowed from one address.
        var times: [Double] = []
        let caller = Caller(port: served.port)
        let form = try caller.call("GET", "/\(Road.area)/progress")
        caller.keepCookies(of: form)
        for (number, code) in samples.codes.prefix(18) {
            let body = "csrf=\(try Road.token(form))&number=\(number)&code=\(code)"
            let started = ContinuousClock.now
            let answer = try caller.call(
                "POST", "/\(Road.area)/progress", body, kind: "application/x-www-form-urlencoded")
            times.append((ContinuousClock.now - started).seconds)
            guard answer.status == 200 else { throw Trouble("progress: \(answer.status)") }
        }
        growth.spread("progress by number and code", times, aim: Self.reads)
    }

    private func times(_ path: String, _ who: Road.Session, _ samples: Many.Samples, _ port: Int) throws -> [Double] {
        let caller = Caller(port: port)
        caller.headers = ["Cookie": who.cookies]
        var times: [Double] = []
        for turn in 0..<300 {
            var asked = path.replacingOccurrences(of: "#", with: samples.numbers[turn * 7 % samples.numbers.count])
            if asked.hasSuffix("/own") {
                asked = asked.dropLast(3) + samples.own[turn % samples.own.count]
            }
            if asked.contains("@") {
                let name = samples.names[turn % samples.names.count]
                asked = asked.replacingOccurrences(
                    of: "@", with: name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
            }
            let started = ContinuousClock.now
            let answer = try caller.call("GET", "/\(Road.area)" + asked)
            times.append((ContinuousClock.now - started).seconds)
            guard answer.status < 400 else { throw Trouble("\(asked): \(answer.status)") }
        }
        return times
    }

    private func export(_ served: Served, _ size: Int, _ growth: Growth) throws {
        let before = served.peakMemory
        let head = try Road.staff(served.port, "demo.supervisor", House.demoPassword)
        let started = ContinuousClock.now
        let lines = try Tool.run(
            "sh",
            [
                "-c",
                "curl -s -f -H 'Cookie: \(head.cookies)' 'http://127.0.0.1:\(served.port)/\(Road.area)/desk/exports/cases.csv' | wc -l",
            ]
        ).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let count = Int(lines), count > size else { throw Trouble("the export has \(lines) lines") }
        growth.note("CSV of all, seconds", Table.number((ContinuousClock.now - started).seconds))
        growth.note("CSV of all, memory grew by", "\(served.peakMemory - before) MiB", aim: "constant")
    }

    /// Backup while others work, restored elsewhere and verified there.
    private func keep(_ name: String, _ database: String?, _ served: Served, _ road: Road, _ growth: Growth) throws {
        let data = folder.appendingPathComponent(name)
        let copy = folder.appendingPathComponent("\(name)-backup")
        let other = folder.appendingPathComponent("\(name)-restored")
        let from = ["--data", data.path] + (database.map { ["--database", $0] } ?? [])
        let going = Kept()
        let done = Flag()
        let box = Handed(road)
        let load = Joined {
            do { while !done.isSet { _ = try box.value.run(8, clients: 2) } } catch { going.keep(error) }
        }
        var started = ContinuousClock.now
        try Tool.run(program, ["backup"] + from + [copy.path])
        growth.note("backup under load, seconds", Table.number((ContinuousClock.now - started).seconds))
        done.set()
        load.join()
        if let error = going.error { throw error }
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: data.appendingPathComponent("keys"), to: other.appendingPathComponent("keys"))
        // Room for the copy: what was measured is not needed any more.
        served.stop()
        if database == nil { try FileManager.default.removeItem(at: data) }
        started = ContinuousClock.now
        try Tool.run(program, ["restore", "--data", other.path, "--nobody-forgotten", "--no-verify", copy.path])
        growth.note("restore into SQLite, seconds", Table.number((ContinuousClock.now - started).seconds))
        try FileManager.default.removeItem(at: copy)
        started = ContinuousClock.now
        let said = try Tool.run(program, ["verify", "--data", other.path])
        growth.note("verify of the copy, seconds", Table.number((ContinuousClock.now - started).seconds))
        growth.note("what it said", said.split(separator: "\n").last.map(String.init) ?? "")
        try FileManager.default.removeItem(at: other)
    }
}
