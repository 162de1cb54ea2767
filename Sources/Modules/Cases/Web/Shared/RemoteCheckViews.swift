import Catalogue
import Kernel
package import Web

/// How the check of somebody who is not there stands, for the applicant and for the desk.
package enum RemoteCheckViews {
    /// What the applicant has to see to, as a card `{ title, text, href, label }`; nil while it is nobody's turn but the office's.
    package static func due(_ opened: OpenCase, _ exchange: Exchange) -> View? {
        guard let check = opened.state.remote, opened.state.mayBeIdentified, check.standing != .recorded else {
            return nil
        }
        return View([
            "title": exchange.text("cases.remote.title"), "text": standing(opened, check, exchange),
            "href": PortalPaths.remoteCheck.url(opened.area, opened.state.number),
            "label": exchange.text("cases.remote.send"),
        ])
    }

    /// What the applicant reads on his case; nil where nobody is asked, or the case is over.
    static func own(_ opened: OpenCase, _ exchange: Exchange) -> View? {
        guard let check = opened.state.remote else { return nil }
        let open = opened.state.mayBeIdentified
        if !open, check.standing != .confirmed { return nil }
        let mayAsk = open && check.standing != .recorded
        return View([
            "text": standing(opened, check, exchange), "due": mayAsk && check.standing != .asked,
            "href": mayAsk ? PortalPaths.remoteCheck.url(opened.area, opened.state.number) : nil,
        ])
    }

    /// `法定代表人：等待本人核验，链接3月12日24:00前有效`.
    static func standing(_ opened: OpenCase, _ check: RemoteCheck, _ exchange: Exchange) -> String {
        let role = opened.item.definition.field(check.field)?.label[exchange.language] ?? ""
        var key = "cases.remote.standing.\(check.standing.rawValue)"
        if check.standing == .confirmed, check.means == .package { key += ".package" }
        // A link that ran out leads nowhere.
        if check.standing == .asked, let until = check.until, until <= exchange.now {
            key = "cases.remote.standing.over"
        }
        return exchange.text(
            key, ["role": role, "until": check.until?.words(in: exchange.language, near: exchange.now.date) ?? ""])
    }

    /// What the desk compares: who it should be, what was to be said, and the videos, for those who may see them.
    static func desk(_ opened: OpenCase, _ viewer: StaffViewer, masked: Bool, _ exchange: Exchange) throws -> View? {
        guard let check = opened.state.remote else { return nil }
        let mayCompare = CasesAPI.mayCompare(opened.state, viewer)
        let words = try opened.words(check.words, as: RemoteCheckWords.self)
        let hides = masked && !mayCompare
        let rows: [(String, String?)] = [
            ("cases.shared.part.name", words.map { hides ? Mask.name($0.name) : $0.name }),
            ("cases.shared.part.idcard", words.map { hides ? Mask.identity($0.idNumber) : $0.idNumber }),
            ("cases.remote.sentenceLabel", mayCompare ? words.map { $0.sentence(in: .zh) { exchange.text($0) } } : nil),
        ]
        let videos = mayCompare ? check.recordings ?? [] : []
        return View([
            "text": standing(opened, check, exchange),
            "rows": rows.compactMap { key, value in
                value.map { View(["label": exchange.text(key), "value": $0]) }
            },
            "hidden": !(check.recordings ?? []).isEmpty && !mayCompare,
            "videos": videos.enumerated().reversed().map { index, id in
                View([
                    "href": DeskPaths.recording.url(opened.area, opened.state.number, id),
                    "label": exchange.text("cases.remote.video", ["n": String(index + 1)]),
                    "isLast": index == videos.count - 1,
                ])
            },
        ])
    }
}
