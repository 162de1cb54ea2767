import Cases
import Composition
import Cryptography
import Documents
import Foundation
import HTTPTypes
import Identity
import Kernel
import Storage
import TestKit
import Testing
import Web

/// A large file in parts: what was acknowledged is there, whatever happens to the line.
@Suite("Uploads in parts")
struct UploadTests {
    private static let part = 1 << 20
    /// 2.5 MB that call themselves a PDF and repeat nowhere.
    private static let paper: [UInt8] = {
        var bytes = Array("%PDF-1.7\n".utf8)
        var state: UInt64 = 7
        while bytes.count < part * 5 / 2 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes.append(UInt8(truncatingIfNeeded: state >> 33))
        }
        return bytes
    }()

    @Test("Parts make the file, and a part whose answer was lost is not taken twice", arguments: Backend.all)
    func whole(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let line = try await Line(office)
            let upload = try await line.begin(Self.paper.count)
            #expect(try await line.send(Self.paper[..<Self.part], at: 0, to: upload) == (200, Self.part))
            #expect(try await line.send(Self.paper[..<Self.part], at: 0, to: upload) == (200, Self.part))
            // What does not follow is not taken; the answer says where to go on.
            #expect(
                try await line.send(Self.paper[(Self.part * 2)...], at: Self.part * 2, to: upload) == (409, Self.part))
            #expect(try await line.standing(upload) == Self.part)
            #expect(try await line.handIn(upload).status == 422)
            #expect(try await line.send(Self.paper[Self.part...], at: Self.part, to: upload) == (200, Self.paper.count))
            let first = try await line.handIn(upload)
            #expect(first.status == 200, "\(first.text)")
            // The answer was lost: asked again, it is the same file.
            let again = try await line.handIn(upload)
            #expect(again.status == 200 && again.json?["id"] == first.json?["id"])
            let stored = try await line.client.get(try #require(first.json?["href"].text))
            #expect(stored.body == Self.paper)
            #expect(line.parts().isEmpty)
        }
    }

    @Test("Nothing of a part lies open on the disk", arguments: Backend.all)
    func sealed(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let line = try await Line(office)
            let upload = try await line.begin(Self.paper.count)
            _ = try await line.send(Self.paper[..<Self.part], at: 0, to: upload)
            let parts = line.parts()
            #expect(parts.count == 1)
            let bytes = Array(try Data(contentsOf: try #require(parts.first)))
            #expect(bytes.count > Self.part && !bytes.starts(with: Self.paper.prefix(8)))
            #expect(Data(bytes).range(of: Data(Self.paper[1000..<1016])) == nil)
        }
    }

    @Test("An upload is its owner's, and opens with its key only", arguments: Backend.all)
    func owned(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let line = try await Line(office)
            let upload = try await line.begin(Self.paper.count)
            let stranger = try await Line(office, phone: "13800000002", beside: line)
            #expect(try await stranger.send(Self.paper[..<Self.part], at: 0, to: upload).status == 404)
            #expect(try await stranger.client.get(upload.href).status == 404)
            _ = try await line.send(Self.paper[..<Self.part], at: 0, to: upload)
            _ = try await line.send(Self.paper[Self.part...], at: Self.part, to: upload)
            let key = Base64URL.encode([UInt8](repeating: 1, count: 32))
            let forged = Line.Upload(href: upload.href, ticket: upload.ticket.prefix { $0 != "." } + "." + key)
            #expect(try await line.handIn(forged).status == 404)
            #expect(try await stranger.handIn(upload).status == 404)
            #expect(try await line.handIn(upload).status == 200)
        }
    }

    @Test("Size, kind and safety are judged as for a file in one piece", arguments: Backend.all)
    func limits(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let line = try await Line(office)
            #expect(try await line.client.post(line.all, ["csrf": line.token, "size": "52428801"]).status == 413)
            #expect(try await line.client.post(line.all, ["csrf": line.token, "size": "-1"]).status == 422)
            #expect(try await line.client.post(line.all, ["csrf": "", "size": "10"]).status == 422)
            let small = try await line.begin(10)
            #expect(try await line.send(Array("%PDF-1.4 more".utf8)[...], at: 0, to: small).status == 413)
            let program = try await line.begin(4096)
            let bytes = [0x4D, 0x5A] + [UInt8](repeating: 0, count: 4094)
            #expect(try await line.send(bytes[...], at: 0, to: program).status == 422)
            #expect(try await line.client.get(program.href).status == 404)
            let infected = try await line.begin(4096)
            let mark = Array("%PDF-1.4 EICAR-STANDARD-ANTIVIRUS-TEST-FILE".utf8)
            #expect(try await line.send(mark[...], at: 0, to: infected).status == 422)
            #expect(line.parts().isEmpty)
            // A kind that this material does not take is refused when it is handed in.
            let archive = try await line.begin(4)
            _ = try await line.send([0x50, 0x4B, 3, 4], at: 0, to: archive)
            #expect(try await line.handIn(archive).status == 422)
        }
    }

    @Test("Half uploads are swept after a day, and the oldest gives way to a ninth", arguments: Backend.all)
    func swept(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let line = try await Line(office)
            let first = try await line.begin(Self.paper.count)
            _ = try await line.send(Self.paper[..<Self.part], at: 0, to: first)
            for _ in 0..<8 {
                office.time.advance(seconds: 1)
                _ = try await line.begin(Self.paper.count)
            }
            #expect(try await line.client.get(first.href).status == 404)
            #expect(line.parts().isEmpty)
            let last = try await line.begin(Self.paper.count)
            _ = try await line.send(Self.paper[..<Self.part], at: 0, to: last)
            #expect(line.parts().count == 1)
            office.time.advance(seconds: 86_400)
            try await office.house.notices.sweep(at: office.time.source.now())
            #expect(line.parts().isEmpty)
            let left = try await office.house.database.read { tx in
                try tx.value("SELECT COUNT(*) FROM upload", as: Int.self) ?? -1
            }
            #expect(left == 0)
        }
    }
}

/// A resident's browser that sends parts to a draft.
private struct Line {
    struct Upload {
        let href: String
        let ticket: String
    }

    let client: Client
    let all = "/\(Office.area)/my/uploads"
    let material: String
    let token: String
    let folder: URL

    let road: Road

    init(_ office: Office, phone: String = "13800000001", beside line: Line? = nil) async throws {
        client = Client(office)
        _ = try await client.signInResident(phone)
        if let line { road = line.road } else { road = try await Road(office) }
        let viewer = try await office.residentViewer(phone)
        let draft = try await road.cases.startDraft(
            road.slug, answers: [:], viewer, area: road.area, language: .zh, at: road.now
        ).row.id
        let page = "/\(Office.area)/my/drafts/\(draft)/materials"
        material = page + "/attachments"
        token = try await client.token(of: page)
        folder = office.house.context.settings.files.appendingPathComponent("tmp")
    }

    func begin(_ size: Int) async throws -> Upload {
        let answer = try await client.post(all, ["csrf": token, "size": String(size), "name": "图.pdf"])
        #expect(answer.status == 201, "\(answer.text)")
        let json = try #require(answer.json)
        return Upload(href: try #require(json["href"].text), ticket: try #require(json["ticket"].text))
    }

    func send(_ bytes: ArraySlice<UInt8>, at offset: Int, to upload: Upload) async throws -> (status: Int, offset: Int?)
    {
        var headers: HTTPFields = [.contentType: "application/octet-stream", .accept: "application/json"]
        for (name, value) in ["X-CSRF-Token": token, "Upload-Ticket": upload.ticket, "Upload-Offset": String(offset)] {
            headers[try #require(HTTPField.Name(name))] = value
        }
        let answer = try await client.send(.post, upload.href, Array(bytes), headers)
        return (answer.status, answer.json?["offset"].integer.map(Int.init))
    }

    func standing(_ upload: Upload) async throws -> Int? {
        try await client.get(upload.href).json?["offset"].integer.map(Int.init)
    }

    /// What the script sends when all parts are there.
    func handIn(_ upload: Upload) async throws -> Client.Answer {
        func field(_ name: String, _ value: String) -> String {
            "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let body = field("csrf", token) + field("filename", "图.pdf") + field("upload", upload.ticket) + "--b--\r\n"
        return try await client.send(
            .post, material, Array(body.utf8),
            [.contentType: "multipart/form-data; boundary=b", .accept: "application/json"])
    }

    /// The parts that lie on the disk.
    func parts() -> [URL] {
        ((try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? [])
            .filter { $0.lastPathComponent.hasPrefix("part-") }
    }
}
