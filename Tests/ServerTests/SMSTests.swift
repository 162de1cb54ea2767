import Composition
import Cryptography
import Foundation
import Hummingbird
import Kernel
import Logging
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Identity
@testable import Notify

/// A code by SMS, from the page to a phone: through a real program of the district.
@Suite("Codes by SMS")
struct SMSTests {
    @Test(
        "A code reaches the phone in the reader's language, signed by the organ, and opens an account",
        arguments: Backend.all)
    func code(_ backend: Backend) async throws {
        try await withProgram(backend) { house, phone, time in
            let office = Office(house: house, time: time, responder: try house.router().buildResponder())
            let client = Client(office)
            let page = "/\(Office.area)/register"
            for (number, language) in [("13911110001", "zh"), ("13911110002", "en")] {
                let browser = language == "zh" ? client : Client(office)
                if language == "en" { _ = try await browser.get("/preferences?language=en&back=%2F") }
                let answer = try await browser.post(page, ["phone": number, "action": "send"], from: page)
                #expect(answer.status == 200)
                #expect(!answer.text.contains("13911110001 "), "nothing of the code is on the page")
                try await house.run("notify.sms", at: time.now)
                let sent = try JSON(parsing: phone())
                #expect(sent["phone"].text == number)
                let text = try #require(sent["text"].text)
                #expect(
                    text.hasSuffix(language == "zh" ? "成都市金牛区政务服务" : "Government Services, Jinniu District, Chengdu"),
                    "\(text)")
                if language == "zh" { #expect(text.count <= 70, "one SMS") }
                let code = try #require(text.firstMatch(of: /[0-9]{6}/).map { String($0.output) })
                let mobile = try #require(MobileNumber(number))
                let good = try await house.identity.checkCode(code, of: mobile, for: .register, at: time.now)
                #expect(good != nil)
            }
            let left = try await house.database.read { tx in
                try tx.value("SELECT COUNT(*) FROM outbox WHERE channel = 'sms'", as: Int.self)
            }
            #expect(left == 0)
        }
    }

    @Test("Every purpose for which an SMS is sealed has its words", arguments: ["register", "forgot", "phone", "told"])
    func purposes(_ purpose: String) throws {
        let known = CodePurpose(rawValue: purpose)
        #expect(known != nil)
        for language in ["zh", "en"] {
            let file = Office.root.appendingPathComponent("Sources/Modules/Notify/Resources/Locales/\(language).json")
            let texts = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
            let text = try #require(texts["notify.sms.\(purpose)"])
            #expect(text.contains(purpose == "told" ? "{new}" : "{code}"))
        }
    }

    @Test("Who is not there gets link and code in one SMS", arguments: ["zh", "en"])
    func absent(_ language: String) throws {
        let file = Office.root.appendingPathComponent("Sources/Modules/Notify/Resources/Locales/\(language).json")
        let texts = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
        let text = try #require(texts["notify.sms.remote"])
        #expect(text.contains("{code}") && text.contains("{link}"))
        let sealed = try SealedWords(
            #"{"phone":"13911110003","purpose":"remote","code":"123456","link":"https://x/y"}"#)
        #expect(sealed.arguments == ["code": "123456", "link": "https://x/y"])
    }

    @Test(
        "A gateway that fails is tried again; a code that has ended in the meantime is not sent", arguments: Backend.all
    )
    func ended(_ backend: Backend) async throws {
        try await withProgram(backend, fails: true) { house, phone, time in
            let mobile = try #require(MobileNumber("13911110003"))
            let doing = Doing(actor: .system("test"), request: "test", at: time.now)
            _ = try await house.identity.sendCode(to: mobile, for: .forgot, at: AreaCode(Office.area), doing)
            try await house.run("notify.sms", at: time.now)
            let fault = try await house.database.read { tx in
                try tx.value("SELECT fault FROM outbox WHERE channel = 'sms'", as: String.self)
            }
            #expect(fault == "the program ended with 1")
            _ = try phone()
            time.advance(seconds: 601)
            try await house.run("notify.sms", at: time.now)
            let left = try await house.database.read { tx in
                try tx.value("SELECT COUNT(*) FROM outbox WHERE channel = 'sms'", as: Int.self)
            }
            #expect(left == 0)
            #expect(throws: (any Error).self) { try phone() }
        }
    }

    @Test("Messages about cases do not go to the phone: nobody was asked for it", arguments: Backend.all)
    func noNotices(_ backend: Backend) async throws {
        try await withProgram(backend) { house, phone, time in
            let area = try #require(AreaCode(Office.area))
            try await house.database.write { tx in
                try Outbox.post(
                    channel: "message", area: area, dedup: "1",
                    payload: [
                        "kind": "cases.accepted", "stream": "s", "area": .string(area.text), "account": "a",
                        "bucket": "@07", "arguments": [:],
                    ], at: time.now, tx)
            }
            try await house.run("notify.deliver", at: time.now)
            try await house.run("notify.sms", at: time.now)
            let channels = try await house.database.read { tx in
                try tx.values("SELECT channel FROM outbox ORDER BY channel", as: String.self)
            }
            #expect(channels == ["wechat"])
            #expect(throws: (any Error).self) { try phone() }
        }
    }

    @Test("A route for SMS is read as the operator writes it")
    func routes() {
        typealias Route = Configuration.SMSRoute
        #expect(Route("log") == .log)
        #expect(Route("command:/usr/local/bin/send-sms") == .command("/usr/local/bin/send-sms"))
        #expect(Route("https://sms.example/send", tokenFile: "/t") == .web("https://sms.example/send", tokenFile: "/t"))
        for text in ["", "none", "ftp://x", "/usr/bin/send"] { #expect(Route(text) == nil) }
    }

    /// A house whose SMS go to a program that writes each into a file; `phone` takes the file.
    private func withProgram(
        _ backend: Backend, fails: Bool = false,
        _ body: @Sendable (House, @Sendable () throws -> String, FixedTime) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sms-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let program = folder.appendingPathComponent("send")
        try "#!/bin/sh\ncat > '\(folder.path)/phone'\nexit \(fails ? 1 : 0)\n".write(
            to: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
        let file = folder.appendingPathComponent("phone")
        let phone: @Sendable () throws -> String = {
            let text = try String(contentsOf: file, encoding: .utf8)
            try FileManager.default.removeItem(at: file)
            return text
        }
        let time = FixedTime()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let quiet = logger
        try await withDatabase(backend, migrations: []) { database in
            var settings = IdentitySettings(demo: false)
            settings.scrypt = .quick
            let house = try House(
                Configuration(data: folder, sms: .command(program.path)), time: time.source, logger: quiet,
                database: database, identitySettings: settings)
            try await house.migrate()
            try await house.loadPacks(
                Office.root.appendingPathComponent("Packs").path, areas: [AreaCode(Office.area)].compactMap { $0 }
            ) { _ in }
            try await body(house, phone, time)
        }
    }
}

extension House {
    /// Runs one of the jobs once.
    func run(_ name: String, at now: Moment) async throws {
        let job = try #require(jobs.first { $0.name == name })
        try await job.run(now)
    }
}
