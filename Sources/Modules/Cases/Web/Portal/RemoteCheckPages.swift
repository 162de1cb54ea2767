import Catalogue
import Directory
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web
import Workflow

/// Who: somebody whom an application names and who is elsewhere, with a link from an SMS and mostly a phone. Why: to show who he is,
/// and that he agrees. No account is needed; link and code are good for three days, the code for five wrong tries.
struct RemoteCheckPages: Sendable {
    let cases: CasesAPI

    static let link = Path("/:area/remote-check/:token", AreaCode.self, String.self)
    static let video = Path("/:area/remote-check/:token/video", AreaCode.self, String.self)
    static let back = Path("/:area/remote-check/:token/back", AreaCode.self, String.self)

    func add(to routes: Routes) {
        routes.get(Self.link, requires: .open, show)
        routes.post(Self.link, requires: .open, open)
        routes.get(Self.video, requires: .open) { exchange, area, token in
            exchange.redirect(Self.link.url(area, token))
        }
        routes.post(Self.video, requires: .open, streams: true, film)
        routes.get(Self.back, requires: .open, serviceSaid)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ token: String) async throws -> Response {
        guard let link = try await find(exchange, area, token) else { return try await gone(exchange) }
        if let done = done(link, exchange) {
            return done.isEmpty ? try await gone(exchange) : try await end(done, exchange)
        }
        return try await ask(exchange, area, token)
    }

    /// The code is right: now it is said for which application, and what is to be read out.
    @Sendable func open(_ exchange: Exchange, _ area: AreaCode, _ token: String) async throws -> Response {
        guard let link = try await find(exchange, area, token) else { return try await gone(exchange) }
        if let done = done(link, exchange) {
            return done.isEmpty ? try await gone(exchange) : try await end(done, exchange)
        }
        let code = exchange.form.text("code")
        guard try await cases.opens(link, with: code) else {
            return try await ask(exchange, area, token, fault: FieldFault("code", Message("cases.fault.code")))
        }
        return try await filming(exchange, link, token, code: code)
    }

    @Sendable func film(_ exchange: Exchange, _ area: AreaCode, _ token: String) async throws -> Response {
        guard let link = try await find(exchange, area, token) else { return try await gone(exchange) }
        if let done = done(link, exchange) {
            return done.isEmpty ? try await gone(exchange) : try await end(done, exchange)
        }
        var reader = try await exchange.multipart()
        var (code, consent, taken) = ("", false, false)
        var faults: [FieldFault] = []
        do {
            while let part = try await reader.nextPart() {
                guard let name = part.filename else {
                    let text = try await reader.text()
                    if part.name == "code" { code = text }
                    if part.name == "consent" { consent = text == "yes" }
                    continue
                }
                guard part.name == "video", !name.isEmpty, !taken else { continue }
                guard try await cases.opens(link, with: code) else {
                    faults.append(FieldFault("code", Message("cases.fault.code")))
                    break
                }
                // Nothing of a face is kept without its owner's word (个人信息保护法 art. 29).
                guard consent else { break }
                do {
                    try await cases.recordRemoteCheck(link, occasion(exchange, area)) { vault, id, allowed, limit in
                        try await cases.files.receive(
                            part, &reader, into: vault, id: id, field: "video", allowed: allowed, limit: limit)
                    }
                    taken = true
                } catch {
                    faults += try Upload.faults(error, at: "video")
                }
            }
        } catch let error as DomainError {
            throw error
        } catch is Upload.Reader.Fault {
            throw DomainError.invalid("video", "web.fault.upload")
        }
        if taken { return exchange.redirect(Self.link.url(area, token)) }
        if faults.contains(where: { $0.field == "code" }) {
            return try await ask(exchange, area, token, fault: FieldFault("code", Message("cases.fault.code")))
        }
        guard try await cases.opens(link, with: code) else {
            return try await ask(exchange, area, token, fault: FieldFault("code", Message("cases.fault.code")))
        }
        if !consent { faults.append(FieldFault("consent", Message("cases.remote.consentEmpty"))) }
        if consent, faults.isEmpty { faults.append(FieldFault("video", Message("cases.remote.videoEmpty"))) }
        return try await filming(exchange, link, token, code: code, consent: consent, faults: faults)
    }

    /// Back from the page of a service that takes the video's place.
    @Sendable func serviceSaid(_ exchange: Exchange, _ area: AreaCode, _ token: String) async throws -> Response {
        guard let link = try await find(exchange, area, token) else { return try await gone(exchange) }
        if let result = exchange.query("result"), link.check.standing == .asked {
            try await cases.enterRemoteVerdict(result, link, occasion(exchange, area))
        }
        return exchange.redirect(Self.link.url(area, token))
    }

    // MARK: Inside

    private func find(_ exchange: Exchange, _ area: AreaCode, _ token: String) async throws -> OpenRemoteLink? {
        try exchange.app.limiter.take("remote.link", exchange.address, limit: 60, per: 600, at: exchange.now)
        return try await cases.openRemoteLink(token, area: area, at: exchange.now)
    }

    private func occasion(_ exchange: Exchange, _ area: AreaCode) -> Occasion {
        Occasion(
            area: area, at: exchange.now, actor: Actor(.system, id: "remote-check", channel: .mobile),
            request: exchange.requestID)
    }

    /// What there is to read where nothing is to be done; empty where the link leads nowhere any more.
    private func done(_ link: OpenRemoteLink, _ exchange: Exchange) -> String? {
        switch link.check.standing {
        case .asked: link.opened.state.mayBeIdentified ? nil : ""
        case .recorded, .confirmed: exchange.text("cases.remote.received")
        case .declined: exchange.text("cases.remote.notTaken")
        case .needed: ""
        }
    }

    private func gone(_ exchange: Exchange) async throws -> Response {
        try await exchange.page(
            "cases.remote-check", title: exchange.text("cases.remote.title"), View(["gone": true]),
            status: .unprocessableContent)
    }

    private func end(_ text: String, _ exchange: Exchange) async throws -> Response {
        try await exchange.page(
            "cases.remote-check", title: exchange.text("cases.remote.title"), View(["done": text]))
    }

    private func ask(
        _ exchange: Exchange, _ area: AreaCode, _ token: String, fault: FieldFault? = nil
    ) async throws -> Response {
        let view = View([
            "ask": View([
                "action": Self.link.url(area, token), "error": fault.map { exchange.text($0.message) },
            ])
        ])
        return try await exchange.page(
            "cases.remote-check", title: exchange.text("cases.remote.title"), view,
            faults: fault.map { [$0] } ?? [], status: fault == nil ? .ok : .unprocessableContent)
    }

    private func filming(
        _ exchange: Exchange, _ link: OpenRemoteLink, _ token: String, code: String, consent: Bool = false,
        faults: [FieldFault] = []
    ) async throws -> Response {
        let (opened, language) = (link.opened, exchange.language)
        func fault(_ name: String) -> String? { faults.first { $0.field == name }.map { exchange.text($0.message) } }
        let sentence = link.words.sentence(in: language) { exchange.text($0) }
        let service = try await cases.servicePage(
            link, sentence: sentence,
            returnTo: exchange.app.settings.publicURL + Self.back.url(opened.area, token))
        let view = View([
            "item": opened.item.definition.name[language], "number": CaseNumber.grouped(opened.state.number),
            "organ": opened.profile.departmentName(opened.state.department, in: language),
            "applicant": try opened.holder(), "role": link.role(language), "sentence": sentence,
            "film": View([
                "action": Self.video.url(opened.area, token), "code": code, "consent": consent,
                "consentError": fault("consent"), "videoError": fault("video"), "service": service,
            ]),
        ])
        return try await exchange.page(
            "cases.remote-check", title: exchange.text("cases.remote.title"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
