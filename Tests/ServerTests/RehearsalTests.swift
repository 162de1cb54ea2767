import Composition
import Directory
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Cases
@testable import Catalogue
@testable import Supervision

/// Decided cases played through an edited item before it is published.
@Suite("Rehearsal of an edited item")
struct RehearsalTests {
    @Test("Days are saved where the journal shows what they went on, and nowhere else", arguments: Backend.all)
    func saved(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let area = road.area
            let item = try await road.cases.catalogue.current(road.slug, area: area).definition
            let calendar = try await road.cases.directory.calendar(of: area)
            let plain = try await LimitFigureTests.decided(road, after: 2)
            let corrected = try await road.submit()
            try await road.cases.requestCorrection(
                corrected, points: [.init(id: "m.attachments", subject: "材料", problem: "看不清", fix: "重新拍")], days: 5,
                road.clerk, road.occasion(road.clerk))
            // Nobody answers: the application lapses.
            office.time.advance(seconds: 12 * 86_400)
            try await office.runJobs()

            func line(_ number: String, _ edit: ItemEdit) async throws -> Rehearsal.Line? {
                let journal = try await office.house.database.read { tx -> [JournalEntry] in
                    guard let line = try CasesStore.line(number: number, area: area, tx) else { return [] }
                    return try JournalStore.entries(of: line.id, area: area, tx)
                }
                return try Rehearsal.line(number, journal, edit: edit, item: item, calendar: calendar)
            }
            let unreviewed = try #require(try await line(plain, ItemEdit(dropsReview: true)))
            #expect(unreviewed.daysBefore == 2 && unreviewed.daysAfter == 0 && !unreviewed.endChanges)
            let other = try #require(try await line(plain, ItemEdit(materials: ["attachments"])))
            #expect(other.saved == 0, "there was no correction to be spared")
            let shorter = try #require(try await line(plain, ItemEdit(promised: Limit(1, .workingDays))))
            #expect(shorter.saved == 0 && !shorter.wasLate && shorter.wouldBeLate)
            let spared = try #require(try await line(corrected, ItemEdit(materials: ["attachments"])))
            #expect(spared.endChanges && spared.correctionsSpared == 1)
            let kept = try #require(try await line(corrected, ItemEdit(promised: Limit(1, .workingDays))))
            #expect(!kept.endChanges)
            #expect(ItemEdit(dropsReview: true).applied(to: item).stage(.review) == nil)

            try await JournalWalk(cases: road.cases, resources: LimitFigureTests.resources).run(at: road.now)
            let admin = Client(office)
            _ = try await admin.signInStaff("demo.admin")
            let path = "/510106/desk/admin/items/\(road.slug)/rehearsal"
            #expect(try await admin.get(path).status == 200)
            let shown = try await admin.get(path + "?review=no&drop=attachments&size=50")
            #expect(shown.status == 200)
            #expect(shown.text.contains("2 件") && shown.text.contains("省下 2 个工作日") && shown.text.contains("1 件的结果"))
            let refused = try await admin.get(path + "?promised=soon&size=50")
            #expect(refused.status == 422 && refused.text.contains("soon"), "nothing typed is lost")
        }
    }

    @Test(
        "Edited rules are judged again on what was handed in: decisions, materials, answers, each with its reasons",
        arguments: Backend.all)
    func rules(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let law = try await LawRoad(office)
            try await law.reshape { item in
                item.form[0].fields.append(Self.area(of: item))
                item.instantWhen = Rule([">=": [["var": "form.size"], 1_000]])
            }
            let road = law.road
            // Forty, sixty and a hundred square metres; people decided each.
            var numbers: [String] = []
            for size in [40, 60, 100] {
                let draft = try await road.draft()
                try await road.cases.saveSection(
                    GenericForm.sectionID,
                    [("applicant", "演示居民甲"), ("phone", "13800000001"), ("matter", "申请办理"), ("size", "\(size)")],
                    of: draft, area: road.area, road.resident, at: road.now)
                let number = try await road.cases.submit(
                    draft, road.resident, road.occasion(road.resident), language: .zh
                ).number
                #expect(try await law.stage(number) == .received)
                try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
                try await law.decide(number)
                numbers.append(number)
            }
            try await JournalWalk(cases: road.cases, resources: LimitFigureTests.resources).run(at: road.now)
            let admin = Client(office)
            _ = try await admin.signInStaff("demo.admin")
            let path = "/510106/desk/admin/items/\(road.slug)/rehearsal"
            #expect(try await admin.get(path).text.contains("rule-instant"))
            func run(_ fields: [String: String]) async throws -> Client.Answer {
                try await admin.post(path, fields.merging(["size": "50"]) { $1 }, from: path)
            }
            let instant = try await run(["rule-instant": #"{">=":[{"var":"form.size"},50]}"#])
            #expect(instant.status == 200 && instant.text.contains("3 件申请：2 件的决定会变"))
            #expect(instant.text.contains("由工作人员决定 → 自动决定") && instant.text.contains("form.size = 60"))
            for (number, isChanged) in zip(numbers, [false, true, true]) {
                #expect(instant.text.contains(CaseNumber.grouped(number)) == isChanged)
            }
            #expect(!instant.text.contains("演示居民甲"), "what is personal is not shown")
            let material = try await law.item().materials[0]
            let more = try await run(["rule-material.\(material.id)": #"{">":[{"var":"form.size"},80]}"#])
            #expect(more.text.contains("1 件要多交材料") && more.text.contains("要多交：\(material.name.zh)"))
            let required = try await run(["rule-require.size": "true"])
            #expect(required.text.contains("0 件的决定会变"))
            // Nobody finds out by a rule whose phone it is.
            let probe = try await run(["rule-instant": #"{"==":[{"var":"form.phone"},"13800000001"]}"#])
            #expect(probe.status == 422 && probe.text.contains("是个人信息"))
            #expect(!probe.text.contains("件的决定会变"))
            for (wrong, says) in [
                ("{", "不是 JSON"), (#"{"var":"form.nothing"}"#, "没有声明"), (#"{"nonsense":[1]}"#, "条件写错"),
            ] {
                let answer = try await run(["rule-instant": wrong])
                #expect(answer.status == 422 && answer.text.contains(says), "\(wrong)")
                #expect(
                    answer.text.contains(wrong.replacingOccurrences(of: "\"", with: "&quot;")), "nothing typed is lost")
            }
            let area = road.area
            let looks = try await office.house.database.read { tx in
                try tx.value(
                    "SELECT COUNT(*) FROM access_log WHERE area = \(area) AND slot = 'rehearsal'", as: Int.self)
            }
            #expect((looks ?? 0) >= 9, "every look is logged")
        }
    }

    @Test("A shut gate, a material more and a material less: each is told, and what was not asked is not known")
    func readings() throws {
        let day = try #require(CivilDate("2026-03-12"))
        let library = try PackLibrary.load(directory: Office.root.appendingPathComponent("Packs").path)
        let area = try #require(AreaCode("420607"))
        let item = try #require(
            library.resolve(area)?.items.first { $0.definition.slug == "social-security-card" }?.definition)
        let content = FormContent(
            situations: ["matter": "lost", "whose": "self", "identity": "card", "photo": "identity"], form: [:],
            fileNames: [:],
            applicant: ApplicantContent(name: "样例甲", idNumber: "1", phone: "1", organisation: nil, uscc: nil),
            answers: [:])
        func reading(_ item: ItemDefinition, _ registers: [String: JSON] = [:]) -> RuleReading {
            RuleReading(
                content, by: item, registers: registers, certificates: [], on: day, calendar: .weekendsOnly)
        }
        let insured: [String: JSON] = ["insured": ["found": true, "active": true, "has_card": true]]
        #expect(reading(item).decision == .people, "a register that was not asked is unclear")
        #expect(reading(item, insured).decision == .atOnce)
        #expect(reading(item, ["insured": ["found": true, "active": true]]).decision == .people)
        let photo = item.with(true, at: .material("photo"))
        #expect(reading(photo, insured).materials == ["photo"] && reading(item, insured).materials == [])
        #expect(item.ruleFaults(in: try #require(library.resolve(area)).pack) == [])
    }

    /// A number that is asked beside the generic form.
    private static func area(of item: ItemDefinition) -> FormField {
        var field = item.form[0].fields[0]
        field.id = "size"
        field.kind = .number
        field.label = LocalizedText(zh: "面积", en: "Area")
        field.require = .never
        field.prefill = []
        field.sensitivity = .ordinary
        (field.min, field.max) = (nil, nil)
        return field
    }
}
