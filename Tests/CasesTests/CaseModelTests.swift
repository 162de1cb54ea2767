import Foundation
import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// Every state that a case of any item in any pack can come to.
@Suite("Procedures explored")
struct CaseModelTests {
    private static let packs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Packs").path

    @Test(
        "No item of any pack has a state without a way out, a limit without an end or a document that cannot be issued")
    func packs() throws {
        let library = try PackLibrary.load(directory: Self.packs)
        // Every item on the plain road and on every road beside it; procedures of equal shape once.
        var model = CaseModel(everything: true)
        let packs = try library.areas.map { area in (area: area, resolved: try #require(library.resolve(area))) }
        try model.explore(all: packs.flatMap { $0.resolved.items.map(\.definition) })
        let extent = model.extent
        var (items, notices, stages): (Int, Set<String>, Set<CaseStage>) = (0, [], [])
        for (area, resolved) in packs {
            for item in resolved.items.map(\.definition) {
                let finding = try model.explore(item)
                #expect(finding.faults == [], "\(area) \(item.slug)")
                // The nation's and the provinces' packs are models for others: nobody applies there.
                guard resolved.pack.kind.isArea else { continue }
                let papers = try CasePapers(item, pack: resolved.pack)
                for (index, kind) in finding.notices.sorted().enumerated() {
                    #expect(papers.faults(kind) == [], "\(area) \(item.slug)")
                    // Drawing takes long: every kind and every item has its turn.
                    guard (items + index).isMultiple(of: 4) else { continue }
                    let pdf = try #require(try papers.paper(kind, url: "https://example.org/\(area)"))
                    #expect(pdf.starts(with: Array("%PDF-".utf8)), "\(area) \(item.slug) \(kind)")
                }
                items += 1
                notices.formUnion(finding.notices)
                stages.formUnion(finding.stages)
            }
        }
        #expect(model.extent == extent, "nothing was left to explore")
        #expect(extent.shapes < items * 2 && extent.states > 1_000 && extent.tries > extent.states)
        #expect(items > 50)
        #expect(stages == Set(CaseStage.allCases), "every stage belongs to some way")
        #expect(notices.isSuperset(of: CasePapers.adverse.union(["receipt", "acceptance", "approval", "correction"])))
    }

    @Test(
        "In the model every command leads somewhere on some item, and every event happens",
        arguments: [ItemShape.reviewed])
    func complete(_ shape: ItemShape) throws {
        var model = CaseModel(everything: true)
        var (commands, events): (Set<String>, Set<String>) = ([], [])
        var absent = CaseSamples.item(shape)
        absent.remoteCheck = RemoteCheckTests.rule
        for item in [CaseSamples.item(shape), CaseSamples.item(.unreviewed), CaseSamples.item(.instant), absent] {
            let finding = try model.explore(item)
            #expect(finding.faults == [])
            commands.formUnion(finding.commands)
            events.formUnion(finding.events)
        }
        // The calendar is the same all the time: nothing is counted anew. These items know no promise and no fee, and nothing
        // that may come later.
        let idle: Set<CaseCommand.Name> = [
            .recountLimits, .signPromise, .acceptOnPromise, .checkFollowUp, .assessFee, .settleFee, .acceptLacking,
            .opinionFellDue, .reportUp, .enterAnswer,
        ]
        #expect(commands.isSuperset(of: CaseCommand.Name.allCases.filter { !idle.contains($0) }.map(\.rawValue)))
        #expect(
            events.isSuperset(of: ["submitted", "accepted", "approved", "completed", "procedure-started", "reopened"]))
    }

    @Test("Items that the procedure treats alike are explored once, others are not taken for them")
    func alike() throws {
        var model = CaseModel(everything: true)
        let one = try model.explore(CaseSamples.item())
        var other = CaseSamples.item()
        other.slug = "another"
        other.name = LocalizedText(zh: "另一件")
        #expect(try model.explore(other) == one)
        #expect(try model.explore(CaseSamples.item(.unreviewed)).stages.contains(.accepted) == false)
    }

    @Test("A fault put into the procedure is named: a state without a way out, a clock that never ends, work left over")
    func seeded() throws {
        let rules = CaseRules(CaseSamples.item(.reviewed), version: 1)
        func faults(_ subject: CaseMoves.Subject, without lost: Set<CaseCommand.Name>) throws -> [String] {
            try CaseModel.model(rules, subject, without: lost).explore().faults.map(\.description)
        }
        #expect(try faults(.plain, without: []) == [])
        let noWay = try faults(.plain, without: [.approve, .refuse, .withdraw, .void])
        #expect(noWay.contains { $0.hasPrefix("no end can be reached from approving") }, "\(noWay)")
        let stands = try faults(.standstill, without: [.liftStay, .terminate, .withdraw])
        #expect(stands.contains { $0.contains("the limit “promised” never ends after") }, "\(stands)")
        let left = try faults(.served, without: [.acknowledge])
        #expect(left.contains { $0.contains("acknowledge") && $0.contains("is left over in") }, "\(left)")
    }

    @Test(
        "A reduced procedure is the whole one: names, lengths and numbers of what is alike change nothing that is found"
    )
    func reduced() throws {
        var item = CaseSamples.item(.reviewed)
        var whole = CaseModel(everything: true)
        let one = try whole.explore(item)
        item.form = item.form.map { section in
            var section = section
            section.fields = section.fields.map { field in
                var field = field
                field.id = "other_" + field.id
                return field
            }
            return section
        }
        item.undoMinutes = 3
        item.limits.promised = Limit(3, .workingDays)
        let shapes = whole.extent.shapes
        #expect(try whole.explore(item) == one && whole.extent.shapes == shapes)
        item.fourEyes.toggle()
        _ = try whole.explore(item)
        #expect(whole.extent.shapes == shapes + 1, "what makes a difference on the plain road is looked at")
    }

    @Test("An area without a review organ cannot issue what is adverse, and the check says so")
    func remedies() throws {
        let library = try PackLibrary.load(directory: Self.packs)
        let area = try #require(library.areas.first { $0.text == "510106" })
        let resolved = try #require(library.resolve(area))
        let item = try #require(resolved.items.first?.definition)
        var pack = resolved.pack
        pack.court = nil
        let papers = try CasePapers(item, pack: pack)
        #expect(papers.faults("refusal").count == 1)
        #expect(papers.faults("acceptance") == [])
        #expect(papers.faults("certificate-of-nothing").count == 1)
        var lost = item
        lost.department = "nowhere"
        #expect(try CasePapers(lost, pack: resolved.pack).faults("acceptance").count == 1)
    }
}
