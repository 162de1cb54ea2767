import Catalogue
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 撤回申请: what it means, and why, if the reader wants to say.
struct WithdrawPage: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.withdraw, requires: .resident, show)
        routes.post(PortalPaths.withdraw, requires: .resident, withdraw)
    }

    /// Until it is decided.
    static func allowed(_ stage: CaseStage) -> Bool {
        switch stage {
        case .submitted, .received, .correcting, .accepted, .approving: true
        default: false
        }
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        guard Self.allowed(opened.state.stage) else {
            return exchange.redirect(
                PortalPaths.one.url(area, number), flash: Message("cases.portal.withdraw.tooLate"), kind: "info")
        }
        let view = View([
            "item": opened.item.definition.name[exchange.language], "number": CaseNumber.grouped(number),
            "action": PortalPaths.withdraw.url(area, number), "back": PortalPaths.one.url(area, number),
        ])
        return try await exchange.page(
            "cases.portal-withdraw", title: exchange.text("cases.portal.withdraw.title"), view)
    }

    @Sendable func withdraw(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        try await cases.withdraw(
            number, reason: exchange.form.text("reason"), try exchange.resident(), exchange.occasion(area))
        return exchange.redirect(PortalPaths.one.url(area, number), flash: Message("cases.portal.withdraw.done"))
    }
}
