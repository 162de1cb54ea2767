import Composition
import Foundation
import Kernel
import Storage

extension Measured {
    /// Portal pages against nginx serving a file of the same size; search over 10,000 items.
    func pages() async throws {
        let (house, people) = try await prepare("pages")
        let list = folder.appendingPathComponent("list.csv")
        let verbs = ["登记", "许可", "备案", "补贴申领", "证明开具", "变更", "注销", "延续", "认定", "年检"]
        let things = ["餐饮", "道路运输", "户外广告", "幼儿园", "养老机构", "残疾人", "医疗机构", "危险化学品", "施工", "图书馆"]
        var text = "department,name,item_code,item_type\n"
        for number in 0..<10_000 {
            text += "示范部门\(number % 40),\(things[number / 10 % 10])\(number / 100)号\(verbs[number % 10]),X\(number),1\n"
        }
        try text.write(to: list, atomically: true, encoding: .utf8)
        try await house.importList(list.path, area: people.area, name: nil) { _ in }
        await house.database.close()
        let (served, _) = try serve("pages", item: people.slug)
        defer { served.stop() }
        Table.head("Portal pages at 10,000 items, wrk with 16 connections")
        let base = "http://127.0.0.1:\(served.port)/\(Road.area)"
        for (name, path, aim) in [
            ("home", "/", 0.0), ("guide", "/items/food-business-licence", 0.25),
            ("search", "/search?q=%E5%BC%80%E9%A5%AD%E5%BA%97", 0),
        ] {
            let size = try Caller(port: served.port).call("GET", "/\(Road.area)\(path)").body.count
            let nginx = try Nginx(size: size, folder: folder)
            let still = try wrk("http://127.0.0.1:\(nginx.port)/page.html", connections: 16)
            nginx.stop()
            let ours = try wrk(base + path, connections: 16)
            if aim > 0 {
                Table.ratio("\(name), \(size) bytes, against nginx", ours.perSecond, to: still.perSecond, aim: aim)
            } else {
                Table.line(
                    "\(name), \(size) bytes, against nginx", Table.number(ours.perSecond) + "/s",
                    Table.number(still.perSecond) + "/s", Table.number(ours.perSecond / still.perSecond))
            }
        }
        for words in ["%E5%BC%80%E9%A5%AD%E5%BA%97", "kfd", "%E7%99%BB%E8%AE%B0"] {
            let load = try wrk(base + "/search?q=\(words)", connections: 64)
            Table.line(
                "search \(words.removingPercentEncoding ?? words), 64 clients", "p99 \(Table.number(load.p99)) ms",
                Table.number(load.perSecond) + "/s", "p99 20 ms", load.p99 < 20)
        }
        // Nobody looks for the same as the one before: a thousand different words, in no order.
        let script = folder.appendingPathComponent("words.lua")
        let words = verbs.flatMap { verb in (0..<100).map { "\(things[$0 % 10])\($0)号\(verb)" } }
        try """
        local words = { \(words.map { "\"\($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")\"" }.joined(separator: ", ")) }
        request = function() return wrk.format("GET", "/\(Road.area)/search?q=" .. words[math.random(#words)]) end
        """.write(to: script, atomically: true, encoding: .utf8)
        let load = try wrk(base + "/", connections: 64, script: script.path)
        Table.line(
            "search for \(words.count.grouped) different words, 64 clients", "p99 \(Table.number(load.p99)) ms",
            Table.number(load.perSecond) + "/s", "p99 20 ms", load.p99 < 20)
    }

    private func wrk(_ url: String, connections: Int, script: String? = nil) throws -> (perSecond: Double, p99: Double)
    {
        let more = script.map { ["-s", $0] } ?? []
        let output = try Tool.run("wrk", ["-t1", "-c\(connections)", "-d4s", "--latency"] + more + [url])
        func after(_ mark: String) -> Substring? {
            output.split(separator: "\n").first { $0.drop { $0 == " " }.hasPrefix(mark) }?.split(separator: " ").last
        }
        guard let speed = after("Requests/sec").flatMap({ Double($0) }), let late = after("99%") else {
            throw Trouble("wrk did not say how fast it was:\n\(output)")
        }
        if output.contains("Non-2xx") { throw Trouble("\(url) did not answer well:\n\(output)") }
        guard let value = Double(late.prefix { $0.isNumber || $0 == "." }), value > 0 else {
            throw Trouble("wrk did not say how late answers were:\n\(output)")
        }
        return (speed, late.hasSuffix("us") ? value / 1000 : late.hasSuffix("ms") ? value : value * 1000)
    }
}

/// nginx with one file, as a measure of what the machine can serve.
private final class Nginx {
    let port: Int
    private let process = Process()

    /// - Throws: `Trouble` where it is not installed or does not answer within ten seconds.
    init(size: Int, folder parent: URL) throws {
        guard let program = Tool.find("nginx") else { throw Trouble("nginx is not installed") }
        let folder = parent.appendingPathComponent("nginx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try String(repeating: "x", count: size).write(
            to: folder.appendingPathComponent("page.html"), atomically: true, encoding: .utf8)
        chmod(parent.path, 0o755)
        chmod(folder.path, 0o755)
        port = Int.random(in: 20_000...30_000)
        let text = """
            daemon off; worker_processes 2; pid \(folder.path)/pid; error_log \(folder.path)/error.log;
            events { worker_connections 512; }
            http { access_log off; sendfile on; keepalive_requests 1000000; server { listen 127.0.0.1:\(port); root \(folder.path); default_type text/html; } }
            """
        let settings = folder.appendingPathComponent("nginx.conf")
        try text.write(to: settings, atomically: true, encoding: .utf8)
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-p", folder.path, "-c", settings.path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        let started = ContinuousClock.now
        while (try? Caller(port: port).call("GET", "/page.html").status) != 200 {
            guard process.isRunning, ContinuousClock.now - started < .seconds(10) else {
                throw Trouble("nginx does not start")
            }
            usleep(20_000)
        }
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
