import Directory
import Kernel
import Web

/// The parts of a guide that are the same for everybody.
struct GuideFacts {
    let item: ItemDefinition
    let profile: AreaProfile
    let exchange: Exchange

    private var language: Language { exchange.language }
    private var separator: String { language == .en ? ", " : "、" }

    var fields: [(String, Any?)] {
        [
            ("heading", exchange.label(item.name)), ("summary", item.summary.map { exchange.label($0) }),
            ("imported", item.imported), ("facts", facts), ("decides", department), ("decidesNote", decidesNote),
            ("departmentCrumb", View(["name": department, "href": departmentHref])),
            ("conditions", item.conditions.map { View(["text": exchange.label($0.text)]) }),
            ("hasConditions", !item.conditions.isEmpty),
            ("limitsOnNumber", item.limitsOnNumber?[language]),
            ("fees", fees), ("hasFees", !item.fees.isEmpty), ("results", results),
            ("hasResults", !item.outcome.isEmpty),
            ("after", after), ("hasAfter", !after.isEmpty), ("package", package),
            ("basis", basis), ("hasBasis", !item.printedBasis.isEmpty),
            ("places", places), ("hasPlaces", !places.isEmpty), ("details", details),
            ("complaint", item.contacts.complaint ?? profile.complaintPhone),
            (
                "address",
                exchange.app.settings.publicURL
                    + exchange.address(CataloguePaths.item.url(profile.area, item.slug), answers)
            ),
            ("printed", exchange.now.words(in: language)),
        ]
    }

    /// The steps of a package: who does what, after what, how long.
    private var package: View? {
        guard let plan = item.plan else { return nil }
        return View([
            "steps": plan.steps.map { step in
                let names = step.after.compactMap { plan.step($0)?.name[language] }.joined(separator: separator)
                return View([
                    "name": exchange.label(step.name), "href": CataloguePaths.item.url(profile.area, step.item),
                    "department": profile.departmentName(step.department, in: language),
                    "within": step.tracked ? nil : exchange.words(step.promised),
                    "order": step.after.isEmpty
                        ? exchange.text("catalogue.package.first")
                        : exchange.text("catalogue.package.after", ["names": names]),
                    "optional": step.when == nil ? nil : exchange.text("catalogue.package.optional"),
                    "tracked": step.tracked ? exchange.text("catalogue.package.tracked") : nil,
                ])
            }
        ])
    }

    private var department: String { profile.department(item.department)?.name[language] ?? item.department }
    private var departmentHref: String {
        exchange.address(CataloguePaths.browse.url(profile.area, .departments), [("label", item.department)])
    }

    /// The answers given, for the address on the paper.
    private var answers: [(String, String?)] {
        item.situations.flatMap { situation in exchange.queryAll("s." + situation.id).map { ("s." + situation.id, $0) }
        }
    }

    // MARK: At a glance

    private var facts: [View] {
        func fact(_ key: String, _ value: String, _ note: String? = nil) -> View {
            View(["label": exchange.text("catalogue.guide.fact.\(key)"), "value": value, "note": note])
        }
        var facts = [
            fact(
                "promised", exchange.words(item.limits.promised),
                exchange.text(
                    item.plan == nil
                        ? "catalogue.guide.handling.\(item.handling.rawValue)" : "catalogue.package.handling"))
        ]
        if let statutory = item.limits.statutory { facts.append(fact("statutory", exchange.words(statutory))) }
        facts.append(fact("visits", exchange.visits(item.visits.number), item.visits.reason?[language]))
        let fee =
            item.fees.isEmpty
            ? (item.imported ? "catalogue.guide.askFee" : "catalogue.guide.free") : "catalogue.guide.charged"
        facts.append(fact("fee", exchange.text(fee)))
        // An even number of facts fills the rows of a phone.
        if !facts.count.isMultiple(of: 2) {
            facts.append(fact("way", exchange.text(item.online ? "catalogue.portal.online" : "catalogue.guide.atHall")))
        }
        return facts
    }

    private var decidesNote: String? {
        if item.delegation.usesDelegatorsSeal, let by = item.delegatedBy {
            return exchange.text("catalogue.guide.entrusted", ["name": by[language]])
        }
        if let up = item.reportUp {
            return exchange.text("catalogue.guide.reportUp", ["name": profile.departmentName(up.to, in: language)])
        }
        return nil
    }

    // MARK: Sections

    private var fees: [View] {
        item.fees.map { fee in
            var amount = exchange.text("catalogue.guide.yuan", ["amount": fee.amount.description])
            if let unit = fee.unit { amount += exchange.text("catalogue.guide.perUnit", ["unit": unit[language]]) }
            return View(["name": fee.project[language], "amount": amount, "waived": fee.waived?[language]])
        }
    }

    private var results: [View] {
        item.outcome.map { outcome in
            var note: String?
            if !outcome.verify {
                switch outcome.validity {
                case .permanent?: note = exchange.text("catalogue.guide.permanent")
                case .period(let limit)?:
                    note = exchange.text("catalogue.guide.validity", ["limit": exchange.words(limit)])
                case nil: note = nil
                }
            }
            return View(["name": exchange.label(outcome.name), "note": note])
        }
    }

    private var after: [View] {
        item.after.filter { !$0.verify }.map { View(["text": exchange.label($0.text)]) }
    }

    private var basis: [View] {
        item.printedBasis.map { basis in
            let law = language == .en && basis.law.en != nil ? basis.law[language] : "《\(basis.law.zh)》"
            let cited = [
                law, basis.number.map { language == .en ? " (\($0))" : "（\($0)）" },
                basis.article.map { language == .en ? " \($0)" : $0 },
            ]
            return View([
                "law": cited.compactMap { $0 }.joined(), "text": basis.text.map { exchange.label($0) },
            ])
        }
    }

    private var details: [View] {
        func row(_ key: String, _ value: String?) -> View? {
            value.map { View(["label": exchange.text("catalogue.guide.detail.\(key)"), "value": $0]) }
        }
        func list(_ prefix: String, _ values: [String]) -> String? {
            values.isEmpty
                ? nil : values.map { exchange.text("catalogue.guide.\(prefix).\($0)") }.joined(separator: separator)
        }
        return [
            row("code", item.code), row("type", item.type.words(exchange)),
            row("audience", list("audience", item.audience.map(\.rawValue))),
            row("level", list("level", [item.level.rawValue])),
            row("scope", list("scope", [item.scope.rawValue])),
            row("channels", list("channel", item.channels.filter { $0 != .system && $0 != .api }.map(\.rawValue))),
            row("delivery", list("delivery", item.delivery.map(\.rawValue))), row("retention", retention),
            row(
                "joint",
                item.joint.isEmpty
                    ? nil : item.joint.map { profile.departmentName($0, in: language) }.joined(separator: separator)),
        ].compactMap { $0 }
    }

    /// How long volume, personal part and drafts are kept.
    private var retention: String {
        func words(_ term: Retention) -> String {
            switch term {
            case .permanent: exchange.text("catalogue.guide.keep.permanent")
            case .years(let years): exchange.text("catalogue.guide.keep.years", ["count": String(years)])
            }
        }
        return exchange.text(
            "catalogue.guide.keep",
            [
                "archive": words(item.retention), "personal": words(item.personalRetention),
                "undecided": words(item.undecidedRetention), "days": String(item.draftDays),
            ])
    }

    // MARK: Places

    /// The places the item names; where it names none, every hall that has a window for it.
    private var places: [View] {
        let named = item.places.compactMap { place in
            profile.halls.first { $0.id == place.hall }.map { hall in
                self.place(hall, hall.windows.filter { place.windows.contains($0.id) }, place.note?[language])
            }
        }
        if !named.isEmpty { return named }
        return profile.halls.compactMap { hall in
            let own = hall.windows.filter { $0.departments.contains(item.department) }
            let windows = own.isEmpty ? hall.windows.filter(\.departments.isEmpty) : own
            return windows.isEmpty && !hall.windows.isEmpty ? nil : place(hall, windows, nil)
        }
    }

    private func place(_ hall: AreaProfile.Hall, _ windows: [AreaProfile.Window], _ note: String?) -> View {
        let names = windows.map { window in
            let name = window.name[language]
            return window.number.map { exchange.text("catalogue.guide.window", ["number": $0, "name": name]) } ?? name
        }
        return View([
            "name": exchange.label(hall.name), "address": hall.address?[language], "phone": hall.phone, "note": note,
            "windows": names.isEmpty ? nil : names.joined(separator: separator),
            "hours": hall.hours.map { View(["text": words($0)]) },
        ])
    }

    /// `周一至周五 9:00—12:00`, in the words of the halls' page.
    private func words(_ hours: AreaProfile.Hours) -> String {
        func clock(_ minutes: Int) -> String { "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)" }
        func day(_ number: Int) -> String { exchange.text("directory.day.\(number)") }
        let consecutive = hours.days.count > 2 && zip(hours.days, hours.days.dropFirst()).allSatisfy { $1 == $0 + 1 }
        let days =
            consecutive
            ? exchange.text(
                "directory.days.range", ["from": day(hours.days.first ?? 1), "to": day(hours.days.last ?? 5)])
            : hours.days.map(day).joined(separator: separator)
        let span = "\(days) \(clock(hours.from))—\(clock(hours.to))"
        return hours.extra ? exchange.text("directory.hours.extra", ["hours": span]) : span
    }
}
