import Hummingbird
import Kernel
import Web

/// The page a QR code leads to. Who: somebody who was shown a paper and doubts it; on a phone.
struct VerifyRoutes: Sendable {
    let desk: NoticeDesk

    func add(to routes: Routes) {
        routes.get(Path("/:area/verify", AreaCode.self), requires: .open) { exchange, area in
            if let code = exchange.query("code") {
                return exchange.redirect("/\(area.text)/verify/\(encodeSegment(code))")
            }
            return try await exchange.page(
                "documents.verify", title: exchange.text("documents.verify.title"), View(["ask": true]))
        }
        routes.get(Path("/:area/verify/:code", AreaCode.self, String.self), requires: .open, verify)
    }

    @Sendable func verify(_ exchange: Exchange, _ area: AreaCode, _ code: String) async throws -> Response {
        try exchange.app.limiter.take("verify", exchange.address, limit: 60, per: 60, at: exchange.now)
        let found = try await desk.verify(code: code, area: area)
        var view = View(["found": found != nil, "unknown": found == nil, "code": code])
        if let (notice, holder) = found {
            view = view.with([
                "state": exchange.text("documents.state.\(notice.state)"), "valid": notice.state == "valid",
                "noticeTitle": notice.title, "number": notice.number, "organ": notice.organ,
                "date": notice.issuedAt.date.words(in: exchange.language), "holder": holder,
                "demoPaper": exchange.app.settings.demo,
            ])
        }
        return try await exchange.page(
            "documents.verify", title: exchange.text("documents.verify.title"), view,
            status: found == nil ? .notFound : .ok)
    }
}
