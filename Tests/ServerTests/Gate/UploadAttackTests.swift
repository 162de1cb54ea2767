import Cases
import Catalogue
import Composition
import Foundation
import HTTPTypes
import Identity
import Kernel
import TestKit
import Testing
import Web

/// Files made to harm whoever opens them: the office never unpacks, decodes or renders what somebody hands in, and gives it out so that
/// no browser runs it.
@Suite("Malicious uploads")
struct UploadAttackTests {
    private static let area = "/\(Office.area)"

    /// Hands a file in for a draft; answers what was said and the file's address.
    private func handIn(_ bytes: [UInt8], named name: String, _ maker: Maker) async throws -> Client.Answer {
        let road = maker.road
        let id = try await road.cases.startDraft(
            road.slug, answers: [:], road.resident, area: road.area, language: .zh, at: road.now
        ).row.id
        let token = try await maker.cast.token(.owner, atDesk: false, area: Office.area)
        return try await maker.cast.client(.owner).send(
            .post, Self.area + "/my/drafts/\(id)/materials/attachments",
            multipart([("csrf", nil, Array(token.utf8)), ("m-attachments", name, bytes)]),
            [.contentType: "multipart/form-data; boundary=b", .accept: "application/json"])
    }

    private func withMaker(_ backend: Backend, _ body: @Sendable (Maker) async throws -> Void) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let road = try await Road(office)
            try await body(Maker(office: office, road: road, cast: try await Cast(office, road)))
        }
    }

    @Test("A page, a script or a picture with script is refused, whatever it is called", arguments: [Backend.sqlite])
    func active(_ backend: Backend) async throws {
        try await withMaker(backend) { maker in
            let page = "<!doctype html><script>alert(1)</script>"
            let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"
            let files: [(String, [UInt8])] = [
                ("x.pdf", Array(page.utf8)), ("x.png", Array(page.utf8)), ("x.html", Array(page.utf8)),
                ("x.svg", Array(drawing.utf8)), ("x.png", Array(drawing.utf8)),
                ("x.gif", Array("GIF89a/*".utf8) + Array("*/=1;alert(1)".utf8)),
                ("x.jpg", Array("GIF89a<script>".utf8)),
                ("x.pdf.exe", Array("MZ\u{90}".utf8)), ("x.pdf", Array("\u{FEFF}%PDF-1.7".utf8)),
                ("x.pdf", Array(" %PDF-1.7 <script>".utf8)), ("x.pdf", []),
                ("x.xml", Array("<?xml version=\"1.0\"?>".utf8)),
            ]
            for (name, bytes) in files {
                let answer = try await handIn(bytes, named: name, maker)
                #expect(answer.status == 422, "\(name): \(answer.status)")
            }
        }
    }

    @Test(
        "Of two natures, a file is given out as the harmless one: no browser guesses or runs it",
        arguments: [Backend.sqlite])
    func polyglots(_ backend: Backend) async throws {
        try await withMaker(backend) { maker in
            let script = Array("<html><script>alert(document.domain)</script></html>".utf8)
            let files: [(String, [UInt8], String)] = [
                (
                    "a.pdf", Array("%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>".utf8) + script,
                    "application/pdf"
                ),
                ("a.html", [0xFF, 0xD8, 0xFF, 0xE0] + script, "image/jpeg"),
                ("a.svg", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + script, "image/png"),
            ]
            for (name, bytes, type) in files {
                let answer = try await handIn(bytes, named: name, maker)
                let href = try #require(answer.json?["href"].text, "\(name): \(answer.status) \(answer.text)")
                let owner = try maker.cast.client(.owner)
                let shown = try await owner.get(href)
                #expect(shown.body == bytes)
                try expectHarmless(shown, type, "\(name)")
                // The same over the API is never shown, only saved.
                let parts = href.split(separator: "/")
                let draft = try #require(parts.firstIndex(of: "drafts")).advanced(by: 1)
                let saved = try await owner.get(
                    "/api/v1/areas/\(Office.area)/my/drafts/\(parts[draft])/files/\(parts[parts.count - 1])")
                try expectHarmless(saved, type, "\(name) by API")
                #expect(saved.headers[.contentDisposition]?.hasPrefix("attachment") == true)
            }
        }
    }

    private func expectHarmless(_ answer: Client.Answer, _ type: String, _ name: String) throws {
        #expect(answer.status == 200, "\(name)")
        #expect(answer.headers[.contentType] == type, "\(name)")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(name)")
        let policy = answer.headers[.contentSecurityPolicy] ?? ""
        #expect(policy.hasPrefix("sandbox;") && policy.contains("default-src 'none'"), "\(name): \(policy)")
        #expect(!policy.contains("allow-scripts") && !policy.contains("script-src"), "\(name): \(policy)")
    }

    @Test("A file's name is only a name: no folder, no line of a header, no markup", arguments: [Backend.sqlite])
    func names(_ backend: Backend) async throws {
        try await withMaker(backend) { maker in
            let names = [
                "../../../../etc/cron.d/evil.pdf", "..\\..\\evil.pdf", "/etc/passwd.pdf", "x%0d%0aX-Evil: 1.pdf",
                "a;filename=evil.html.pdf", "<img src=x onerror=alert(1)>.pdf", "{{{secret}}}.pdf", "年报 ‮fdp.exe.pdf",
                String(repeating: "长", count: 300) + ".pdf",
            ]
            for name in names {
                let answer = try await handIn(Array("%PDF-1.7 x".utf8), named: name, maker)
                guard answer.status == 200 else {
                    #expect(answer.status == 422, "\(name): \(answer.status)")
                    continue
                }
                let href = try #require(answer.json?["href"].text)
                let owner = try maker.cast.client(.owner)
                let disposition = try #require(try await owner.get(href).headers[.contentDisposition])
                #expect(disposition.allSatisfy { $0.isASCII && $0 != "\r" && $0 != "\n" }, "\(disposition)")
                #expect(disposition.hasPrefix("inline; filename*=UTF-8''"), "\(disposition)")
                #expect(!disposition.contains("..%2F") && !disposition.contains("..%5C"), "\(disposition)")
                #expect(disposition.split(separator: ";").count == 2, "\(disposition)")
                let draft = href.split(separator: "/").dropLast(2).joined(separator: "/")
                let page = try await owner.get("/\(draft)/materials").text
                #expect(!page.contains("<img src=x"), "\(name)")
            }
            let outside = FileManager.default.temporaryDirectory.appendingPathComponent("etc").path
            #expect(!FileManager.default.fileExists(atPath: outside))
        }
    }

    @Test("Bombs do not go off: what is packed stays packed, what is drawn is not decoded", arguments: [Backend.sqlite])
    func bombs(_ backend: Backend) async throws {
        try await withMaker(backend) { maker in
            // 60,000 × 60,000 points of true colour: 14 GB where anybody decodes it.
            var picture: [UInt8] = [
                0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
            ]
            picture += [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 16, 6, 0, 0, 0, 0, 0, 0, 0]
            let deep = Array("%PDF-1.7\n1 0 obj ".utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
            let zip: [UInt8] = [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0] + [UInt8](repeating: 0, count: 1 << 16)
            let clock = ContinuousClock()
            let took = try await clock.measure {
                for (bytes, name, status) in [(picture, "x.png", 200), (deep, "x.pdf", 200), (zip, "x.zip", 422)] {
                    let answer = try await handIn(bytes, named: name, maker)
                    #expect(answer.status == status, "\(name): \(answer.status) \(answer.text)")
                    guard let href = answer.json?["href"].text else { continue }
                    #expect(try await maker.cast.client(.owner).get(href).body.count == bytes.count)
                }
            }
            #expect(took < .seconds(20), "something was unpacked: \(took)")
        }
    }

    @Test(
        "A list that is a packed workbook, or a packed form, is refused and not unpacked", arguments: [Backend.sqlite])
    func lists(_ backend: Backend) async throws {
        try await withMaker(backend) { maker in
            let admin = try maker.cast.client(.admin)
            let token = try await maker.cast.token(.admin, atDesk: true, area: Office.area)
            let workbook: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 1 << 16)
            for name in ["list.xlsx", "list.csv", "../../list.csv"] {
                let answer = try await admin.send(
                    .post, Self.area + "/desk/admin/import",
                    multipart([("csrf", nil, Array(token.utf8)), ("list", name, workbook)]),
                    [.contentType: "multipart/form-data; boundary=b"])
                #expect(answer.status == 422, "\(name): \(answer.status)")
            }
            // A body that says it is packed is taken as the bytes it is.
            let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0, count: 1000)
            let packed = try await admin.send(
                .post, Self.area + "/desk/sign-in", gzip,
                [.contentType: "application/x-www-form-urlencoded", .contentEncoding: "gzip"])
            #expect(packed.status == 422)
        }
    }

    @Test("No address leads out of the folders of assets, fonts, files and papers", arguments: [Backend.sqlite])
    func paths(_ backend: Backend) async throws {
        try await withMaker(backend) { maker in
            let things = try await maker.all()
            let owner = try maker.cast.client(.owner)
            let admin = try maker.cast.client(.admin)
            let secrets = ["keys", "../keys", "../../keys", "../../../../etc/passwd", "tongban.sqlite"]
            for secret in secrets {
                let ways = [
                    secret, secret.replacing("..", with: "%2e%2e"), secret.replacing("/", with: "%2f"),
                    secret.replacing("../", with: "..%2f"), secret.replacing("../", with: "%252e%252e%252f"),
                    secret.replacing("../", with: "..%5c"), secret.replacing("../", with: "....//"), secret + "%00.css",
                ]
                for way in ways {
                    for place in [
                        "/static/x/\(way)", "/static/x/css/\(way)", "/fonts/\(way)",
                        Self.area + "/items/food-business-licence/papers/mandate/\(way)",
                        Self.area + "/my/drafts/\(things.own.draft)/files/\(way)",
                        Self.area + "/my/cases/\(things.own.number)/notices/\(way)",
                    ] {
                        let answer = try await owner.get(place)
                        #expect([400, 404].contains(answer.status), "\(place): \(answer.status)")
                        #expect(!answer.text.contains("root:") && !answer.text.contains("tongban-keys"), "\(place)")
                    }
                    let list = try await admin.get(Self.area + "/desk/admin/import/\(way)")
                    #expect([400, 404].contains(list.status), "\(way): \(list.status)")
                }
            }
        }
    }
}
