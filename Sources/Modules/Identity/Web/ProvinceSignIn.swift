import Cryptography
import Hummingbird
import Kernel
import Web

/// Who: a resident with an account of the province's identity service, where one is connected.
struct ProvinceSignIn: Sendable {
    let identity: IdentityAPI

    /// To the service's own page. The state is bound to this browser as the tokens of forms are.
    @Sendable func leave(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        guard let page = try await identity.provider.signInPage(returnTo: address(exchange, area), state: exchange.csrf)
        else {
            throw DomainError.notFound
        }
        return Response(status: .seeOther, headers: [.location: page, .cacheControl: "no-store"])
    }

    /// Back with a code: the person it stands for has an account here, or gets one.
    @Sendable func come(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        guard try await identity.provider.signInPage(returnTo: "", state: "") != nil else { throw DomainError.notFound }
        guard let code = exchange.query("code"), let state = exchange.query("state"),
            MAC.equal(Array(state.utf8), Array(exchange.csrf.utf8))
        else { throw DomainError.refused(Message("identity.province.state")) }
        let claim = try await identity.provider.person(code: code, returnTo: address(exchange, area))
        let account = try await identity.account(vouchedFor: claim, exchange.doing)
        guard
            case .done(let cookie, let before) = try await identity.enter(
                account, device: exchange.device, exchange.doing)
        else { throw DomainError.refused(Message("identity.province.locked")) }
        var response = exchange.redirect(
            exchange.target(atDesk: false, or: "\(exchange.areaPath)/"), flash: exchange.welcome(before), kind: "info")
        response.startSession(cookie, at: .portal, maxAge: nil)
        return response
    }

    private func address(_ exchange: Exchange, _ area: AreaCode) -> String {
        exchange.app.settings.publicURL + IdentityPaths.provinceReturn.url(area)
    }
}

extension IdentityAPI {
    /// The account of a person whom the province's service names; a new one where there is none.
    ///
    /// - Throws: `.refused` where the phone belongs to an account of somebody else.
    func account(vouchedFor claim: PersonClaim, _ doing: Doing) async throws -> AccountReference {
        guard let phone = MobileNumber(claim.phone) else {
            throw DomainError.refused(Message("identity.province.phone"))
        }
        if let known = try await account(of: phone) {
            guard try await person(of: known).idNumber == claim.idNumber else {
                throw DomainError.refused(Message("identity.province.other"))
            }
            return known
        }
        return try await store(
            claim, password: nil, assurance: .confirmed, area: nil, consumed: nil, consents: false, doing)
    }
}
