import Catalogue
import Documents
import Kernel
import Web

/// The panel in which a state's one positive act is a direct button under the notice it issues.
struct DecisionPanel {
    let cases: CasesAPI
    let folder: DeskFolder
    let standing: Standing
    let handedIn: HandedIn

    func view(_ list: DeskList, _ exchange: Exchange, _ problem: WorkspacePage.Problem?) async throws -> View? {
        let base = DeskPaths.caseFile.url(folder.opened.area, folder.opened.state.number)
        let others = standing.composers.map { name in
            let kind = name.split(separator: "/").last.map(String.init) ?? ""
            return View([
                "href": "\(base)/\(name)\(list.query())",
                "label": exchange.text(
                    DecisionComposer.Kind(rawValue: kind)?.words("composer", of: folder.opened)
                        ?? Message("cases.desk.composer.\(kind)")),
                "key": name == "correction" ? "c" : nil,
            ])
        }
        let further = try cases.acts(folder, exchange.staff(), at: exchange.now).map { act in
            View([
                "href": "\(base)/acts/\(act.group.rawValue)/\(act.name)\(list.query())",
                "label": exchange.text("cases.act.\(act.name)"),
            ])
        }
        guard let act = standing.act else {
            return others.isEmpty && further.isEmpty
                ? nil
                : View([
                    "act": nil, "others": others, "hasOthers": !others.isEmpty, "further": further,
                    "hasFurther": !further.isEmpty,
                ])
        }
        let paper = try await draft(act, exchange)
        let delivery = act == .complete ? folder.opened.item.definition.delivery : []
        return View([
            "act": act.rawValue, "label": exchange.text("cases.desk.act.\(act.rawValue)"), "paper": paper?.paper,
            "paperTitle": paper?.title, "remark": remark(act, exchange),
            "warning": handedIn.bad > 0 && act == .accept
                ? exchange.text("cases.desk.someBad", ["count": String(handedIn.bad)]) : nil,
            "opinion": act == .review ? View(["value": problem?.opinion]) : nil,
            "onlyDelivery": delivery.count == 1 ? delivery.first?.rawValue : nil,
            "deliveries": delivery.count > 1
                ? delivery.map {
                    View(["value": $0.rawValue, "label": exchange.text("cases.desk.delivery.\($0.rawValue)")])
                } : nil,
            "hasDeliveries": delivery.count > 1,
            "deliveryFault": problem?.faults.first { $0.field == "delivery" }.map { exchange.text($0.message) },
            "others": others, "hasOthers": !others.isEmpty, "further": further, "hasFurther": !further.isEmpty,
        ])
    }

    /// What the officer vouches for with the act.
    private func remark(_ act: PositiveAct, _ exchange: Exchange) -> String? {
        guard act == .accept || act == .review || act == .approve, handedIn.unmarked > 0 else { return nil }
        return exchange.text("cases.desk.unmarked", ["count": String(handedIn.unmarked)])
    }

    /// The document the act issues, without its number.
    private func draft(_ act: PositiveAct, _ exchange: Exchange) async throws -> NoticeDraft? {
        let opened = folder.opened
        let holder = try opened.holder()
        let now = exchange.now
        switch act {
        case .accept:
            let promised = opened.calendar.deadline(after: now, limit: opened.item.definition.limits.promised).date
            return Notices.acceptance(opened, applicant: holder, promised: promised, at: now)
        case .review: return nil
        case .approve: return Notices.approval(opened, applicant: holder, at: now)
        case .complete:
            guard let delivery = opened.item.definition.delivery.first else { return nil }
            let result = try cases.result(of: opened, delivery: delivery.rawValue, at: now)
            return Notices.delivery(opened, applicant: holder, result: result, numbered: false, at: now)
        }
    }
}
