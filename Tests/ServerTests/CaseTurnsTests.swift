import Composition
import Documents
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Cases
@testable import Catalogue
@testable import Identity

/// What happens beside the plain road: numbers under a race, an absence, an error of the office, an item for others.
@Suite("Turnings of the road")
struct CaseTurnsTests {
    @Test("Results are numbered without gap or double, whoever loses the race for them", arguments: Backend.all)
    func numbers(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            try await road.publish { item in
                item.outcome = [
                    Outcome(
                        id: "licence", kind: .register, name: LocalizedText(zh: "示范证", en: nil), certificate: nil,
                        number: "JY{6}", validity: nil, dated: .decision, renew: nil, verify: false)
                ]
            }
            var cases: [String] = []
            for _ in 0..<6 {
                let number = try await road.submit()
                try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
                try await road.cases.passReview(number, opinion: "", road.reviewer, road.occasion(road.reviewer))
                try await road.cases.approve(number, road.approver, road.occasion(road.approver))
                cases.append(number)
            }
            await withTaskGroup(of: Void.self) { group in
                for number in cases {
                    for clerk in [road.clerk, road.clerk2, road.clerk] {
                        group.addTask {
                            _ = try? await road.cases.complete(
                                number, delivery: "electronic", clerk, road.occasion(clerk))
                        }
                    }
                }
            }
            var given: [String] = []
            for number in cases {
                let opened = try await road.cases.openOwn(number, area: road.area, road.resident)
                #expect(opened.state.stage == .completed)
                let result = try #require(opened.state.result?.number)
                let notices = try await road.cases.notices(of: opened)
                #expect(notices.compactMap(\.result) == [result], "the paper names it")
                given.append(result)
            }
            #expect(given.sorted() == (1...6).map { "JY00000\($0)" })
            #expect(try await office.house.verifier.run().faults.isEmpty)
        }
    }

    @Test("A number taken by what then failed is given to the next", arguments: Backend.all)
    func failed(_ backend: Backend) async throws {
        struct Crash: Error {}
        try await Office.open(backend) { office in
            let area = try #require(AreaCode(Office.area))
            let database = office.house.database
            let take: @Sendable (Transaction) throws -> Int = { tx in
                try NumberSeries.gapless("result/x/y", area: area, year: 2026, tx)
            }
            #expect(try await database.write(take) == 1)
            await #expect(throws: Crash.self) {
                try await database.write { tx in
                    _ = try take(tx)
                    throw Crash()
                }
            }
            #expect(try await database.write(take) == 2)
        }
    }

    @Test("Who stands in for somebody away gets the cases in their journals, and may act", arguments: Backend.all)
    func absence(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let (taken, answered, returned) = (
                try await road.submit(), try await road.submit(), try await road.submit()
            )
            let points = [CorrectionWords.Point(id: "f.matter", subject: "申请事由", problem: "没有写原因", fix: "请补充")]
            try await road.cases.claim(taken, road.clerk, road.occasion(road.clerk))
            try await road.cases.requestCorrection(
                answered, points: points, days: 5, road.clerk, road.occasion(road.clerk))
            try await road.cases.accept(returned, road.clerk, road.occasion(road.clerk))
            try await road.cases.passReview(returned, opinion: "", road.reviewer, road.occasion(road.reviewer))
            let today = road.now.date
            for (away, deputy) in [(road.clerk, road.clerk2), (road.reviewer, road.clerk2)] {
                _ = try await office.house.identity.announceAbsence(
                    road.area, staff: away.id, deputy: deputy.id, from: today, to: today,
                    Doing(actor: Viewer.staff(away).actor(via: .window), request: "test", at: road.now))
            }
            #expect(try await road.assignee(taken) == road.clerk2.id)
            // What comes back to him while he is away goes to the deputy as well.
            try await road.cases.supplement(
                answered, values: ["matter": "补充了原因"], files: [], answers: [:], road.resident,
                road.occasion(road.resident))
            #expect(try await road.assignee(answered) == road.clerk2.id)
            try await road.cases.sendBack(returned, reason: "再核对", road.approver, road.occasion(road.approver))
            #expect(try await road.assignee(returned) == road.clerk2.id)
            try await road.cases.accept(taken, road.clerk2, road.occasion(road.clerk2))
            #expect(try await road.stage(taken) == .accepted)
            await #expect(throws: DomainError.self) {
                try await road.cases.accept(answered, road.clerk, road.occasion(road.clerk))
            }
            #expect(try await office.house.verifier.run().faults.isEmpty)
        }
    }

    @Test("What was issued in error holds no longer; the receipt does", arguments: Backend.all)
    func void(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
            await #expect(throws: DomainError.refused(Message("cases.refused.secondOfficer"))) {
                try await road.cases.void(number, reason: "选错事项", road.clerk, road.occasion(road.clerk))
            }
            await #expect(throws: DomainError.invalid("reason", "cases.fault.reason")) {
                try await road.cases.void(number, reason: "", road.reviewer, road.occasion(road.reviewer))
            }
            try await road.cases.void(number, reason: "选错事项", road.reviewer, road.occasion(road.reviewer))
            let opened = try await road.cases.openOwn(number, area: road.area, road.resident)
            #expect(opened.state.stage == .voided)
            let states = try await road.cases.notices(of: opened).map { [$0.kind, $0.state] }
            #expect(Set(states) == [["receipt", "valid"], ["acceptance", "revoked"]])
        }
    }

    @Test("A lost race is told with who acted, in the reader's language", arguments: Backend.all)
    func told(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            let stale = try await road.cases.open(number: number, area: road.area)
            try await road.cases.withdraw(number, reason: "", road.resident, road.occasion(road.resident))
            let message = try await road.cases.told(Message("cases.conflict.withdrawn"), stale.id, road.area)
            let locales = office.house.context.pages.locales
            #expect(locales.text(message, in: .zh).contains("申请人已撤回申请"))
            #expect(locales.text(message, in: .en).hasPrefix("Applicant"))
            #expect(!locales.text(message, in: .en).contains("申请人"))
        }
    }

    @Test("A draft does not begin for somebody the item is not for; the page says what to do", arguments: Backend.all)
    func audience(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            try await road.publish { $0.audience = [.enterprise] }
            await #expect(throws: DomainError.refused(Message("cases.refused.forOrganisations"))) {
                _ = try await road.draft()
            }
            let guide = "/\(Office.area)/items/\(road.slug)"
            let alone = Client(office)
            _ = try await alone.signInResident("13800000001")
            let sent = try await alone.post("\(guide)/apply", from: guide)
            let page = try await alone.get(try #require(sent.location))
            #expect(page.status == 422)
            #expect(page.text.contains("登记单位"))
            let api = try await alone.post("/api/v1/areas/\(Office.area)/items/\(road.slug)/drafts", from: guide)
            #expect(api.status == 422 || api.status == 415, "\(api.text)")

            let owner = Client(office)
            _ = try await owner.signInResident("13800000002")
            let asked = try await owner.get("\(guide)/apply")
            #expect(asked.text.contains("为演示餐饮有限公司申请"))
            let viewer = try #require(try await office.resident(owner).resident)
            let company = try #require(try await office.house.identity.organisations(of: viewer).first)
            let switched = try await owner.post(
                "/\(Office.area)/my/acting-for",
                ["action": "switch", "subject": company.subject, "back": guide], from: "\(guide)/apply")
            #expect(switched.location == guide)
            let begun = try await owner.post("\(guide)/apply", from: guide)
            #expect(begun.location?.contains("/my/drafts/") == true)
            let elsewhere = try await owner.post(
                "/\(Office.area)/my/acting-for",
                ["action": "switch", "subject": "", "back": "//example.org/"], from: "/\(Office.area)/my/acting-for")
            #expect(elsewhere.location == "/\(Office.area)/my/acting-for")
        }
    }
}

extension Road {
    /// Puts another version of the road's item on offer.
    func publish(_ change: (inout ItemDefinition) -> Void) async throws {
        var item = try await cases.catalogue.current(slug, area: area).definition
        change(&item)
        let (changed, area, now) = (item, area, now)
        _ = try await office.house.database.write { tx in
            try CatalogueStore.publish(
                changed, provenance: [:], grams: [], source: "test", area: area, at: now, tx)
        }
    }

    /// Who has the task, by its row; the case says the same.
    func assignee(_ number: String) async throws -> String? {
        let opened = try await cases.open(number: number, area: area)
        let (id, area) = (opened.id, area)
        let row = try await office.house.database.read { tx in try TaskStore.tasks(of: id, area: area, tx).first }
        #expect(row?.assignee == opened.state.assignee)
        return row?.assignee
    }
}
