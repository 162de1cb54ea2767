import Cases
import Catalogue
import Composition
import Directory
import Documents
import Foundation
import HTTPTypes
import Identity
import Kernel
import Packages
import Storage
import TestKit
import Testing
import Web
import Workflow

/// Real objects, each made by the main road, and the addresses of routes with them in their places.
struct Things: Sendable {
    /// A draft of the owner's with a file, and a case made of such a draft.
    struct Own: Sendable {
        var draft = ""
        var draftFile = ""
        var number = ""
        var caseFile = ""
        var notice = ""
        var code = ""
    }

    var own = Own()
    /// A case sent back for correction, with a file prepared for the answer.
    var correcting = ""
    var correctionFile = ""
    /// A case that is shown publicly, and one that was granted.
    var shown = ""
    var granted = ""
    /// A one-thing package of the owner's.
    var package = ""
    var message = ""
    var officerMessage = ""
    var upload = ""
    var ticket = ""
    var waiting = ""
    var member = ""
    var post = ""
    var list = ""
    var system = ""
    var hall = ""
    var window = ""
    var department = ""
    /// A case in which somebody who was not there sent a video, and the video.
    var absent = ""
    var recording = ""
    let slug: String

    /// What stands in each place of a route's pattern.
    func value(of place: String, in pattern: String) -> String {
        let after = pattern.range(of: "/" + place).map { String(pattern[..<$0.lowerBound]) } ?? ""
        switch place {
        case ":area": return Office.area
        case ":slug": return pattern.contains("/papers/") || pattern.hasSuffix(".pdf") ? "food-business-licence" : slug
        case ":material": return pattern.contains("/papers/") ? "mandate" : "attachments"
        case ":name": return pattern.hasPrefix("/fonts") ? "noto-sans-yi.ttf" : "blank"
        case ":by": return "themes"
        case ":act":
            // One act of each group: the routes are one for all of a group.
            let acts = [
                "accept": "pre-review", "review": "check-follow-up", "approve": "lift-stay", "complete": "archive",
                "opinion": "acknowledge", "head": "extend",
            ]
            return acts.first { after.hasSuffix("acts/" + $0.key) }?.value ?? "request-hearing"
        case ":code": return own.code
        // Of a link in an SMS or a code on a screen: a wrong one is answered to everybody.
        case ":token": return "nothing"
        case ":number" where pattern.contains("/desk/cases/:number/remote-check"): return absent
        case ":id" where after.hasSuffix("/remote-check"): return recording
        // Kept by a department of which the head is one too, and his neighbour is not.
        case ":register": return "household"
        case ":step": return "seals"
        case ":section": return GenericForm.sectionID
        case ":year": return "2026"
        case ":list": return list
        case ":account": return waiting
        case ":window": return window
        case ":number" where pattern.contains("/packages/"): return package
        case ":number" where pattern.contains("/publicity/"): return shown
        case ":number" where pattern.contains("/decisions/"): return granted
        case ":number": return isCorrection(pattern) ? correcting : own.number
        case ":file" where after.hasSuffix("correction/files"): return correctionFile
        case ":file" where after.contains("/drafts/"): return own.draftFile
        case ":file": return own.caseFile
        default: break
        }
        let kinds: [(end: String, value: String)] = [
            ("/drafts", own.draft), ("/files", own.caseFile), ("/notices", own.notice),
            ("desk/messages", officerMessage),
            ("my/messages", message), ("/uploads", upload), ("/departments", department), ("/halls", hall),
            ("/staff", member), ("/posts", post), ("/clients", system),
        ]
        return kinds.first { after.hasSuffix($0.end) }?.value ?? ""
    }

    private func isCorrection(_ pattern: String) -> Bool {
        pattern.contains("/my/") && (pattern.contains("/correction") || pattern.contains("/supplement"))
    }

    /// The address of a route; `absent` puts ids of nothing in the places of objects, `area` another area's code in its.
    func address(_ pattern: String, absent: Bool = false, area: String = Office.area) -> String {
        pattern.split(separator: "/", omittingEmptySubsequences: false).map { part in
            guard part.hasPrefix(":") else { return String(part) }
            if part == ":area" { return area }
            let value = value(of: String(part), in: pattern)
            return absent && Things.objects.contains(part) ? Things.nothing(like: value) : value
        }.joined(separator: "/")
    }

    /// Places that name an object of somebody's.
    static let objects: Set<Substring> = [
        ":id", ":number", ":file", ":list", ":account", ":window",
    ]

    /// An id of the same form that nothing has.
    static func nothing(like value: String) -> String {
        if UUID(uuidString: value) != nil { return "00000000-0000-7000-8000-000000000000" }
        if !value.isEmpty, value.allSatisfy(\.isNumber) {
            return String(value.dropLast(2)) + (value.hasSuffix("00") ? "11" : "00")
        }
        return String(value.map { $0 == "a" ? "b" : "a" })
    }
}

/// Makes things, by the pages and commands that everybody uses.
struct Maker {
    let office: Office
    let road: Road
    let cast: Cast
    private var area: String { "/" + Office.area }

    /// Everything, once.
    func all() async throws -> Things {
        var things = Things(slug: road.slug)
        things.own = try await own(by: .owner)
        (things.correcting, things.correctionFile) = try await correction()
        things.shown = try await shown()
        things.granted = try await granted()
        things.package = try await Founder(office).submit()
        (things.absent, things.recording) = try await recording()
        try await office.runJobs()
        let owner = try cast.client(.owner)
        things.message = try await last(of: owner, at: area + "/my/messages")
        let supervisor = try await viewer(.supervisor)
        try await road.cases.addNote(
            things.own.number, "今天办理", urges: true, supervisor, road.occasion(supervisor))
        things.officerMessage = try await last(of: try cast.client(.clerk), at: area + "/desk/messages")
        let upload = try await owner.post(
            area + "/my/uploads", ["size": "9", "name": "x.pdf"], from: area + "/my/account")
        things.ticket = try #require(upload.json?["ticket"].text)
        things.upload = String(things.ticket.prefix { $0 != "." })
        things.waiting = try await last(of: try cast.client(.clerk), at: area + "/desk/identities")
        try await places(&things)
        return things
    }

    /// A video of a legal representative who was not there.
    private func recording() async throws -> (number: String, file: String) {
        let licence = try await RemoteCheckTests.begun(office).licence
        let link = try await RemoteCheckTests.link(try cast.client(.owner), licence)
        _ = try await RemoteCheckTests.film(Client(office), link)
        let state = try await road.cases.open(number: licence, area: road.area).state
        return (licence, try #require(state.remote?.recordings?.last))
    }

    private func shown() async throws -> String {
        let number = try await road.submit()
        try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
        let until = road.now.date.adding(days: 7)
        try await road.cases.act(
            "publicise", .review, number, values: ["until": .string(until.description), "shown": "网站公示"], road.reviewer,
            road.occasion(road.reviewer))
        return number
    }

    private func granted() async throws -> String {
        let number = try await road.submit()
        try await advance(number, to: "/void")
        return number
    }

    /// What administrators look after.
    private func places(_ things: inout Things) async throws {
        let profile = try await office.house.directory.profile(of: road.area)
        let hall = try #require(profile.halls.first { !$0.windows.isEmpty })
        (things.hall, things.window) = (hall.id, hall.windows[0].id)
        things.department = profile.departments[0].id
        things.system = cast.thirdSystem
        things.member = road.clerk2.id
        let admin = try cast.client(.admin)
        let page = area + "/desk/admin/staff/\(things.member)"
        let proposed = try await admin.post(
            page + "/posts", ["role": "head", "department": things.department], from: page)
        try #require(proposed.status == 303, "\(proposed.text)")
        let rows = HTMLReader(try await admin.get(page).text).all("form").compactMap { $0["action"] }
        things.post = try #require(
            rows.first { $0.contains("/admin/posts/") }?.split(separator: "/").last.map(String.init))
        let token = try await cast.token(.admin, atDesk: true, area: Office.area)
        let list = "name,item_code,item_type\n门禁事项,G1,1\n"
        let sent = try await admin.send(
            .post, area + "/desk/admin/import",
            multipart([("csrf", nil, Array(token.utf8)), ("list", "list.csv", Array(list.utf8))]),
            [.contentType: "multipart/form-data; boundary=b"])
        things.list = try #require(sent.location?.split(separator: "/").last.map(String.init), "\(sent.text)")
    }

    /// A draft with a file, and a case with a file and a receipt.
    func own(by caller: Caller) async throws -> Things.Own {
        var own = Things.Own()
        (own.draft, own.draftFile) = try await draft(by: caller)
        let (second, file) = try await draft(by: caller)
        let viewer = try await resident(caller)
        own.number = try await road.cases.submit(second, viewer, road.occasion(viewer), language: .zh).number
        own.caseFile = file
        let opened = try await road.cases.openOwn(own.number, area: road.area, viewer)
        let notice = try #require(try await road.cases.notices(of: opened).first)
        (own.notice, own.code) = (notice.id, notice.code)
        return own
    }

    func draft(by caller: Caller) async throws -> (id: String, file: String) {
        let viewer = try await resident(caller)
        let id = try await road.cases.startDraft(
            road.slug, answers: [:], viewer, area: road.area, language: .zh, at: road.now
        ).row.id
        try await road.cases.saveSection(
            GenericForm.sectionID, [("applicant", "演示居民甲"), ("phone", "13800000001"), ("matter", "申请办理")], of: id,
            area: road.area, viewer, at: road.now)
        let page = area + "/my/drafts/\(id)/materials/attachments"
        return (id, try await upload(to: page, by: caller))
    }

    /// A case in correction whose answer has a file already.
    func correction() async throws -> (number: String, file: String) {
        let number = try await road.submit()
        let point = CorrectionWords.Point(id: "m.attachments", subject: "材料", problem: "看不清", fix: "请重新拍")
        try await road.cases.requestCorrection(
            number, points: [point], days: 10, road.clerk, road.occasion(road.clerk))
        let page = area + "/my/cases/\(number)/correction/materials/attachments"
        return (number, try await upload(to: page, by: .owner))
    }

    private func upload(to page: String, by caller: Caller) async throws -> String {
        let token = try await cast.token(caller, atDesk: false, area: Office.area)
        let answer = try await cast.client(caller).send(
            .post, page,
            multipart([("csrf", nil, Array(token.utf8)), ("m-attachments", "图.pdf", Array("%PDF-1.4 x".utf8))]),
            [.contentType: "multipart/form-data; boundary=b", .accept: "application/json"])
        return try #require(answer.json?["id"].text, "\(answer.status) \(answer.text)")
    }

    private func last(of client: Client, at page: String) async throws -> String {
        let answer = try await client.get(page)
        let links = HTMLReader(answer.text).all("a").compactMap { $0["href"] }
        let found = links.first {
            $0.hasPrefix(page + "/") && UUID(uuidString: String($0.dropFirst(page.count + 1))) != nil
        }
        return try #require(found.map { String($0.dropFirst(page.count + 1)) }, "nothing at \(page): \(answer.status)")
    }

    private func resident(_ caller: Caller) async throws -> ResidentViewer {
        try #require(try await office.resident(try cast.client(caller)).resident)
    }

    private func viewer(_ caller: Caller) async throws -> StaffViewer {
        try #require(try await office.staff(try cast.client(caller)).staff)
    }
}

/// The body of an upload.
func multipart(_ parts: [(name: String, filename: String?, content: [UInt8])]) -> [UInt8] {
    parts.flatMap { part in
        let filename = part.filename.map { "; filename=\"\($0)\"" } ?? ""
        let head = "--b\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(filename)\r\n\r\n"
        return Array(head.utf8) + part.content + Array("\r\n".utf8)
    } + Array("--b--\r\n".utf8)
}

extension Maker {
    /// Things for an act of one who may: what the act changes or ends is made anew, as far along the road as it needs.
    func fresh(_ things: Things, for entry: RouteEntry, _ caller: Caller) async throws -> Things {
        let pattern = entry.pattern
        guard entry.method != .get || pattern.hasSuffix("/rating") else { return things }
        var fresh = things
        if pattern.contains("/packages/:number") {
            fresh.package = try await package(ended: pattern.hasSuffix("/rating"))
            return fresh
        }
        if pattern.contains("/drafts/:id") { (fresh.own.draft, fresh.own.draftFile) = try await draft(by: .owner) }
        if pattern.contains("/my/"), pattern.contains("/correction") || pattern.contains("/supplement") {
            (fresh.correcting, fresh.correctionFile) = try await correction()
        } else if pattern.contains("/:number") {
            fresh.own.number = try await road.submit()
            try await advance(fresh.own.number, to: pattern)
        }
        return fresh
    }

    /// A package of the owner's, under way or at its end.
    private func package(ended: Bool) async throws -> String {
        let founder = try await Founder(office)
        let number = try await founder.submit()
        guard ended, let licence = try await founder.state(number).step("licence")?.number else { return number }
        try await founder.cases.decideAgainst(
            .decline, licence, words: DecisionWords(reason: "不属于本机关", referTo: "市市场监管局"), founder.clerk,
            founder.occasion(founder.clerk))
        return number
    }

    /// Takes a case to where an act belongs.
    private func advance(_ number: String, to pattern: String) async throws {
        let act = pattern.split(separator: "/").last.map(String.init) ?? ""
        let way = ["review", "approve", "complete", "void"]
        let places = [
            "refuse": "approve", "return": "approve", "send-back": "approve", "rating": "void", "amend": "review",
            "amendment": "review",
        ]
        let place = places[act] ?? act
        guard let goal = way.firstIndex(of: place) else { return }
        try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
        guard goal > 0 else { return }
        try await road.cases.passReview(number, opinion: "", road.reviewer, road.occasion(road.reviewer))
        guard goal > 1 else { return }
        try await road.cases.approve(number, road.approver, road.occasion(road.approver))
        guard goal > 2 else { return }
        try await road.cases.complete(number, delivery: "electronic", road.clerk, road.occasion(road.clerk))
    }
}

extension Office {
    /// How much there is of everything that an act could change; sessions, kept forms and the security log are not acts.
    func inventory() async throws -> [String: Int] {
        try await house.database.read { tx in
            var counts: [String: Int] = [:]
            for table in Self.tables {
                counts[table] = try tx.value("SELECT COUNT(*) FROM \(SQL.name(table))", as: Int.self) ?? -1
            }
            counts["versions"] = try tx.value("SELECT COALESCE(SUM(version), 0) FROM proceeding", as: Int.self) ?? -1
            counts["drafts"] = try tx.value("SELECT COALESCE(SUM(version), 0) FROM draft", as: Int.self) ?? -1
            counts["read"] = try tx.value("SELECT COUNT(*) FROM message WHERE read_at IS NOT NULL", as: Int.self) ?? -1
            counts["parts"] = try tx.value("SELECT COALESCE(SUM(received), 0) FROM upload", as: Int.self) ?? -1
            counts["off"] = try tx.value("SELECT COUNT(*) FROM api_client WHERE disabled_at IS NOT NULL", as: Int.self)
            return counts
        }
    }

    /// What is more or less than before.
    func changes(since before: [String: Int]) async throws -> [String: Int] {
        try await inventory().filter { before[$0.key] != $0.value }
    }

    private static let tables = [
        "journal", "access_log", "vault", "sealed_part", "task", "timer", "draft", "case_row", "case_note",
        "material_mark", "rating", "stored_file", "notice", "upload", "upload_part", "message", "mandate", "post",
        "staff",
        "absence", "identity_check", "api_client", "api_secret", "directory_edit", "area_overlay", "import_staging",
        "item_version", "phone_code",
    ]

    /// What goes on by itself, once: letters are delivered, sweeps made.
    func runJobs() async throws {
        for job in house.jobs { try await job.run(time.source.now()) }
    }
}
