import Catalogue
import Cryptography
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// Who: somebody at a counter, with a phone. Why: to photograph papers for the officer who types, without signing in. The code is
/// good for a quarter of an hour, while he sits there, and for the first phone that sends something.
struct ScanPhonePages: Sendable {
    let cases: CasesAPI

    static let path = Path("/:area/scan/:token", AreaCode.self, String.self)

    func add(to routes: Routes) {
        routes.get(Self.path, requires: .open, show)
        routes.post(Self.path, requires: .open, streams: true, receive)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ token: String) async throws -> Response {
        try exchange.app.limiter.take("scan", exchange.address, limit: 240, per: 600, at: exchange.now)
        guard let (draft, viewer) = try await cases.openScanLink(token, area: area, at: exchange.now) else {
            return try await gone(exchange)
        }
        return try await page(exchange, area, token, draft, viewer)
    }

    /// Every picture is kept by itself: a bad one takes no good one with it.
    @Sendable func receive(_ exchange: Exchange, _ area: AreaCode, _ token: String) async throws -> Response {
        try exchange.app.limiter.take("scan", exchange.address, limit: 240, per: 600, at: exchange.now)
        let phone = exchange.phoneCookie.flatMap { Token($0[...]) } ?? .random()
        guard let (draft, viewer) = try await cases.openScanLink(token, area: area, at: exchange.now),
            try await cases.ties(token, to: phone, area: area)
        else { return try await gone(exchange) }
        let upload = Upload(cases: cases, exchange: exchange)
        let taken = Counted()
        let (_, faults) = try await upload.form { part, reader in
            let file = try await upload.attach(
                part, &reader, String(part.name.dropFirst(2)), to: draft.row.id, area: area, viewer)
            taken.add()
            return file
        }
        var response: Response
        if faults.isEmpty, taken.count > 0 {
            response = exchange.redirect(
                Self.path.url(area, token), flash: Message("cases.scans.received", ["count": String(taken.count)]))
        } else {
            let now = try await cases.openDraft(draft.row.id, area: area, viewer)
            response = try await page(
                exchange, area, token, now, viewer,
                faults: faults.isEmpty ? [FieldFault("m-\(Scans.material)", Message("cases.fault.chooseFile"))] : faults
            )
        }
        response.rememberPhone(phone.text, maxAge: Int(Scans.life))
        return response
    }

    private func gone(_ exchange: Exchange) async throws -> Response {
        try await exchange.page(
            "cases.scan-phone", title: exchange.text("cases.scans.phone"), View(["gone": true]),
            status: .unprocessableContent)
    }

    /// Nothing of the applicant stands here: whoever sees the screen could read the code.
    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ token: String, _ draft: OpenDraft, _ viewer: ResidentViewer,
        faults: [FieldFault] = []
    ) async throws -> Response {
        let language = exchange.language
        let check = cases.check(draft, viewer, language: language, on: exchange.now.date)
        let places =
            check.situations.materials.filter {
                $0.toUpload && $0.material.form != .paper && !$0.material.generated
                    && !Set($0.material.accept).isDisjoint(with: [.jpg, .png])
            }.map { (id: $0.material.id, name: $0.material.name[language], hint: $0.material.standard?[language]) }
            + (viewer.byHandler
                ? [(id: HandlerContent.material, name: exchange.text("cases.handler.paper"), hint: String?.none)] : [])
            + [
                (
                    id: Scans.material, name: exchange.text("cases.scans.other"),
                    hint: exchange.text("cases.scans.otherHint")
                )
            ]
        let view = View([
            "item": draft.item.definition.name[language], "action": Self.path.url(area, token),
            "rows": places.map { place in
                let count = draft.content.files.count { $0.material == place.id }
                return View([
                    "id": "m-\(place.id)", "name": place.name, "hint": place.hint,
                    "count": count == 0 ? nil : exchange.text("cases.scans.count", ["count": String(count)]),
                    "error": faults.first { $0.field == "m-\(place.id)" }.map { exchange.text($0.message) },
                ])
            },
        ])
        return try await exchange.page(
            "cases.scan-phone", title: exchange.text("cases.scans.phone"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    /// How many arrived.
    private final class Counted {
        private(set) var count = 0
        func add() { count += 1 }
    }
}
