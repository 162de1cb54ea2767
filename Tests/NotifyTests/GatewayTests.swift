import Foundation
import Hummingbird
import Kernel
import Synchronization
import Testing
import Web

@testable import Notify

/// The ways by which an SMS leaves the office: with real programs and a real server.
@Suite("Gateways for SMS")
struct GatewayTests {
    private static let message = ShortMessage(
        id: "code-1", phone: "13800000001", text: "注册验证码 123456\u{FF0C}10 分钟内有效\u{3002}\"; $(touch /tmp/never) `id`\n")

    /// Runs `body` in a folder of its own with a program of these lines.
    private func withProgram(_ lines: String, _ body: (String, URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sms-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("send sms")
        let script = "#!/bin/sh\n" + lines.replacing("FOLDER", with: "'\(folder.path)'") + "\n"
        try script.write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
        try await body(file.path, folder)
    }

    @Test("A program gets the SMS as JSON on its standard input, no argument, and nothing of it becomes a command")
    func program() async throws {
        try await withProgram("cat > FOLDER/in; echo $# > FOLDER/count; env > FOLDER/env; echo 13800000001; exit 0") {
            path, folder in
            try await CommandGateway(executable: path).send(Self.message)
            func text(_ name: String) throws -> String {
                try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            }
            let json = try JSON(parsing: text("in"))
            #expect(
                json.members == [
                    "id": .string(Self.message.id), "phone": .string(Self.message.phone),
                    "text": .string(Self.message.text),
                ])
            #expect(try text("count") == "0\n")
            #expect(try !text("env").contains("TONGBAN"))
        }
    }

    @Test("A program that refuses, crashes or hangs has not sent anything, and what is kept names no phone")
    func refused() async throws {
        for (lines, words) in [
            ("exit 3", "ended with 3"), ("kill -9 $$", "signal 9"), ("sleep 3000", "within 1 s"),
            ("trap '' TERM; while :; do sleep 0.1; done", "within 1 s"),
        ] {
            try await withProgram(lines) { path, _ in
                let gateway = try CommandGateway(executable: path, limit: 1)
                let start = ContinuousClock.now
                defer { #expect(ContinuousClock.now - start < .seconds(900), "\(lines)") }
                let error = await #expect(throws: GatewayFault.self, "\(lines)") {
                    try await gateway.send(Self.message)
                }
                #expect(error?.description.contains(words) == true, "\(lines)")
                #expect(error?.description.contains("138") == false)
            }
        }
    }

    @Test("A program that reads nothing and succeeds took the SMS; many at once are many programs")
    func unread() async throws {
        try await withProgram("exit 0") { path, _ in
            let gateway = try CommandGateway(executable: path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await gateway.send(Self.message) } }
                try await group.waitForAll()
            }
        }
    }

    @Test("What is no program is refused at start", arguments: ["send-sms", "/", "/etc/passwd", "/no/such", ""])
    func noProgram(_ path: String) {
        #expect(throws: BootError.self) { try CommandGateway(executable: path) }
    }

    @Test("A gateway on the web gets the SMS with its token; 2xx took it, anything else did not")
    func web() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("token-\(UUID().uuidString)")
        try "secret-token\n".write(to: folder, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: folder) }
        let desk = WebDesk()
        try await desk.run { port in
            func gateway(_ path: String) throws -> WebGateway {
                try WebGateway(
                    url: "http://127.0.0.1:\(port)\(path)", tokenFile: folder, limit: path == "/hanging" ? 2 : 30)
            }
            try await gateway("/taken").send(Self.message)
            let (head, body) = try #require(desk.seen.withLock { $0.last })
            #expect(head["authorization"] == "Bearer secret-token")
            #expect(head["idempotency-key"] == "code-1")
            #expect(head["content-type"] == "application/json; charset=utf-8")
            #expect(try JSON(parsing: body)["text"].text == Self.message.text)
            for (path, words) in [("/refused", "503"), ("/elsewhere", "302"), ("/hanging", "cannot be reached")] {
                let error = await #expect(throws: GatewayFault.self) { try await gateway(path).send(Self.message) }
                #expect(error?.description.contains(words) == true, "\(path): \(error?.description ?? "")")
            }
            #expect(desk.seen.withLock { $0.count } == 4, "a redirection is not followed")
            // The token may be changed while the program runs.
            try "another".write(to: folder, atomically: true, encoding: .utf8)
            try await gateway("/taken").send(Self.message)
            #expect(desk.seen.withLock { $0.last?.0["authorization"] } == "Bearer another")
        }
        let closed = try WebGateway(url: "http://127.0.0.1:9/x?key=hidden", tokenFile: nil)
        let error = await #expect(throws: GatewayFault.self) { try await closed.send(Self.message) }
        #expect(error?.description.contains("hidden") == false)
    }

    @Test(
        "An address that is none, and a token that cannot be read, are refused at start",
        arguments: ["ftp://gateway.example", "https://", "gateway.example/sms", "https://name:word@gateway.example/"])
    func noAddress(_ url: String) {
        #expect(throws: BootError.self) { try WebGateway(url: url, tokenFile: nil) }
        #expect(throws: BootError.self) {
            try WebGateway(url: "https://gateway.example", tokenFile: URL(fileURLWithPath: "/no/such/token"))
        }
    }
}

/// A gateway of the district, as a server of its own.
private final class WebDesk: Sendable {
    let seen = Mutex<[([String: String], String)]>([])

    func run(_ body: @Sendable (Int) async throws -> Void) async throws {
        let router = Router()
        router.post("/:answer") { request, context -> Response in
            let text = String(buffer: try await request.body.collect(upTo: 1 << 16))
            let head = Dictionary(
                request.headers.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { first, _ in first })
            self.seen.withLock { $0.append((head, text)) }
            switch context.parameters.get("answer") {
            case "taken": return Response(status: .accepted)
            case "elsewhere": return Response(status: .found, headers: [.location: "/taken"])
            case "hanging":
                try await Task.sleep(for: .seconds(4))
                return Response(status: .ok)
            default: return Response(status: .serviceUnavailable)
            }
        }
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) }, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await port in ports {
                try await body(port)
                break
            }
            group.cancelAll()
        }
    }
}
