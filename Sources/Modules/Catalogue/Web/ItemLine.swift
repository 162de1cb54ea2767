import Directory
import Kernel
import Web

/// Parts of pages that several pages of the catalogue show.
extension Exchange {
    /// A text of an item, with its language where the reader's is missing: `{ text, lang }` for the partial `catalogue.label`.
    func label(_ text: LocalizedText) -> View {
        View(["text": text[language], "lang": text.fallsBack(in: language) ? Language.zh.tag : nil])
    }

    /// `5 个工作日`, `当场`.
    func words(_ limit: Limit) -> String { Flowchart.spoken(limit, language) }

    /// An address with a query; parameters without a value are left out.
    func address(_ path: String, _ query: [(String, String?)]) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(encodeSegment(name))=\(encodeSegment($0))" } }
        return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
    }

    /// Where a page of a list begins, from `after` and `before`.
    var turn: Turn {
        if let slug = query("after") { return .after(slug) }
        if let slug = query("before") { return .before(slug) }
        return .start
    }

    /// Fields of `web.pager`, or nil where there is one page only.
    func pager<Line>(_ leaf: Leaf<Line>, path: String, _ query: [(String, String?)], shown: String? = nil) -> View? {
        guard leaf.previous != nil || leaf.next != nil else { return nil }
        return View([
            "previous": leaf.previous.map { address(path, query + [("before", $0)]) },
            "next": leaf.next.map { address(path, query + [("after", $0)]) }, "shown": shown,
        ])
    }

    /// An item in a list of results: the partial `catalogue.line`.
    func line(_ item: ItemSummary, _ profile: AreaProfile, alias: String? = nil) -> View {
        let promised =
            item.promised.amount == 0
            ? text("catalogue.portal.atOnce") : text("catalogue.portal.promised", ["limit": words(item.promised)])
        return View([
            "href": CataloguePaths.item.url(profile.area, item.slug), "name": label(item.name),
            "department": profile.departmentName(item.department, in: language), "promised": promised,
            "visits": visits(item.visits), "online": item.online, "alias": alias,
        ])
    }

    /// `不用跑`, `跑 1 次`.
    func visits(_ number: Int) -> String {
        number == 0 ? text("catalogue.portal.noVisit") : text("catalogue.portal.visits", ["count": "\(number)"])
    }
}

extension ItemType {
    /// `行政许可`
    func words(_ exchange: Exchange) -> String { exchange.text("catalogue.powers.type.\(rawValue)") }
}
