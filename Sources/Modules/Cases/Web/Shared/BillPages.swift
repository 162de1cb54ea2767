import Catalogue
import Directory
import Documents
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import NIOCore
import Storage
import Web
import Workflow

/// 期限账单 for the office and for the applicant: page, PDF and API.
struct BillPages: Sendable {
    let cases: CasesAPI

    static let own = Path("/:area/my/cases/:number/bill", AreaCode.self, String.self)
    static let ownPaper = Path("/:area/my/cases/:number/bill.pdf", AreaCode.self, String.self)
    static let desk = Path("/:area/desk/cases/:number/bill", AreaCode.self, String.self)
    static let deskPaper = Path("/:area/desk/cases/:number/bill.pdf", AreaCode.self, String.self)
    static let ownData = Path("/api/v1/areas/:area/my/cases/:number/bill", AreaCode.self, String.self)
    static let data = Path("/api/v1/areas/:area/cases/:number/bill", AreaCode.self, String.self)

    func addPortal(to routes: Routes) {
        routes.get(Self.own, requires: .resident, ownPage)
        routes.get(Self.ownPaper, requires: .resident, ownPDF)
    }

    func addDesk(to routes: Routes) {
        routes.get(Self.desk, requires: .permission(CasesPermissions.view), deskPage)
        routes.get(Self.deskPaper, requires: .permission(CasesPermissions.view), deskPDF)
    }

    func addAPI(to routes: Routes) {
        routes.get(Self.ownData, requires: .resident) { exchange, area, number in
            exchange.json(try await own(exchange, area, number).json)
        }
        routes.get(Self.data, requires: .permission(CasesPermissions.view)) { exchange, area, number in
            let staff = try await StaffCasesAPI(cases: cases).staff(exchange, area)
            let opened = try await cases.openForStaff(number, staff, exchange.occasion(area))
            return exchange.json(try await words(opened, officers: true, exchange).json)
        }
    }

    // MARK: Pages

    @Sendable private func ownPage(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let words = try await own(exchange, area, number)
        return try await page(
            words, "cases.portal-bill", PortalPaths.one.url(area, number), Self.ownPaper.url(area, number), exchange)
    }

    @Sendable private func deskPage(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let words = try await office(exchange, area, number)
        return try await page(
            words, "cases.desk-bill", DeskPaths.caseFile.url(area, number), Self.deskPaper.url(area, number), exchange)
    }

    private func page(_ words: BillWords, _ template: String, _ back: String, _ paper: String, _ exchange: Exchange)
        async throws -> Response
    {
        let opened = words.opened
        var view = words.view
        view.set("item", opened.item.definition.name[exchange.language])
        view.set("number", CaseNumber.grouped(opened.state.number))
        view.set("back", back)
        view.set("paper", paper)
        view.set("at", exchange.now.words(in: exchange.language))
        return try await exchange.page(template, title: exchange.text("cases.bill.title"), view)
    }

    // MARK: Paper

    @Sendable private func ownPDF(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        return try await pdf(opened, officers: false, exchange)
    }

    @Sendable private func deskPDF(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await cases.openForStaff(number, try exchange.staff(), exchange.occasion(area))
        return try await pdf(opened, officers: true, exchange)
    }

    private func pdf(_ opened: OpenCase, officers: Bool, _ exchange: Exchange) async throws -> Response {
        // A document is in Chinese, whatever the reader's language is.
        let words = try await words(opened, officers: officers, exchange, language: .zh)
        let address = exchange.app.settings.publicURL + PortalPaths.guide.url(opened.area, opened.state.item)
        let bytes = try words.paper(applicant: try opened.holder(), at: exchange.now).printed(
            url: address, watermark: opened.profile.demo ? "演示" : nil)
        let name = encodeSegment("办件期限账单 \(opened.state.number).pdf")
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/pdf", .cacheControl: "private, no-store", .xContentTypeOptions: "nosniff",
                .contentDisposition: "inline; filename*=UTF-8''\(name)",
                .contentSecurityPolicy:
                    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    // MARK: Reading

    private func own(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> BillWords {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        return try await words(opened, officers: false, exchange)
    }

    private func office(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> BillWords {
        let opened = try await cases.openForStaff(number, try exchange.staff(), exchange.occasion(area))
        return try await words(opened, officers: true, exchange)
    }

    private func words(
        _ opened: OpenCase, officers: Bool, _ exchange: Exchange, language: Language? = nil
    ) async throws -> BillWords {
        let (id, area) = (opened.id, opened.area)
        let journal = try await cases.database.read { tx in try JournalStore.entries(of: id, area: area, tx) }
        let whole = try Bill(journal, calendar: opened.calendar, at: exchange.now)
        let bill = officers ? whole : whole.withoutOfficers
        var names: [String: String] = [:]
        if officers {
            names = try await cases.identity.staffNames(area, bill.officers.sorted())
            // Never empty for the office: by that the words tell who reads.
            names[""] = ""
        }
        let chosen = language ?? exchange.language
        let text: (Message) -> String = { exchange.app.pages.locales.text($0, in: chosen) }
        let limits = LimitWords(language: chosen, now: exchange.now, calendar: opened.calendar, text: text)
        return BillWords(
            opened: opened, bill: bill, names: names, language: chosen, words: limits, text: text)
    }
}
