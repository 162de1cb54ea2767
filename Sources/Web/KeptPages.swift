import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Synchronization

/// Pages that say the same to everybody who is not signed in, kept as they were written: a guide is read by thousands and changes once a month.
///
/// A page is kept under its address, language and day, for as long as what it was written from has the same stamp, and no longer than
/// ten seconds. Only the token of its forms is put in anew for each reader. Nothing of a reader who is signed in is ever kept.
final class KeptPages: Sendable {
    /// What a page depends on besides the stamp.
    struct Key: Hashable {
        let address: String
        let language: Language
        let elder: Bool
        let day: CivilDate
    }

    /// A page between whose parts the token belongs.
    struct Page: Sendable {
        fileprivate let parts: [ByteBuffer]
        fileprivate let status: HTTPResponse.Status
        fileprivate let headers: HTTPFields
        fileprivate let stamp: String
        fileprivate var until: ContinuousClock.Instant
        fileprivate let startsForms: Bool
        fileprivate var size: Int { parts.reduce(0) { $0 + $1.readableBytes } }

        func response(to exchange: Exchange) -> Response {
            let token = parts.count > 1 ? exchange.csrf : ""
            var body = ByteBufferAllocator().buffer(capacity: size + token.utf8.count * (parts.count - 1))
            for (index, part) in parts.enumerated() {
                if index > 0 { body.writeString(token) }
                body.writeImmutableBuffer(part)
            }
            var response = Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
            if startsForms, exchange.formCookieIsNew {
                response.setCookie(CookieName.form, exchange.formCookie, maxAge: nil)
            }
            return response
        }
    }

    /// How long what does not move the stamp (what is asked for most) may be old.
    private static let patience = Duration.seconds(10)
    /// How long the others read on while one writes it anew.
    private static let writing = Duration.seconds(1)
    /// Bytes kept at most; beyond that all are forgotten.
    private static let room = 32 << 20
    private let pages = Mutex<(byKey: [Key: Page], size: Int)>(([:], 0))

    /// The page as it was written; nil for the one who is to write it anew.
    func page(_ key: Key, stamp: String) -> Page? {
        pages.withLock { pages in
            guard let page = pages.byKey[key], page.stamp == stamp else { return nil }
            if ContinuousClock.now < page.until { return page }
            // While one writes it anew the others read on.
            pages.byKey[key]?.until = .now + Self.writing
            return nil
        }
    }

    /// Keeps what a handler wrote on the sheet; nil where it wrote nothing.
    func keep(_ sheet: Sheet, _ response: Response, _ key: Key, stamp: String) -> Page? {
        guard let (text, startsForms) = sheet.written else { return nil }
        var headers = response.headers
        headers[values: .setCookie] = headers[values: .setCookie].filter {
            !$0.utf8.starts(with: CookieName.form.utf8)
        }
        // The length is that of what stands under the mark.
        headers[.contentLength] = nil
        let parts = text.split(separator: Sheet.mark, omittingEmptySubsequences: false)
            .map { ByteBuffer(substring: $0) }
        let page = Page(
            parts: parts, status: response.status, headers: headers, stamp: stamp, until: .now + Self.patience,
            startsForms: startsForms)
        guard response.status == .ok else { return page }
        pages.withLock { pages in
            if pages.size + page.size > Self.room { pages = ([:], 0) }
            pages.size += page.size - (pages.byKey[key]?.size ?? 0)
            pages.byKey[key] = page
        }
        return page
    }
}

/// What a page is written on that may be kept: with a mark where the token of the forms belongs.
final class Sheet: Sendable {
    /// As long as a token and like no word of a page; another one every time the program starts.
    static let mark = "mark-" + UUID().uuidString

    private let text = Mutex<(text: String, startsForms: Bool)?>(nil)

    var written: (text: String, startsForms: Bool)? { text.withLock { $0 } }

    func write(_ text: String, startsForms: Bool) { self.text.withLock { $0 = (text, startsForms) } }
}

extension Exchange {
    /// Answers with a page that may have been written for somebody else.
    ///
    /// - Parameter stamp: changes whenever what the page is written from changes.
    func kept(
        stamp: String, by handler: (Exchange) async throws -> Response
    ) async throws -> Response {
        let key = KeptPages.Key(
            address: request.uri.string, language: language, elder: elder, day: now.date)
        if let page = app.keptPages.page(key, stamp: stamp) { return page.response(to: self) }
        let sheet = Sheet()
        let response = try await handler(on(sheet))
        return app.keptPages.keep(sheet, response, key, stamp: stamp)?.response(to: self) ?? response
    }

    /// Whether what it asks for may be answered with what was written for others.
    var mayBeKept: Bool {
        viewer.isNobody && request.method != .post && request.cookieValue(CookieName.flash) == nil
    }
}
