import Foundation
import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Packages

/// Journals are kept for decades: the name and the data of an event never change. A file stands for each.
@Suite("Frozen events of packages")
struct PackageEventGoldenTests {
    @Test("Every event is written byte for byte as its golden file has it", arguments: PackageEventSamples.all)
    func golden(_ event: PackageEvent) throws {
        let file = Self.folder.appending(path: "\(event.name).json")
        if ProcessInfo.processInfo.environment["TONGBAN_NEW_GOLDEN"] == "1",
            !FileManager.default.fileExists(atPath: file.path)
        {
            try Data((try event.encoded() + "\n").utf8).write(to: file)
        }
        let frozen = try String(contentsOf: file, encoding: .utf8)
        #expect(try event.encoded() + "\n" == frozen)
        #expect(try PackageEvent(name: event.name, data: String(frozen.dropLast())) == event)
    }

    @Test("Every event has a sample and a golden file, and no file stands alone")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".json")
        }
        #expect(files.sorted() == PackageEventSamples.all.map { "\($0.name).json" }.sorted())
        #expect(Set(PackageEventSamples.all.map(\.name)).count == 14)
        #expect(throws: JournalError.unknown("Submitted")) { try PackageEvent(name: "Submitted", data: "{}") }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
}

/// One event of every kind, every optional part filled.
enum PackageEventSamples {
    private static let now = at("2026-03-12 10:00")
    private static let limit = RunningLimit(
        limit: Limit(4, .workingHours), startedAt: now, dueAt: at("2026-03-12 15:00"),
        warnAt: at("2026-03-12 14:00"), dueOn: now.date, provisional: false)

    static var all: [PackageEvent] {
        let submission = PackageSamples.submission()
        return [
            .submitted(
                .init(
                    number: submission.number, package: submission.package, version: submission.version,
                    department: submission.department, owner: submission.owner, bucket: submission.bucket,
                    subject: submission.subject, channel: .web, form: submission.form, files: submission.files,
                    steps: submission.steps, receipt: submission.receipt, at: now)),
            .stepsReleased(.init(steps: ["seals", "tax"], at: now)),
            .stepOpened(.init(step: "seals", caseID: "case-1", number: "n-1", at: now)),
            .stepWaits(.init(step: "seals", at: now)), .stepGoesOn(.init(step: "seals", at: now)),
            .stepEnded(.init(step: "seals", outcome: .completed, result: "川A-1", at: now)),
            .stepsCancelled(.init(steps: ["bank"], at: now)), .stepLeftOut(.init(step: "seals", at: now)),
            .limitStarted(.init(running: limit, used: 0, calendar: 2, at: now)),
            .limitStopped(.init(used: 600, at: now)),
            .limitResumed(.init(running: limit, used: 600, calendar: 2, at: now)),
            .limitRecounted(.init(running: limit, used: 600, calendar: 3, at: now)),
            .withdrawn(.init(cancelled: ["bank"], at: now)),
            .ended(.init(stage: .partly, at: now)),
        ]
    }
}
