import Catalogue
import Kernel
import Workflow

@testable import Cases
@testable import Packages

/// A calendar without holidays: Monday to Friday, the usual hours.
func at(_ text: String) -> Moment {
    let parts = text.split(separator: " ").map(String.init)
    let clock = parts[1].split(separator: ":").compactMap { Int64($0) }
    let day = CivilDate(parts[0])?.start ?? Moment(milliseconds: 0)
    return day.adding(seconds: clock[0] * 3600 + clock[1] * 60)
}

/// A package of four steps: licence first, then seals, tax and a bank account.
enum PackageSamples {
    static let form = Sealed(slot: "form/1", hash: "aa")
    static let number = "5101062026031220000018"

    static func step(
        _ id: String, after: [String] = [], _ rule: PackagePlan.FailureRule = .goOn
    ) -> PlannedStep {
        PlannedStep(
            id: id, item: "\(id)-item", itemVersion: 1, department: "\(id)-office", after: after, onFailure: rule)
    }

    static func submission(
        _ steps: [PlannedStep] = [
            step("licence", .stop), step("seals", after: ["licence"]), step("tax", after: ["licence"]),
            step("bank", after: ["seals", "tax"]),
        ], opened: [String] = ["licence"]
    ) -> PackageSubmission {
        PackageSubmission(
            number: number, package: "start-a-company", version: 3, department: "approval-bureau", owner: "account-1",
            bucket: "@07", subject: "account-1", channel: .web, form: form,
            files: [CaseFile(id: "file-1", material: "articles", digest: "bb", size: 10, type: "pdf")], steps: steps,
            first: opened.map { OpenedStep(step: $0, caseID: "case-\($0)", number: "n-\($0)") },
            receipt: IssuedNotice(id: "notice-1", kind: "receipt", at: at("2026-03-12 10:00")))
    }

    static func context(_ moment: Moment, promised: String = "4wh") -> PackageContext {
        PackageContext(
            at: moment, calendar: .weekendsOnly, promised: Limit(promised) ?? Limit(0, .days), yellowPercent: 20,
            optional: ["seals", "tax", "bank"], needs: ["bank": ["tax"]])
    }
}

/// A package taken through commands, with every event on the way.
struct PackageTrial {
    private(set) var state: PackageState?
    private(set) var events: [PackageEvent] = []

    @discardableResult
    mutating func perform(_ command: PackageCommand, _ context: PackageContext) throws -> [PackageEvent] {
        let new = try PackageProcedure.decide(command, state, context)
        for event in new { state = try PackageProcedure.evolve(state, event) }
        events += new
        return new
    }

    @discardableResult
    mutating func moved(_ step: String, _ stage: CaseStage, _ moment: Moment) throws -> [PackageEvent] {
        try perform(.caseMoved(step: step, to: stage), PackageSamples.context(moment))
    }

    /// Opens every step that is due.
    mutating func openDue(_ moment: Moment) throws {
        for step in state?.steps ?? [] where step.stage == .due {
            try perform(
                .open(OpenedStep(step: step.plan.id, caseID: "case-\(step.plan.id)", number: "n")),
                PackageSamples.context(moment))
        }
    }

    func stage(_ step: String) -> StepStage? { state?.step(step)?.stage }
}
