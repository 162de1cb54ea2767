import Cases
import Catalogue
import Foundation
import Kernel
import Storage
import Web
import Workflow

/// The package's own lines of the one timeline: what no single case tells.
struct PackageTimeline {
    let packages: PackagesAPI
    let exchange: Exchange

    func lines(of opened: OpenPackage) async throws -> [(at: Moment, view: View)] {
        let (id, area) = (opened.id, opened.area)
        let journal = try await packages.cases.database.read { tx in try JournalStore.entries(of: id, area: area, tx) }
        return try journal.compactMap { entry in
            guard let text = text(try PackageEvent(name: entry.name, data: entry.data), opened) else { return nil }
            return (
                entry.at,
                View([
                    "kind": "done", "when": entry.at.words(in: exchange.language, near: exchange.now.date),
                    "machine": entry.at.description, "who": exchange.text("cases.package.title"),
                    "text": text, "files": [View](),
                ])
            )
        }.reversed()
    }

    private func text(_ event: PackageEvent, _ opened: OpenPackage) -> String? {
        func names(_ steps: [String]) -> String {
            let plan = opened.definition.definition.plan
            return steps.map { plan?.step($0)?.name[exchange.language] ?? $0 }
                .joined(separator: exchange.language == .en ? ", " : "、")
        }
        return switch event {
        case .submitted(let data):
            exchange.text("packages.timeline.submitted", ["count": data.steps.count.grouped])
        case .stepsCancelled(let data):
            exchange.text("packages.timeline.cancelled", ["names": names(data.steps)])
        case .stepLeftOut(let data): exchange.text("packages.timeline.leftOut", ["names": names([data.step])])
        case .limitStopped: exchange.text("packages.timeline.stopped")
        case .limitResumed(let data): exchange.text("packages.timeline.resumed", ["date": day(data.running)])
        case .limitStarted(let data): exchange.text("packages.timeline.started", ["date": day(data.running)])
        case .limitRecounted(let data): exchange.text("packages.timeline.recounted", ["date": day(data.running)])
        case .withdrawn: exchange.text("packages.timeline.withdrawn")
        case .ended(let data): exchange.text("packages.timeline.ended.\(data.stage.rawValue)")
        // Its case says so itself.
        case .stepsReleased, .stepOpened, .stepWaits, .stepGoesOn, .stepEnded: nil
        }
    }

    private func day(_ limit: RunningLimit) -> String {
        limit.dueOn.words(in: exchange.language, near: exchange.now.date)
    }
}
