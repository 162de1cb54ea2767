import Cases
import Composition
import Directory
import Foundation
import HTTPTypes
import Identity
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Catalogue
@testable import Registers

/// Decisions without a person over departments' registers: every road on which something is unclear leads to people.
@Suite("Instant decisions over registers")
struct RegisterRoadTests {
    private static let mine = "11010519491231002X"
    private static let other = "110105200001010016"
    private static let head = "公民身份号码,户口在本地,出生日期\n"

    @Test(
        "Found and clear: decided in the request, told with register, day and facts; every doubt goes to people",
        arguments: Backend.all)
    func roads(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Self.road(office)
            let today = road.road.now.date
            // Nothing was brought yet.
            try await Self.left(road, .register, .unavailable)

            // Another number only.
            try await Self.bring(road, Self.head + "\(Self.other),是,2000-01-01\n", of: today)
            try await Self.left(road, .register, .absent)

            try await Self.bring(road, Self.head + "\(Self.other),是,2000-01-01\n\(Self.mine),是,1949-12-31\n", of: today)
            let number = try await road.road.submit()
            let state = try await road.state(number)
            #expect(state.stage == .completed && state.notices.map(\.kind) == ["receipt", "approval", "delivery"])
            let asked = try #require(state.instant?.registers?.first)
            #expect(
                state.instant?.reason == nil && asked.standing == .found && asked.asOf == today && asked.edition == 2)
            let journal = try await Self.journal(road, number)
            #expect(journal.contains("household") && !journal.contains(Self.mine) && !journal.contains("1949-12-31"))
            let page = try await road.desk("demo.supervisor").get("/\(Office.area)/desk/cases/\(number)").text
            #expect(page.contains("户籍登记簿") && page.contains("1949") && page.contains("自动决定的依据"))
            #expect(try await road.mine(number).contains("户口在本地"))
            #expect(try await Self.looks(road, number) == ["register/household"])

            // The rule says no: not refused, people decide.
            try await Self.bring(road, Self.head + "\(Self.mine),否,1949-12-31\n", of: today)
            try await Self.left(road, .rule, .found)

            // Two entries that differ.
            try await Self.bring(
                road, Self.head + "\(Self.mine),是,1949-12-31\n\(Self.mine),是,1949-12-30\n", of: today)
            try await Self.left(road, .register, .ambiguous)

            // A fact that is not known.
            try await Self.bring(road, Self.head + "\(Self.mine),是,\n", of: today)
            try await Self.left(road, .rule, .found)

            // Thirty-six days later it is too old, on the thirty-fifth it is not.
            try await Self.bring(road, Self.head + "\(Self.mine),是,1949-12-31\n", of: today)
            office.time.advance(seconds: 35 * 86_400)
            #expect(try await road.state(try await road.road.submit()).stage == .completed)
            office.time.advance(seconds: 86_400)
            try await Self.left(road, .register, .stale)

            // What the register said of those days is gone with its key.
            let area = road.road.area
            let (parts, vaults) = try await office.house.database.read { tx in
                let ids = try tx.values(
                    "SELECT vault FROM register_edition WHERE area = \(area) AND vault IS NOT NULL", as: String.self)
                return (
                    try tx.value(
                        "SELECT COUNT(*) FROM sealed_part WHERE area = \(area) AND vault IN (\(list: ids))",
                        as: Int.self), ids.count
                )
            }
            #expect(parts == 1 && vaults == 1)
            try await road.checked()
        }
    }

    @Test("An absence decides only where the item says so", arguments: Backend.all)
    func absent(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Self.road(office)
            try await Self.bring(road, Self.head + "\(Self.other),是,2000-01-01\n", of: road.road.now.date)
            try await road.reshape { item in
                item.registers?[0].absent = .decides
                item.instantWhen = Rule(["!": [["var": "register.household.found"]]])
            }
            let number = try await road.road.submit()
            #expect(try await road.state(number).instant?.registers?.first?.standing == .absent)
            #expect(try await road.stage(number) == .completed)
        }
    }

    @Test("Nobody's papers seen: no register is asked by numbers that somebody typed", arguments: Backend.all)
    func unconfirmed(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Self.road(office)
            try await Self.bring(road, Self.head + "\(Self.mine),是,1949-12-31\n", of: road.road.now.date)
            // Somebody types another's number.
            try await office.house.identity.createResident(
                phone: "13900000077", name: "演示冒名", idNumber: Self.mine, password: House.demoPassword,
                waitingIn: road.road.area)
            let stranger = try await office.residentViewer("13900000077")
            let id = try await road.road.cases.startDraft(
                road.road.slug, answers: [:], stranger, area: road.road.area, language: .zh, at: road.road.now
            ).row.id
            try await road.road.cases.saveSection(
                GenericForm.sectionID, [("applicant", "演示冒名"), ("phone", "13900000077"), ("matter", "申请办理")], of: id,
                area: road.road.area, stranger, at: road.road.now)
            let number = try await road.road.cases.submit(
                id, stranger, road.road.occasion(stranger), language: .zh
            ).number
            let state = try await road.state(number)
            #expect(
                state.stage == .received && state.instant?.reason == .unconfirmed && state.instant?.registers == nil)
            #expect(try await Self.looks(road, number) == [])
        }
    }

    @Test("A register that hangs or fails is unavailable, within the time; what it tells too much is thrown away")
    func hanging() async throws {
        try await Office.open(.sqlite) { office in
            let road = try await Self.road(office)
            let item = try await road.item()
            let context = RuleContext(today: road.road.now.date)
            func ask(_ source: some RegisterSource) async -> [RegisterAnswer] {
                let house = office.house
                let api = RegistersAPI(
                    database: house.database, vaults: Vaults(keys: house.keys), catalogue: house.catalogue,
                    directory: house.directory, identity: house.identity, time: house.time,
                    sources: ["household": source], patience: .milliseconds(80))
                return await api.ask(item, context, idcard: Self.mine, uscc: nil, area: road.road.area)
            }
            let started = ContinuousClock.now
            let slow = await ask(Elsewhere(delay: .seconds(30)))
            #expect(slow.map(\.standing) == [.unavailable] && slow[0].isUnclear)
            #expect(ContinuousClock.now - started < .seconds(5))
            #expect(await ask(Elsewhere(fails: true)).map(\.standing) == [.unavailable])
            let day = JSON.string("1949-12-31")
            let full = await ask(Elsewhere(entries: [["registered": true, "birth": day, "salary": 1]]))
            #expect(full[0].standing == .found && full[0].facts == ["registered": true, "birth": day])
            // Of the wrong kind, or not there at all: nothing to decide upon.
            #expect(await ask(Elsewhere(entries: [["registered": "yes", "birth": day]]))[0].standing == .unavailable)
            #expect(await ask(Elsewhere(entries: [["birth": day]]))[0].standing == .unavailable)
            #expect(await ask(Elsewhere(entries: [["registered": true, "birth": .null]]))[0].standing == .found)
            #expect(await ask(Elsewhere(day: CivilDate("2100-01-01")))[0].standing == .stale)
            let api = office.house.registers
            let nobody = await api.ask(item, context, idcard: "", uscc: nil, area: road.road.area)
            #expect(nobody.map(\.standing) == [.numberless])
        }
    }

    @Test(
        "A head brings lists for his departments; a wrong line is named without what stood there",
        arguments: Backend.all)
    func pages(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Self.road(office)
            let today = road.road.now.date
            let head = try await road.desk("demo.head")
            let list = try await head.get("/\(Office.area)/desk/registers")
            #expect(list.status == 200 && list.text.contains("户籍登记簿") && list.text.contains("还没有导入"))
            let wrong: [(csv: String, says: String)] = [
                ("", "文件是空的"), (Self.head, "没有数据行"), ("号码不对,户口在本地,出生日期\n1,是,2000-01-01\n", "不是这个登记簿的字段"),
                ("公民身份号码,户口在本地\n\(Self.mine),是\n", "没有“出生日期”这一列"),
                (Self.head + "110105194912310021,是,1949-12-31\n", "号码不正确"),
                (Self.head + "\(Self.mine),也许,1949-12-31\n", "应是“是”或者“否”"),
                (Self.head + "\(Self.mine),是,去年\n", "不是日期"), (Self.head + "\(Self.mine),是\n", "列数与第一行不同"),
                (Self.head + "\(Self.mine),\"是,1949-12-31\n", "引号不成对"),
            ]
            for (csv, says) in wrong {
                let answer = try await Self.post(head, csv, of: today)
                #expect(answer.status == 422 && answer.text.contains(says), "\(says): \(answer.status)")
                #expect(!answer.text.contains(Self.mine), "\(says)")
            }
            let later = try await Self.post(head, Self.head + "\(Self.mine),是,1949-12-31\n", of: today.adding(days: 1))
            #expect(later.status == 422 && later.text.contains("不能晚于今天"))
            #expect(later.text.contains("value=\"\(today.adding(days: 1).day)\""), "nothing typed is lost")
            let workbook = try await Self.post(head, "PK\u{3}\u{4}rest", of: today)
            #expect(workbook.status == 422 && workbook.text.contains("另存为 CSV"))
            #expect(try await office.house.registers.editions(of: "household", area: road.road.area) == [])
            let done = try await Self.post(
                head, Self.head + "\(Self.mine),是,1949-12-31\n\(Self.mine),是,1949-12-31\n", of: today)
            #expect(done.status == 303)
            let older = try await Self.post(head, Self.head + "\(Self.mine),是,1949-12-31\n", of: today.adding(days: -1))
            #expect(older.status == 422 && older.text.contains("不能换成更早的"))
            let page = try await head.get("/\(Office.area)/desk/registers/household").text
            #expect(page.contains("正在使用") && page.contains("演示分管负责人"))
            let editions = try await office.house.registers.editions(of: "household", area: road.road.area)
            #expect(editions.map(\.entries) == [1], "the same line twice is one entry")
            let audit = try await road.desk("demo.audit")
            #expect(try await audit.get("/\(Office.area)/desk/admin/security").text.contains("导入登记簿数据"))
            #expect(try await head.get("/\(Office.area)/desk/registers/nothing").status == 404)
            let clerk = try await road.desk("demo.clerk")
            #expect(try await clerk.get("/\(Office.area)/desk/registers").status == 404)
        }
    }

    @Test("A text that a spreadsheet would run is refused")
    func formula() throws {
        let register = RegisterType(
            id: "r", name: LocalizedText(zh: "簿"), department: "d", key: .text,
            fields: [
                .init(id: "note", name: LocalizedText(zh: "备注"), kind: .text),
                .init(id: "sum", name: LocalizedText(zh: "数"), kind: .number),
            ])
        func faults(_ text: String) throws -> [RegisterFile.Fault.Kind] {
            RegisterFile(try ListText.rows(of: Array(text.utf8)), of: register).faults.map(\.kind)
        }
        #expect(try faults("key,note,sum\n1,=1+1,-5\n") == [.formula])
        for start in ["+", "-", "@"] { #expect(try faults("key,note,sum\n1,\(start)cmd,5\n") == [.formula]) }
        #expect(try faults("key,note,sum\n1,好,-5.5\n") == [])
        #expect(try faults("key,note,sum\n1,\(String(repeating: "长", count: 201)),x\n") == [.long, .number])
        #expect(try faults("key,note,note,sum\n1,a,b,1\n").contains(.twice))
    }

    @Test("Two imports at once: both are whole, the later day stands", arguments: Backend.all)
    func race(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Self.road(office)
            let (today, area) = (road.road.now.date, road.road.area)
            let rows = (0..<600).map { index in
                let body = "1101051949\(index < 300 ? "0101" : "0202")" + String(String(1_000 + index).suffix(3))
                return body + (CheckDigit.citizen(body).map(String.init) ?? "") + ",是,1949-01-01\n"
            }
            let text = Array((Self.head + rows.joined()).utf8)
            let actor = Actor(.os, id: "tester", channel: .system)
            let occasion = Occasion(area: area, at: road.road.now, actor: actor, request: "test")
            await withTaskGroup(of: Void.self) { group in
                for day in [today, today.adding(days: -1)] {
                    group.addTask {
                        _ = try? await office.house.registers.importList(
                            text, into: "household", datedOn: day, occasion)
                    }
                }
            }
            let editions = try await office.house.registers.editions(of: "household", area: area)
            #expect(editions.filter { $0.state == .current }.map(\.datedOn) == [today])
            #expect(editions.allSatisfy { $0.state != .loading } && editions.filter { $0.vault != nil }.count == 1)
        }
    }

    @Test("A certificate of another area counts where the item lets it", arguments: Backend.all)
    func elsewhere(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, "370213"]) { office in
            let road = try await LawRoad(office)
            try await road.reshape { item in
                item.outcome[0].certificate = "business-licence"
                item.outcome[0].validity = .period(Limit(100, .days))
                item.instantWhen = Rule(["==": [1, 1]])
            }
            // The same item in another area, where it is decided.
            let there = try #require(AreaCode("370213"))
            let department = try await office.house.directory.profile(of: there).departments[0].id
            var copy = try await road.item()
            copy.department = department
            let (item, now) = (copy, road.road.now)
            try await office.house.database.write { tx in
                _ = try CatalogueStore.publish(
                    item, provenance: [:], grams: [], source: "test", area: there, at: now, tx)
            }
            let resident = try await office.residentViewer("13800000001", in: "370213")
            let cases = road.road.cases
            let draft = try await cases.startDraft(
                item.slug, answers: [:], resident, area: there, language: .zh, at: now
            ).row.id
            try await cases.saveSection(
                GenericForm.sectionID, [("applicant", "演示居民甲"), ("phone", "13800000001"), ("matter", "申请办理")],
                of: draft, area: there, resident, at: now)
            let actor = Viewer.resident(resident).actor(via: .web)
            let occasion = Occasion(area: there, at: now, actor: actor, request: "test")
            let earned = try await cases.submit(draft, resident, occasion, language: .zh).number
            #expect(try await cases.open(number: earned, area: there).state.stage == .completed)
            try await office.runJobs()

            try await road.reshape { $0.instantWhen = Rule(["var": "certificate.business-licence"]) }
            let first = try await road.state(try await road.road.submit())
            #expect(first.stage == .received && first.instant?.reason == .rule, "only those of the own area")
            try await road.reshape { $0.instantAnywhere = true }
            let second = try await road.road.submit()
            let state = try await road.state(second)
            #expect(state.stage == .completed)
            let held = try #require(state.instant?.certificates?.first)
            #expect(held.area == there && held.number == earned && held.type == "business-licence")
            #expect(try await road.mine(second).contains("由 370213 签发"))
            try await road.checked()
        }
    }

    // MARK: The road

    /// The road's item asks the household register: registered here, sixty or more.
    private static func road(_ office: Office) async throws -> LawRoad {
        let road = try await LawRoad(office)
        try await road.reshape { item in
            item.registers = [
                RegisterUse(
                    id: "household", source: "household", key: Rule(["var": "applicant.idcard"]),
                    fields: ["registered", "birth"], maxAge: Limit(35, .days), absent: .people, unavailable: .people,
                    basis: [])
            ]
            item.instantWhen = Rule([
                "and": [
                    ["var": "register.household.registered"],
                    [">=": [["age": [["var": "register.household.birth"]]], 60]],
                ]
            ])
        }
        return road
    }

    /// A case is handed in and waits for people, who see why.
    private static func left(
        _ road: LawRoad, _ reason: InstantBasis.Reason, _ standing: RegisterAnswer.Standing
    ) async throws {
        let number = try await road.road.submit()
        let state = try await road.state(number)
        #expect(state.stage == .received && state.instant?.reason == reason, "\(standing)")
        #expect(state.instant?.registers?.map(\.standing) == [standing])
        #expect(try await road.names(number).suffix(1) == ["left-to-people"])
        let page = try await road.desk("demo.clerk").get("/\(Office.area)/desk/cases/\(number)").text
        #expect(page.contains("没有自动决定") && page.contains("户籍登记簿"), "\(standing)")
        #expect(try await road.mine(number).contains("转人工办理"))
        // It goes on as every other.
        try await road.road.cases.accept(number, road.road.clerk, road.road.occasion(road.road.clerk))
        #expect(try await road.stage(number) == .accepted)
    }

    private static func bring(_ road: LawRoad, _ csv: String, of day: CivilDate) async throws {
        let answer = try await post(try await road.desk("demo.head"), csv, of: day)
        try #require(answer.status == 303, "\(answer.text)")
    }

    private static func post(_ client: Client, _ csv: String, of day: CivilDate) async throws -> Client.Answer {
        let page = "/\(Office.area)/desk/registers/household"
        let form = HTMLReader(try await client.get(page).text).all("input")
        let token = try #require(form.first { $0["name"] == "csrf" }?["value"])
        return try await client.send(
            .post, page,
            multipart([
                ("csrf", nil, Array(token.utf8)), ("dated.year", nil, Array("\(day.year)".utf8)),
                ("dated.month", nil, Array("\(day.month)".utf8)), ("dated.day", nil, Array("\(day.day)".utf8)),
                ("list", "list.csv", Array(csv.utf8)),
            ]), [.contentType: "multipart/form-data; boundary=b"])
    }

    private static func journal(_ road: LawRoad, _ number: String) async throws -> String {
        let (id, area) = (try await road.road.cases.open(number: number, area: road.road.area).id, road.road.area)
        return try await road.office.house.database.read { tx in
            try JournalStore.entries(of: id, area: area, tx).map(\.data).joined()
        }
    }

    /// Registers that were asked for a case, as the log of looks has them.
    private static func looks(_ road: LawRoad, _ number: String) async throws -> [String] {
        let (id, area) = (try await road.road.cases.open(number: number, area: road.road.area).id, road.road.area)
        return try await road.office.house.database.read { tx in
            try AccessLog.looks(at: id, area: area, limit: 50, tx).map(\.slot).filter { $0.hasPrefix("register/") }
        }
    }
}

/// A department's own system.
private struct Elsewhere: RegisterSource {
    var delay: Duration = .zero
    var fails = false
    var day: CivilDate?
    var entries: [[String: JSON]] = []

    func entries(of register: RegisterType, key: String, fields: [String], area: AreaCode) async throws
        -> RegisterReply
    {
        try await Task.sleep(for: delay)
        if fails { throw RegisterFault.unreadable }
        return RegisterReply(asOf: day ?? CivilDate(dayNumber: 20_500), edition: 0, entries: entries)
    }
}
