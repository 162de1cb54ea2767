import Cryptography
import Directory
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Storage
import Synchronization
import Typesetting
import Web

/// Blank forms 空表 and samples 样例: the item's own form set on paper, and the files of the pack.
struct PaperRoutes: Sendable {
    let catalogue: CatalogueAPI
    let directory: DirectoryAPI
    private let shelf = PaperShelf()

    init(catalogue: CatalogueAPI, directory: DirectoryAPI) {
        self.catalogue = catalogue
        self.directory = directory
    }

    func add(to routes: Routes) {
        routes.get(CataloguePaths.blankForm, requires: .open) { exchange, area, slug in
            try await form(exchange, area, slug, filled: false)
        }
        routes.get(CataloguePaths.sampleForm, requires: .open) { exchange, area, slug in
            try await form(exchange, area, slug, filled: true)
        }
        routes.get(CataloguePaths.paper, requires: .open) { exchange, area, slug, material, name in
            try await paper(exchange, area, slug, material, name)
        }
    }

    /// The form on paper; answers to the guiding questions in the address leave out what does not apply.
    private func form(_ exchange: Exchange, _ area: AreaCode, _ slug: String, filled: Bool) async throws -> Response {
        let published = try await catalogue.current(slug, area: area)
        let item = published.definition
        guard item.hasPaperForm, !filled || item.hasExample else { throw DomainError.notFound }
        let situations = try await GuidePage(catalogue: catalogue, directory: directory).situations(
            of: item, exchange, area)
        let answers = JSON.object(situations.answers).canonical
        let organ = Self.organ(item, try await directory.profile(of: area), exchange.language)
        let key = [
            area.text, slug, "\(published.version)", filled ? "sample" : "blank", exchange.language.rawValue, organ,
            answers,
        ].joined(separator: "\u{1}")
        let bytes = try await shelf.bytes(key) {
            let paper = FormPaper(
                item: item, version: published.version, organ: organ, guide: guide(exchange, area, slug),
                context: RuleContext(situations: situations.answers, today: exchange.now.date), filled: filled,
                createdAt: try await loaded(published), language: exchange.language,
                words: { key, arguments in exchange.text("catalogue.paper." + key, arguments) })
            return try renderPDF(paper.document)
        }
        let kind = exchange.text(filled ? "catalogue.paper.sampleName" : "catalogue.paper.blankName")
        return Self.response(bytes, .pdf, name: item.name[exchange.language] + kind, exchange)
    }

    /// A file of the pack: `blank`, `sample`, `sample-2` and so on.
    private func paper(
        _ exchange: Exchange, _ area: AreaCode, _ slug: String, _ material: String, _ name: String
    ) async throws -> Response {
        let published = try await catalogue.current(slug, area: area)
        let item = published.definition
        guard let material = item.material(material),
            let link = PaperLinks.files(of: material).first(where: { $0.name == name })
        else { throw DomainError.notFound }
        let stored = try await catalogue.database.read { tx in
            try PaperStore.bytes(link.paper.digest, area: area, tx)
        }
        guard var bytes = stored else { throw DomainError.notFound }
        if link.paper.kind == .txt {
            let organ = Self.organ(item, try await directory.profile(of: area), .zh)
            let key = [area.text, slug, link.paper.digest, link.paper.use.rawValue, organ].joined(separator: "\u{1}")
            let text = String(decoding: bytes, as: UTF8.self)
            bytes = try await shelf.bytes(key) {
                let watermark = link.paper.use == .sample ? exchange.text("catalogue.paper.sampleMark") : nil
                return try renderPDF(
                    PaperText(text, item: item.name.zh, organ: organ).document(
                        organ: organ, guide: guide(exchange, area, slug), watermark: watermark,
                        createdAt: try await loaded(published)
                    ))
            }
        }
        let use = exchange.text(link.paper.use == .blank ? "catalogue.paper.blankName" : "catalogue.paper.sampleName")
        return Self.response(bytes, link.paper.kind, name: material.name[exchange.language] + use, exchange)
    }

    /// The department by its full name, as papers have it.
    private static func organ(_ item: ItemDefinition, _ profile: AreaProfile, _ language: Language) -> String {
        profile.department(item.department)?.name[language] ?? item.department
    }

    private func guide(_ exchange: Exchange, _ area: AreaCode, _ slug: String) -> String {
        exchange.app.settings.publicURL + CataloguePaths.item.url(area, slug)
    }

    private func loaded(_ item: PublishedItem) async throws -> Moment {
        let at = try await catalogue.database.read { tx in
            try PaperStore.loadedAt(item.definition.slug, version: item.version, area: item.area, tx)
        }
        guard let at else { throw DomainError.notFound }
        return at
    }

    /// Shown in the browser where it can be; the browser asks again each time and is told whether it changed.
    private static func response(_ bytes: [UInt8], _ kind: PaperKind, name: String, _ exchange: Exchange) -> Response {
        let tag = "\"" + Hex.encode(Array(Digest.sha256(bytes).prefix(16))) + "\""
        var headers: HTTPFields = [.cacheControl: "private, no-cache", .eTag: tag]
        if exchange.request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        let place = kind.served == .docx ? "attachment" : "inline"
        headers[.contentType] = kind.mediaType
        headers[.contentDisposition] =
            "\(place); filename*=UTF-8''\(encodeSegment(name + "." + kind.served.rawValue))"
        headers[.contentSecurityPolicy] =
            "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'none'"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// Papers that were set lately, so that asking for them again costs nothing.
private final class PaperShelf: Sendable {
    private let papers = Mutex<[String: [UInt8]]>([:])
    /// Some 60 kB each.
    private static let capacity = 64

    func bytes(_ key: String, set: () async throws -> [UInt8]) async throws -> [UInt8] {
        if let known = papers.withLock({ $0[key] }) { return known }
        let bytes = try await set()
        papers.withLock { papers in
            if papers.count >= Self.capacity { papers.removeAll() }
            papers[key] = bytes
        }
        return bytes
    }
}
