import Cases
import Catalogue
import Composition
import Cryptography
import Directory
import Documents
import Foundation
import Identity
import Kernel
import Packages
import Storage
import TestKit
import Testing
import Web
import Workflow

/// 企业开办 in Jinniu: a founder opens a company in one application that several departments handle at once.
@Suite("One-thing packages on the road")
struct PackageRoadTests {
    @Test(
        "One application, the licence first, then every department at once, to the last result", arguments: Backend.all)
    func wholeRoad(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let number = try await founder.submit()
            // The same draft again answers the same number and begins nothing.
            #expect(
                try await founder.cases.submit(founder.draft, founder.resident, founder.occasion, language: .zh).number
                    == number)
            var state = try await founder.state(number)
            #expect(state.steps.map(\.stage) == [.open, .waiting, .waiting, .waiting, .waiting, .waiting])
            let licence = try #require(state.step("licence")?.number)

            // The department's case holds its own share, and the paper that was handed in once.
            let opened = try await founder.cases.open(number: licence, area: founder.area)
            let content = try opened.content()
            #expect(content.form["company_name"] == "成都样例科技有限公司")
            #expect(content.form["seal_maker"] == nil)
            #expect(content.situations == ["place_promise": "promise", "who": "self"])
            #expect(opened.state.files.map(\.material) == ["articles"])
            let copy = try await founder.cases.file(opened.state.files[0].id, of: opened)
            #expect(try copy.reader.read(0..<5) == Array("%PDF-".utf8))

            try await founder.finish(licence)
            state = try await founder.state(number)
            #expect(state.step("seals")?.stage == .due)
            #expect(state.limit?.running.limit == Limit(4, .workingHours))
            #expect(try await founder.packages.openSteps(at: founder.now) == 5)
            #expect(try await founder.packages.openSteps(at: founder.now.adding(seconds: 120)) == 0)
            state = try await founder.state(number)
            #expect(state.steps.dropFirst().allSatisfy { $0.stage == .open })
            let seals = try await founder.cases.open(
                number: try #require(state.step("seals")?.number), area: founder.area)
            #expect(try seals.content().form["maker"] == "maker_4")
            #expect(try seals.content().situations == ["standing": "new"])
            #expect(seals.state.department == "public-security")
            for step in state.steps.dropFirst() { try await founder.finish(try #require(step.number)) }
            state = try await founder.state(number)
            #expect(state.stage == .completed)
            let left = try await office.house.database.read { [area = founder.area, id = founder.draft] tx in
                try TimerStore.timers(of: id, area: area, tx).count
            }
            #expect(left == 0)
            let report = try await office.house.verifier.run()
            #expect(report.faults.isEmpty, "\(report.faults)")
        }
    }

    @Test("Two servers and a crash between claim and case open each step once", arguments: Backend.all)
    func once(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let number = try await founder.submit()
            try await founder.finish(try #require(try await founder.state(number).step("licence")?.number))
            // A server takes the letters and is gone before it opens anything.
            let (area, now) = (founder.area, founder.now)
            let letters = try await office.house.database.read { tx in
                try Outbox.due(channel: "package-step", at: now, limit: 10, tx)
            }
            #expect(letters.count == 5)
            let taken = try await office.house.database.write { tx in
                try letters.filter { try Outbox.claim($0, at: now, tx) }.count
            }
            #expect(taken == 5)
            #expect(try await founder.packages.openSteps(at: now) == 0)
            // A minute later two others come at the same time.
            let later = now.adding(seconds: 61)
            async let first = founder.packages.openSteps(at: later)
            async let second = founder.packages.openSteps(at: later)
            #expect(try await first + (try await second) == 5)
            let cases = try await office.house.database.read { tx in
                try CasesStore.owned(by: founder.resident.account, area: area, limit: 50, tx)
            }
            #expect(cases.count == 6)
            #expect(Set(cases.map(\.item)).count == 6)
        }
    }

    @Test("Departments that finish at the same moment all finish", arguments: Backend.all)
    func atOnce(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let number = try await founder.submit()
            try await founder.finish(try #require(try await founder.state(number).step("licence")?.number))
            try await founder.packages.openSteps(at: founder.now)
            let numbers = try await founder.state(number).steps.dropFirst().compactMap(\.number)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in numbers { group.addTask { try await founder.finish(number) } }
                try await group.waitForAll()
            }
            #expect(try await founder.state(number).stage == .completed)
        }
    }

    @Test("A founder no longer wants the seals: the step is left out before it begins", arguments: Backend.all)
    func leftOut(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let number = try await founder.submit()
            let own = Client(office)
            _ = try await own.signInResident("13800000001")
            let page = "/\(Office.area)/my/packages/\(number)"
            let (seals, licence) = ("\(page)/steps/seals/leave-out", "\(page)/steps/licence/leave-out")
            let before = try await own.get(page).text
            #expect(before.contains(seals) && !before.contains(licence))
            #expect(try await own.get(licence).location == page)
            #expect(try await own.post(seals, from: seals).location == page)
            #expect(try await own.get(page).text.contains("申请人不办：刻章"))
            #expect(try await founder.state(number).step("seals")?.stage == .leftOut)
            try await founder.finish(try #require(try await founder.state(number).step("licence")?.number))
            #expect(try await founder.packages.openSteps(at: founder.now) == 4)
            for step in try await founder.state(number).steps where step.stage == .open {
                try await founder.finish(try #require(step.number))
            }
            let state = try await founder.state(number)
            #expect(state.stage == .completed && state.step("seals")?.number == nil)
            await #expect(throws: DomainError.self) {
                try await founder.packages.leaveOut("tax", of: number, founder.resident, founder.occasion)
            }
            #expect(try await office.house.verifier.run().faults.isEmpty)
        }
    }

    @Test("A refused licence ends the whole; nothing else was begun", arguments: Backend.all)
    func declined(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let number = try await founder.submit()
            let licence = try #require(try await founder.state(number).step("licence")?.number)
            try await founder.cases.decideAgainst(
                .notNeeded, licence, words: DecisionWords(reason: "依法不需要"), founder.clerk,
                founder.occasion(founder.clerk))
            // No licence is needed: the others go on.
            #expect(try await founder.state(number).step("tax")?.stage == .due)
            let other = try await Founder(office, named: "成都样例乙有限公司")
            let second = try await other.submit()
            let case2 = try #require(try await other.state(second).step("licence")?.number)
            try await other.cases.decideAgainst(
                .decline, case2, words: DecisionWords(reason: "不属于本机关", referTo: "市市场监管局"), other.clerk,
                other.occasion(other.clerk))
            let state = try await other.state(second)
            #expect(state.stage == .failed)
            #expect(state.steps.dropFirst().allSatisfy { $0.stage == .cancelled })
        }
    }

    @Test("Withdrawn as a whole: what runs is taken back, what is decided stays", arguments: Backend.all)
    func withdrawn(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let number = try await founder.submit()
            try await founder.finish(try #require(try await founder.state(number).step("licence")?.number))
            try await founder.packages.openSteps(at: founder.now)
            try await founder.finish(try #require(try await founder.state(number).step("tax")?.number))
            let state = try await founder.packages.withdraw(number, founder.resident, founder.occasion)
            #expect(state.stage == .withdrawn)
            #expect(state.step("licence")?.stage == .done && state.step("tax")?.stage == .done)
            #expect(state.step("seals")?.stage == .withdrawn)
            #expect(try await founder.packages.withdraw(number, founder.resident, founder.occasion).stage == .withdrawn)
        }
    }

    @Test(
        "One receipt and one code for the whole: whoever holds it sees every step, and nobody else",
        arguments: Backend.all)
    func receipt(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let number = try await founder.submit()
            let opened = try await founder.packages.openOwn(number, area: founder.area, founder.resident)
            let code = try #require(try opened.text("query-code"))
            let own = Client(office)
            _ = try await own.signInResident("13800000001")
            let path = "/\(Office.area)/my/packages/\(number)"
            #expect(try await own.get(path).text.contains(code.prefix(4)))
            let paper = try await own.get(path + "/receipt")
            #expect(paper.status == 200 && paper.body.starts(with: "%PDF-".utf8))
            let other = Client(office)
            _ = try await other.signInResident("13800000002")
            #expect(try await other.get(path + "/receipt").status == 404)
            // Its code leads to the form with both filled in, and the form to the steps.
            let visitor = Client(office)
            let page = "/\(Office.area)/" + Notices.progress(number: number, code: code)
            let form = HTMLReader(try await visitor.get(page).text)
            #expect(form.all("input").first { $0["name"] == "code" }?["value"] == code)
            let progress = "/\(Office.area)/progress"
            let seen = try await visitor.post(progress, ["number": number, "code": code], from: page)
            #expect(seen.status == 200)
            #expect(seen.text.contains("企业开办一件事") && seen.text.contains("未开始"))
            #expect(!seen.text.contains("演示居民甲") && !seen.text.contains("成都样例"))
            let guess = try await visitor.post(progress, ["number": number, "code": "ABCD2345"], from: page)
            #expect(guess.status == 422 && !guess.text.contains("企业开办"))
        }
    }

    @Test(
        "One step taken back before it is decided: the others go on, and the whole ends with what was done",
        arguments: Backend.all)
    func stepTakenBack(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let number = try await founder.submit()
            try await founder.finish(try #require(try await founder.state(number).step("licence")?.number))
            try await founder.packages.openSteps(at: founder.now)
            let seals = try #require(try await founder.state(number).step("seals")?.number)
            try await founder.cases.withdraw(seals, reason: "", founder.resident, founder.occasion)
            var state = try await founder.state(number)
            #expect(state.step("seals")?.stage == .withdrawn && state.step("tax")?.stage == .open)
            #expect(state.stage == .running)
            for step in state.steps where step.stage == .open {
                try await founder.finish(try #require(step.number))
            }
            state = try await founder.state(number)
            #expect(state.stage == .partly)
            // Taken back before anything was decided, the licence ends the whole by its rule.
            let other = try await Founder(office, named: "成都样例丙有限公司")
            let second = try await other.submit()
            let licence = try #require(try await other.state(second).step("licence")?.number)
            try await other.cases.withdraw(licence, reason: "", other.resident, other.occasion)
            let ended = try await other.state(second)
            #expect(ended.stage == .failed)
            #expect(ended.steps.dropFirst().allSatisfy { $0.stage == .cancelled })
        }
    }

    @Test("The district pays a key enterprise's seals: with the document that names it, and four at most")
    func sealsPaid() async throws {
        try await Office.open(.sqlite) { office in
            let founder = try await Founder(office)
            func ask(_ kinds: [String], _ document: String) async throws -> [String] {
                try await founder.cases.saveSection(
                    "seals_section",
                    kinds.map { (name: "seal_kinds", value: $0) } + [
                        ("seal_maker", "maker_4"), ("seal_payer", "district"), ("key_enterprise", document),
                    ], of: founder.draft, area: founder.area, founder.resident, at: founder.now)
                let open = try await founder.cases.openDraft(founder.draft, area: founder.area, founder.resident)
                return founder.cases.check(open, founder.resident, language: .zh, on: founder.now.date).faults
                    .map(\.field)
            }
            let five = ["official", "finance", "invoice", "contract", "name"]
            #expect(try await ask(five, "样例〔2026〕1号") == ["seal_payer"])
            #expect(try await ask(["official"], "") == ["seal_payer"])
            #expect(try await ask(Array(five.dropLast()), "样例〔2026〕1号").isEmpty)
            let number = try await founder.submit()
            try await founder.finish(try #require(try await founder.state(number).step("licence")?.number))
            try await founder.packages.openSteps(at: founder.now)
            let seals = try await founder.cases.open(
                number: try #require(try await founder.state(number).step("seals")?.number), area: founder.area)
            #expect(try seals.content().form["key_enterprise"] == "样例〔2026〕1号")
        }
    }

    @Test("A gap that only a department would find is told before the package is handed in", arguments: Backend.all)
    func gaps(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office, complete: false)
            await #expect(throws: DomainError.self) { try await founder.submit() }
            let open = try await founder.cases.openDraft(founder.draft, area: founder.area, founder.resident)
            let check = founder.cases.check(open, founder.resident, language: .zh, on: founder.now.date)
            #expect(!check.isReady && check.missing.map(\.id) == ["articles"])
        }
    }

    @Test(
        "Every district's company package can be handed in as its pack says",
        arguments: [
            ("370213", 6), ("511800", 3), ("500105", 5), ("420607", 6),
        ])
    func districts(_ area: String, _ steps: Int) async throws {
        try await Office.open(.sqlite, areas: [area]) { office in
            let founder = try await Founder(office, in: area)
            let number = try await founder.submit()
            let state = try await founder.state(number)
            #expect(state.steps.count == steps)
            #expect(state.step("licence")?.stage == .open)
            try await founder.finish(try #require(state.step("licence")?.number))
            #expect(try await founder.packages.openSteps(at: founder.now) == steps - 1)
        }
    }
}

/// Somebody who opens a company, and the clerk of every department.
struct Founder: Sendable {
    let office: Office
    let cases: CasesAPI
    let packages: PackagesAPI
    let area: AreaCode
    let resident: ResidentViewer
    let clerk: StaffViewer
    let draft: String
    var now: Moment { office.time.source.now() }

    init(
        _ office: Office, in code: String = Office.area, named name: String = "成都样例科技有限公司",
        complete: Bool = true,
        representative: (name: String, idNumber: String, phone: String) = (
            "演示居民甲", "11010519491231002X", "13800000001"
        )
    ) async throws {
        self.office = office
        cases = office.house.cases
        packages = office.house.packages
        area = try #require(AreaCode(code))
        resident = try await office.residentViewer("13800000001", in: code)
        let client = Client(office)
        _ = try await client.signInStaff("demo.clerk", in: code)
        clerk = try #require(try await office.staff(client, in: code).staff)
        let package = try await office.house.catalogue.current("start-a-company", area: area).definition
        let wanted = package.situations.first { $0.id == "wanted" }?.answers.map { JSON.string($0.id) } ?? []
        let now = office.time.source.now()
        draft = try await cases.startDraft(
            "start-a-company",
            answers: ["place_promise": "promise", "who": "self", "wanted": .array(wanted)], resident, area: area,
            language: .zh, at: now
        ).row.id
        // A city has no streets of its own; a code of the right form stands for one of its counties'.
        let street = try await office.house.directory.profile(of: area).divisions.first?.code ?? "\(code)001"
        let day = now.date
        let answers: [String: [(name: String, value: String)]] = [
            "company": [
                ("company_name", name), ("capital", "500000"), ("paid_by.year", String(day.year + 2)),
                ("paid_by.month", "1"), ("paid_by.day", "31"), ("scope_of_business", "软件开发"),
                ("site.division", street), ("site.line", "样例路1号"),
            ],
            "people": [
                ("shareholders.0.holder.name", "演示居民甲"), ("shareholders.0.holder.idcard", "11010519491231002X"),
                ("shareholders.0.share", "500000"), ("representative.name", representative.name),
                ("representative.idcard", representative.idNumber), ("representative.phone", representative.phone),
                ("finance_officer.name", "演示居民甲"), ("finance_officer.idcard", "11010519491231002X"),
                ("finance_officer.phone", "13800000001"), ("beneficial_owner", "exempt"),
                ("contact_phone", "13800000001"),
            ],
            "seals_section": [
                ("seal_kinds", "official"), ("seal_kinds", "finance"),
                ("seal_maker", code == Office.area ? "maker_4" : "nearest"), ("seal_payer", "self"),
            ],
            "tax_section": [("accounting", "small"), ("taxpayer", "small"), ("invoices", "digital")],
            "staff_section": [
                ("staff", "2"), ("first_month.year", String(day.year)), ("first_month.month", String(day.month)),
                ("first_month.day", String(day.day)), ("fund_rate", "5"),
            ],
            "bank_section": [("branch", "样例银行样例路支行"), ("currency", "local")],
        ]
        for section in package.form {
            guard let pairs = answers[section.id] else { continue }
            try await cases.saveSection(section.id, pairs, of: draft, area: area, resident, at: now)
        }
        guard complete else { return }
        let files = cases.files
        _ = try await cases.attach(
            named: "章程.pdf", material: "articles", to: draft, area: area, resident, at: now
        ) { vault, id, _, _ in try files.store(Array("%PDF-1.4 x".utf8), kind: .pdf, into: vault, id: id) }
    }

    var occasion: Occasion {
        Occasion(area: area, at: now, actor: Viewer.resident(resident).actor(via: .web), request: "test")
    }

    func occasion(_ viewer: StaffViewer) -> Occasion {
        Occasion(area: area, at: now, actor: Viewer.staff(viewer).actor(via: .window), request: "test")
    }

    func submit() async throws -> String {
        try await cases.submit(draft, resident, occasion, language: .zh).number
    }

    func state(_ number: String) async throws -> PackageState {
        try await packages.openOwn(number, area: area, resident).state
    }

    /// Accepts and completes a step's case.
    func finish(_ number: String) async throws {
        try await cases.accept(number, clerk, occasion(clerk))
        try await cases.complete(number, delivery: "electronic", clerk, occasion(clerk))
    }
}
