import Cases
import Composition
import Foundation
import HTTPTypes
import Identity
import Kernel
import Storage
import TestKit
import Testing
import Web

@testable import Catalogue

/// Words that would be code elsewhere, typed wherever somebody may type, and looked at wherever they are shown.
@Suite("Injected words")
struct InjectionTests {
    private static let area = "/\(Office.area)"
    /// Markup, template, text key, statement, formula, entity and escape, in one.
    private static let evil = #"<b id="evil">{{{csrf}}}{{#pages}}[[web.menu]]${7*7}'--"&lt;</b>"#

    @Test(
        "What residents and officers type is shown as typed on every page, and is never markup or template",
        arguments: [Backend.sqlite])
    func pages(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let road = try await Road(office)
            let cast = try await Cast(office, road)
            let number = try await evilCase(road, cast)
            let draft = try await evilDraft(road)
            var seen = 0
            let pages: [(Caller, [String])] = [
                (
                    .owner,
                    [
                        "/my/cases", "/my/cases/\(number)", "/my/cases/\(number)/correction", "/my/drafts/\(draft)",
                        "/my/drafts/\(draft)/application", "/my/drafts/\(draft)/check", "/my/messages", "/my/account",
                        "/search?q=\(encodeSegment(Self.evil))", "/progress?number=\(encodeSegment(Self.evil))",
                        "/verify/\(encodeSegment(Self.evil))",
                    ]
                ),
                (
                    .clerk,
                    [
                        "/desk/tasks", "/desk/cases/\(number)", "/desk/cases/\(number)/correction",
                        "/desk/search?q=\(encodeSegment(Self.evil))", "/desk/messages",
                        "/desk/cases/\(number)/decision/decline",
                    ]
                ),
                (.supervisor, ["/desk/board", "/desk/board/rows", "/desk/cases/\(number)", "/desk/ratings"]),
                (.admin, ["/desk/admin/items?q=\(encodeSegment(Self.evil))", "/desk/admin/staff"]),
            ]
            for (caller, places) in pages {
                for place in places {
                    let answer = try await cast.client(caller).get(Self.area + place)
                    #expect(answer.status < 500, "\(caller) \(place): \(answer.status)")
                    #expect(!answer.text.contains("<b id=\"evil\""), "\(caller) \(place) has it as markup")
                    #expect(!answer.text.contains("<b id='evil'"), "\(caller) \(place) has it as markup")
                    if answer.text.contains("{{{csrf}}}") { seen += 1 }
                    // Where it stands, template and text key stand as they were typed.
                    if answer.text.contains("id=&quot;evil&quot;") || answer.text.contains("id=&#34;evil") {
                        #expect(answer.text.contains("[[web.menu]]") && answer.text.contains("${7*7}"), "\(place)")
                    }
                }
            }
            #expect(seen >= 6, "the words were looked for where they are not shown: \(seen)")
            let api = try await cast.client(.owner).get("/api/v1/areas/\(Office.area)/my/cases/\(number)")
            #expect(api.status == 200 && api.json != nil)
            #expect(api.headers[.contentType]?.hasPrefix("application/json") == true)
        }
    }

    @Test("Papers carry such words as text, not as the typesetter's markup", arguments: [Backend.sqlite])
    func papers(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let road = try await Road(office)
            let cast = try await Cast(office, road)
            let number = try await evilCase(road, cast)
            let opened = try await road.cases.openOwn(number, area: road.area, road.resident)
            let notice = try #require(opened.state.notices.last)
            let answer = try await cast.client(.owner).get(Self.area + "/my/cases/\(number)/notices/\(notice.id)")
            #expect(answer.status == 200 && answer.body.starts(with: Array("%PDF-".utf8)))
            let text = try text(of: answer.body).filter { !$0.isWhitespace }
            #expect(text.contains(Self.evil.filter { !$0.isWhitespace }), "\(text)")
        }
    }

    @Test("A statement typed into a search finds nothing and breaks nothing", arguments: Backend.all)
    func statements(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk")
            for text in [
                "' OR '1'='1", "'; DROP TABLE journal; --", "%' ESCAPE '\\", "\") UNION SELECT 1 --", "%", "_",
            ] {
                let typed = encodeSegment(text)
                for place in ["/desk/search?q=\(typed)", "/desk/tasks?item=\(typed)&view=\(typed)&after=\(typed)"] {
                    let answer = try await clerk.get(Self.area + place)
                    #expect(answer.status < 500, "\(place): \(answer.status)")
                    if place.hasPrefix("/desk/search") { #expect(!answer.text.contains(number), "\(place)") }
                }
                #expect(try await Client(office).get(Self.area + "/search?q=\(typed)").status == 200)
            }
            #expect(try await road.stage(number) == .received)
        }
    }

    /// A case in which everybody wrote such words.
    private func evilCase(_ road: Road, _ cast: Cast) async throws -> String {
        let number = try await road.cases.submit(
            try await evilDraft(road), road.resident, road.occasion(road.resident), language: .zh
        ).number
        try await road.cases.addNote(number, Self.evil, road.clerk, road.occasion(road.clerk))
        let supervisor = try #require(try await road.office.staff(try cast.client(.supervisor)).staff)
        try await road.cases.addNote(number, Self.evil, urges: true, supervisor, road.occasion(supervisor))
        let point = CorrectionWords.Point(
            id: "f.matter", subject: "申请事由", problem: Self.evil, fix: Self.evil)
        try await road.cases.requestCorrection(
            number, points: [point], days: 10, road.clerk, road.occasion(road.clerk))
        try await road.office.runJobs()
        return number
    }

    private func evilDraft(_ road: Road) async throws -> String {
        let id = try await road.draft()
        try await road.cases.saveSection(
            GenericForm.sectionID,
            [("applicant", "演示居民甲"), ("phone", "13800000001"), ("matter", Self.evil)], of: id, area: road.area,
            road.resident, at: road.now)
        return id
    }

    /// The words of a PDF, by the system's own tool.
    private func text(of pdf: [UInt8]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pdf")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(pdf).write(to: file)
        let tool = Process()
        tool.executableURL = URL(fileURLWithPath: "/usr/bin/pdftotext")
        tool.arguments = ["-raw", file.path, "-"]
        let pipe = Pipe()
        tool.standardOutput = pipe
        try tool.run()
        let words = pipe.fileHandleForReading.readDataToEndOfFile()
        tool.waitUntilExit()
        return String(decoding: words, as: UTF8.self)
    }
}
