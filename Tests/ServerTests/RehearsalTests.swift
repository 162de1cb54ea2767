import Cases
import Catalogue
import Composition
import Directory
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

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
}
