import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// Items as short as the procedure lets them be.
enum ItemShape: String, CaseIterable, CustomTestStringConvertible {
    /// Accept, review, approve, complete.
    case reviewed
    /// Without a review: from acceptance straight to the approver.
    case unreviewed
    /// Accept and complete: 即办件 and 备案.
    case instant

    var testDescription: String { rawValue }

    var stages: [Stage] {
        let all: [(Stage.Kind, StaffRole, Limit)] = [
            (.accept, .clerk, Limit(5, .workingDays)), (.review, .reviewer, Limit(5, .workingDays)),
            (.approve, .approver, Limit(2, .workingDays)), (.complete, .clerk, Limit(1, .workingDays)),
        ]
        return all.filter { kind, _, _ in
            switch self {
            case .reviewed: true
            case .unreviewed: kind != .review
            case .instant: kind == .accept || kind == .complete
            }
        }.map { Stage(kind: $0, role: $1, department: nil, within: $2, task: nil) }
    }
}

enum CaseSamples {
    /// A licence with two materials and two fields: ten working days promised, twenty by law.
    static func item(
        _ shape: ItemShape = .reviewed, promised: Limit = Limit(10, .workingDays),
        statutory: Limit? = Limit(20, .workingDays),
        onLapse: LapseRule = .withdrawn, fourEyes: Bool = true
    ) -> ItemDefinition {
        ItemDefinition(
            slug: "shop-licence", code: nil, baseCode: nil, imported: false, name: LocalizedText(zh: "开店许可"),
            shortName: nil,
            aliases: [], summary: nil, type: .licence, notification: false, level: .county, delegation: .statutory,
            delegatedBy: nil, department: "market", joint: [], audience: [.person],
            themes: ItemThemes(person: [], legal: []),
            events: [], handling: .promised, limits: LimitSet(statutory: statutory, promised: promised, province: nil),
            channels: [.web], scope: .area, visits: Visits(number: 0, reason: nil), depth: nil, legalBasis: [],
            conditions: [],
            limitsOnNumber: nil, fees: [], contacts: ItemContacts(advice: nil, complaint: nil), places: [],
            situations: [],
            gates: [], form: [section(["name", "area"])], genericForm: false,
            materials: [material("lease"), material("plan")],
            requires: [], stages: shape.stages, procedures: [], reportUp: nil, instantWhen: nil, outcome: [],
            delivery: [],
            after: [], rating: true, onLapse: onLapse, fourEyes: fourEyes, confirmApproval: false, yellowPercent: 20,
            undoMinutes: 0, retention: .permanent, publish: true, publishReason: nil)
    }

    static func rules(
        _ shape: ItemShape = .reviewed, promised: Limit = Limit(10, .workingDays),
        statutory: Limit? = Limit(20, .workingDays),
        onLapse: LapseRule = .withdrawn, fourEyes: Bool = true
    ) -> CaseRules {
        CaseRules(
            item(shape, promised: promised, statutory: statutory, onLapse: onLapse, fourEyes: fourEyes), version: 3)
    }

    private static func section(_ fields: [String]) -> FormSection {
        FormSection(
            id: "main", title: LocalizedText(zh: "基本信息"), hint: nil, show: nil,
            fields: fields.map { id in
                FormField(
                    id: id, label: LocalizedText(zh: id), kind: .text, hint: nil, require: .always, show: nil,
                    checks: [],
                    min: nil, max: nil, decimals: 0, unit: nil, lines: 1, options: [], columns: [], parts: [],
                    prefill: [],
                    sensitivity: .ordinary, autocomplete: nil)
            })
    }

    private static func material(_ id: String) -> MaterialDefinition {
        MaterialDefinition(
            id: id, name: LocalizedText(zh: id), hint: nil, need: .always, generated: false, form: .electronic,
            original: .either, copies: 0, source: .applicant, certificate: nil, lackingWithin: nil,
            promiseCheckedWithin: nil,
            accept: [.pdf], maxMegabytes: 10, maxFiles: 5, standard: nil, faults: [], basis: [], blank: nil,
            samples: [],
            sensitivity: .ordinary)
    }

    /// 2026 as published: Spring Festival 15–23 February, make-up days 14 and 28 February; the other holidays of spring.
    static let calendar = (try? WorkCalendar(version: 7, years: [holidays])) ?? .weekendsOnly

    static let holidays: PublishedYear = {
        func days(_ texts: [String]) -> Set<CivilDate> { Set(texts.compactMap { CivilDate($0) }) }
        return PublishedYear(
            2026,
            off: days((15...23).map { "2026-02-\($0)" } + ["2026-04-04", "2026-04-05", "2026-04-06"]),
            work: days(["2026-02-14", "2026-02-28"]))
    }()

    static func sealed(_ slot: String) -> Sealed { Sealed(slot: slot, hash: String(repeating: "ab", count: 32)) }

    static func notice(_ kind: String, at moment: Moment) -> IssuedNotice {
        IssuedNotice(id: "notice-\(kind)", kind: kind, at: moment)
    }

    static func file(_ material: String, _ id: String = "file-1") -> CaseFile {
        CaseFile(id: id, material: material, digest: String(repeating: "cd", count: 32), size: 20_480, type: "pdf")
    }

    static func submission(number: String = "510106202603120100001", slot: String = "form/1", onPaper: Bool = false)
        -> Submission
    {
        Submission(
            number: number, owner: "account-1", bucket: "@07", subject: "subject-1", channel: onPaper ? .express : .web,
            form: sealed(slot), files: [file("lease", "file-1"), file("plan", "file-2")], onPaper: onPaper,
            receipt: notice("receipt", at: morning("2026-03-12")))
    }

    static func point(_ id: String) -> CorrectionPoint {
        let target: CorrectionPoint.Target = id.hasPrefix("m.") ? .material : id.hasPrefix("f.") ? .field : .other
        return CorrectionPoint(id: id, target: target, ref: String(id.dropFirst(2)))
    }

    static func correction(_ points: [String], days: Int = 10, at moment: Moment = morning("2026-03-12")) -> CaseCommand
    {
        .requestCorrection(
            points: points.map(point), words: sealed("words/1"), days: days, notice: notice("correction", at: moment))
    }

    static func supplement(files: [String] = [], fields: [String] = [], answered: [String] = []) -> CaseCommand {
        .supplement(
            Supplement(
                form: sealed("form/2"), changedFields: fields, files: files.map { file($0, "file-9-\($0)") },
                answered: answered))
    }

    static func result(on date: String = "2026-03-20") -> CaseResult {
        CaseResult(number: "JY15101062600001", on: day(date), until: nil, delivery: "electronic")
    }
}

/// A day the test knows to exist; the epoch where it does not, which no test expects.
func day(_ text: String) -> CivilDate { CivilDate(text) ?? CivilDate(dayNumber: 0) }

/// 09:30 in Shanghai.
func morning(_ text: String) -> Moment { day(text).start.adding(seconds: 34_200) }
