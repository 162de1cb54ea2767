package import Kernel
package import Web

/// Who handles, for what and until when, as rows of a summary.
package enum HandlerViews {
    /// The rows; name and number masked for whom they are none of the business.
    package static func rows(_ handler: HandlerContent, masked: Bool, _ exchange: Exchange) -> [View] {
        let separator = exchange.language == .en ? ", " : "、"
        let rows: [(String, String?)] = [
            ("name", masked ? Mask.name(handler.name) : handler.name),
            ("id", masked ? Mask.identity(handler.idNumber) : handler.idNumber),
            (
                "scope",
                handler.scope.map { exchange.text("cases.handler.scope.\($0.rawValue)") }.joined(separator: separator)
            ),
            ("until", handler.until?.words(in: exchange.language)),
        ]
        return rows.compactMap { key, value in
            value.map { View(["label": exchange.text("cases.handler.\(key)"), "value": $0.isEmpty ? "–" : $0]) }
        }
    }

    /// `有效`, `已于 3 月 12 日收回`, `已过期`.
    package static func standing(_ state: AttorneyProceeding.State?, _ exchange: Exchange) -> String? {
        guard let state else { return nil }
        if let at = state.withdrawnAt {
            return exchange.text(
                "cases.handler.withdrawn", ["date": at.date.words(in: exchange.language, near: exchange.now.date)])
        }
        return exchange.text(exchange.now.date > state.until ? "cases.handler.over" : "cases.handler.good")
    }

    /// What the applicant sees of it on his case or package, with the address where he takes it back.
    package static func own(
        _ handler: HandlerContent?, _ attorney: OpenAttorney?, number: String, area: AreaCode, _ exchange: Exchange
    ) -> View? {
        guard let handler, let attorney else { return nil }
        let isGood = attorney.state.withdrawnAt == nil && exchange.now.date <= attorney.state.until
        return View([
            "rows": rows(handler, masked: true, exchange), "standing": standing(attorney.state, exchange),
            "withdraw": isGood && exchange.viewer.resident?.attendant == nil
                ? PortalPaths.ownHandler.url(area, number) : nil,
        ])
    }
}
