import Cases
import Catalogue
import Composition
import Cryptography
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

/// 企业开办 with a legal representative who is elsewhere: a link by SMS, a video, an officer who compares.
@Suite("Remote identity check on the road")
struct RemoteCheckTests {
    private static let root = "/\(Office.area)"
    private static let absent = (name: "演示法人丁", idNumber: "110105200001010016", phone: "13800000009")
    /// The first box of an MP4 file (ISO/IEC 14496-12), and some bytes more.
    static let video: [UInt8] =
        [0, 0, 0, 0x18] + Array("ftypmp42".utf8) + [0, 0, 0, 0] + Array("mp42isom".utf8)
        + Array(repeating: 7, count: 64)

    /// A founder's application in which somebody else is the legal representative, and the case of the licence.
    static func begun(_ office: Office) async throws -> (founder: Founder, package: String, licence: String) {
        let founder = try await Founder(office, representative: absent)
        let package = try await founder.submit()
        let licence = try #require(try await founder.state(package).step("licence")?.number)
        return (founder, package, licence)
    }

    /// Link and code as the page of a demonstration shows them.
    static func link(_ owner: Client, _ licence: String) async throws -> (address: String, code: String) {
        let page = root + "/my/cases/\(licence)/remote-check"
        let sent = try await owner.post(page, ["phone": absent.phone], from: page)
        let address = try #require(sent.text.firstMatch(of: /\/510106\/remote-check\/[A-Za-z0-9_-]{43}/)).0
        let code = try #require(sent.text.firstMatch(of: /验证码：(\d{6})/)).1
        return (String(address), String(code))
    }

    static func film(
        _ phone: Client, _ link: (address: String, code: String), _ content: [UInt8] = video, consent: Bool = true
    ) async throws -> Client.Answer {
        let token = try await phone.token(of: link.address)
        var parts: [(name: String, filename: String?, content: [UInt8])] = [
            ("csrf", nil, Array(token.utf8)), ("code", nil, Array(link.code.utf8)),
        ]
        if consent { parts.append(("consent", nil, Array("yes".utf8))) }
        parts.append(("video", "me.mp4", content))
        return try await phone.send(
            .post, link.address + "/video", multipart(parts), [.contentType: "multipart/form-data; boundary=b"])
    }

    @Test(
        "Written to with the application, filmed, compared: only then the licence; the seals ask nobody again",
        arguments: Backend.all)
    func road(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let (founder, package, licence) = try await Self.begun(office)
            let opened = try await founder.cases.open(number: licence, area: founder.area)
            #expect(opened.state.remote?.standing == .asked)
            let letters = try await office.house.database.read { tx in
                try tx.values(
                    "SELECT payload FROM outbox WHERE area = \(founder.area) AND channel = 'sms'", as: String.self)
            }
            #expect(letters.count == 1 && !letters[0].contains(Self.absent.phone))
            let letter = try #require(try opened.text("remote-sms"))
            #expect(letter.contains(Self.absent.phone) && letter.contains("/510106/remote-check/"))

            // The application is accepted, and no result can be made of it.
            try await founder.cases.accept(licence, founder.clerk, founder.occasion(founder.clerk))
            await #expect(throws: DomainError.refused(Message("cases.refused.remote.asked"))) {
                try await founder.cases.complete(
                    licence, delivery: "electronic", founder.clerk, founder.occasion(founder.clerk))
            }

            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let first = try await Self.link(owner, licence)
            office.time.advance(seconds: 61)
            let link = try await Self.link(owner, licence)
            let phone = Client(office)
            // The link that was replaced leads nowhere.
            #expect(try await phone.get(first.address).status == 422)
            let door = try await phone.get(link.address)
            #expect(door.status == 200 && !door.text.contains(Self.absent.name) && !door.text.contains("成都样例"))
            #expect(try await phone.post(link.address, ["code": "000000"], from: link.address).status == 422)
            let shown = try await phone.post(link.address, ["code": link.code], from: link.address).text
            #expect(shown.contains("我是演示法人丁。") && shown.contains("同意担任这家公司的法定代表人"))
            // One sentence for every step that wants to see him.
            #expect(shown.contains("刻制申请中的印章") && shown.contains("capture=\"user\""))

            #expect(try await Self.film(phone, link, consent: false).text.contains("同意处理视频才能上传"))
            #expect(try await Self.film(phone, link, Array("%PDF-1.4 x".utf8)).status == 422)
            #expect(try await Self.film(phone, (link.address, "111111")).status == 422)
            #expect(try await Self.film(phone, link).location == link.address)
            #expect(try await phone.get(link.address).text.contains("视频已经收到"))

            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk")
            let desk = Self.root + "/desk/cases/\(licence)"
            let page = try await clerk.get(desk).text
            #expect(page.contains("身份核验通过") && page.contains("我是演示法人丁。"))
            let source = try #require(HTMLReader(page).all("video").first?["src"])
            #expect(try await clerk.get(source).body == Self.video)
            #expect(try await clerk.get(source).headers[.contentType] == "video/mp4")
            // Neither the applicant nor who supervises sees it.
            #expect(try await owner.get(source).status != 200)
            let supervisor = Client(office)
            _ = try await supervisor.signInStaff("demo.supervisor")
            #expect(try await supervisor.get(source).status == 404)
            #expect(try await supervisor.get(desk).text.contains("只给办理和审核"))

            let act = desk + "/acts/accept/confirm-remote-check"
            #expect(try await clerk.post(act, ["compared": "card"], from: act).status == 422)
            let decline = desk + "/acts/accept/decline-remote-check"
            #expect(try await clerk.post(decline, ["reason": "看不清身份证"], from: decline).status == 303)
            #expect(try await owner.get(Self.root + "/my/cases/\(licence)").text.contains("看不清身份证"))
            office.time.advance(seconds: 61)
            let again = try await Self.link(owner, licence)
            #expect(try await Self.film(phone, again).status == 303)
            let token = try await clerk.token(of: act)
            let body = "csrf=\(token)&compared=card&compared=face&compared=words"
            let confirmed = try await clerk.send(
                .post, act, Array(body.utf8), [.contentType: "application/x-www-form-urlencoded"])
            #expect(confirmed.status == 303, "\(confirmed.text)")
            try await founder.cases.complete(
                licence, delivery: "electronic", founder.clerk, founder.occasion(founder.clerk))

            _ = try await founder.packages.openSteps(at: founder.now)
            let seals = try #require(try await founder.state(package).step("seals")?.number)
            let remote = try await founder.cases.open(number: seals, area: founder.area).state.remote
            #expect(remote?.standing == .confirmed && remote?.means == .package)
            try await founder.finish(seals)

            let journal = try await office.house.database.read { tx in
                try tx.values("SELECT data FROM journal WHERE area = \(founder.area)", as: String.self)
            }
            #expect(!journal.contains { $0.contains(Self.absent.name) || $0.contains(Self.absent.phone) })
            let report = try await office.house.verifier.run()
            #expect(report.faults.isEmpty, "\(report.faults)")
        }
    }

    @Test("Five wrong codes kill a link; a case that ended asks nobody", arguments: Backend.all)
    func shut(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let (founder, _, licence) = try await Self.begun(office)
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let link = try await Self.link(owner, licence)
            let phone = Client(office)
            for _ in 0..<5 { _ = try await phone.post(link.address, ["code": "123"], from: link.address) }
            #expect(try await phone.post(link.address, ["code": link.code]).status != 200)
            #expect(try await phone.get(link.address).status == 422)
            office.time.advance(seconds: 61)
            let second = try await Self.link(owner, licence)
            try await founder.cases.withdraw(licence, reason: "", founder.resident, founder.occasion)
            #expect(try await phone.get(second.address).status == 422)
            let page = Self.root + "/my/cases/\(licence)"
            #expect(try await owner.get(page).text.contains("发送核验链接") == false)
        }
    }

    @Test("Who is the legal representative himself is asked for nothing", arguments: [Backend.sqlite])
    func himself(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let licence = try #require(try await founder.state(try await founder.submit()).step("licence")?.number)
            #expect(try await founder.cases.open(number: licence, area: founder.area).state.remote == nil)
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let page = Self.root + "/my/cases/\(licence)"
            #expect(try await owner.get(page + "/remote-check").location == page)
        }
    }

    @Test(
        "A province's service in the place of the video: its page, its verdict, no officer", arguments: [Backend.sqlite]
    )
    func service(_ backend: Backend) async throws {
        try await Office.open(backend, remoteCheck: ProvinceCheck()) { office in
            let (founder, _, licence) = try await Self.begun(office)
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            func standing() async throws -> RemoteCheck? {
                try await founder.cases.open(number: licence, area: founder.area).state.remote
            }
            func visit(_ result: String) async throws {
                office.time.advance(seconds: 61)
                let link = try await Self.link(owner, licence)
                let phone = Client(office)
                let shown = try await phone.post(link.address, ["code": link.code], from: link.address).text
                let page = try #require(
                    HTMLReader(shown).all("a").compactMap { $0["href"] }.first { $0.hasPrefix(ProvinceCheck.page) })
                #expect(page.contains(encodeSegment(Self.absent.idNumber)) && page.hasSuffix("/back"))
                #expect(!shown.contains("capture=\"user\""))
                #expect(try await phone.get(link.address + "/back?result=\(result)").location == link.address)
            }
            // What the service cannot tell yet changes nothing.
            try await visit("later")
            #expect(try await standing()?.standing == .asked)
            try await visit("no")
            #expect(try await standing()?.standing == .declined)
            #expect(try await owner.get(Self.root + "/my/cases/\(licence)").text.contains("核验服务未通过"))
            try await visit("yes")
            #expect(try await standing()?.standing == .confirmed)
            #expect(try await standing()?.means == .service)
            try await founder.finish(licence)
        }
    }

    @Test("Forgotten with its case: the video's bytes, its row, the link", arguments: Backend.all)
    func forgotten(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let (founder, _, licence) = try await Self.begun(office)
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let link = try await Self.link(owner, licence)
            #expect(try await Self.film(Client(office), link).status == 303)
            let opened = try await founder.cases.open(number: licence, area: founder.area)
            let file = try #require(opened.state.remote?.recordings?.first)
            try await founder.cases.withdraw(licence, reason: "", founder.resident, founder.occasion)
            try await office.house.database.write { tx in
                try tx.execute(
                    "UPDATE case_row SET forget_at = \(office.time.now) WHERE area = \(founder.area) AND id = \(opened.id)"
                )
            }
            #expect(try await founder.cases.forgetEnded(at: office.time.now) >= 1)
            let left = try await office.house.database.read { tx in
                (
                    try DocumentsStore.file(file, area: founder.area, tx) == nil,
                    try tx.value(
                        "SELECT COUNT(*) FROM remote_link WHERE area = \(founder.area) AND stream = \(opened.id)",
                        as: Int.self)
                )
            }
            #expect(left.0 && left.1 == 0)
        }
    }
}

/// A service as a province might run it: it says yes or no by the word its page sends back.
private struct ProvinceCheck: RemoteIdentityCheck {
    static let page = "https://face.example/check"

    func page(for person: PersonClaim, sentence: String, returnTo: String) async throws -> String? {
        "\(Self.page)?number=\(encodeSegment(person.idNumber))&say=\(encodeSegment(sentence))&back=\(returnTo)"
    }

    func verdict(result: String, for person: PersonClaim) async throws -> Identity.Confirmation {
        ["yes": .confirmed, "no": .refused][result] ?? .pending
    }
}
