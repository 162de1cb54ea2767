import Cryptography
import Foundation
import HTTPTypes
package import Hummingbird
package import Kernel
package import Logging
package import NIOCore

/// A request under way: who asks, in which language, for which area, and the ways to answer.
package struct Exchange: Sendable {
    package let request: Request
    package let app: AppContext
    package let viewer: Viewer
    package let language: Language
    /// The elder-friendly version 长辈版 is on.
    package let elder: Bool
    package let area: AreaCode?
    /// Also in the logs and in the journal.
    package let requestID: String
    /// The caller's address, for limits on tries.
    package let address: String
    package let logger: Logger
    /// The moment the request began: the time of whatever it does.
    package let now: Moment
    package let isAPI: Bool
    let contract: Contract.Operation?
    let formCookie: String
    let formCookieIsNew: Bool
    let parsedForm: FormData?
    let queryFields: FormData
    /// Where what is written may be kept for other readers.
    var sheet: Sheet?

    /// How the act is journaled: pages by web or mobile, the desk by its window, the API as api.
    package var actor: Actor {
        let channel: Kernel.Channel =
            if isAPI { .api } else if viewer.staff != nil { .window } else {
                (request.headers[.userAgent] ?? "").contains("Mobile") ? .mobile : .web
            }
        return viewer.actor(via: channel)
    }

    /// The signed-in resident.
    ///
    /// - Throws: `signInRequired`; a route that requires a resident never gets here without one.
    package func resident() throws(DomainError) -> ResidentViewer {
        guard let viewer = viewer.resident else { throw .signInRequired }
        return viewer
    }

    /// The signed-in member of staff.
    package func staff() throws(DomainError) -> StaffViewer {
        guard let viewer = viewer.staff else { throw .signInRequired }
        return viewer
    }

    /// The area of the address.
    package func place() throws(DomainError) -> AreaCode {
        guard let area else { throw .notFound }
        return area
    }

    /// A field of the query, trimmed; nil where it is absent or empty.
    package func query(_ name: String) -> String? {
        guard let value = queryFields[name], !value.isEmpty else { return nil }
        return value
    }

    /// All values of a field of the query.
    package func queryAll(_ name: String) -> [String] { queryFields.all(name) }

    /// The fields of the form that was sent; empty where the body is something else.
    package var form: FormData { parsedForm ?? FormData() }

    /// The body of an API call as JSON, as the description has it.
    ///
    /// - Parameter absent: what stands for a body that was not sent.
    /// - Throws: `.invalid` where it is not JSON in UTF-8, has a character that no text has (U+0000), or is not of the described form;
    ///   `.tooLarge` over 1 MiB.
    package func describedJSON(absent: JSON) async throws -> JSON {
        let isAbsent = request.headers[.contentLength] == "0" || request.headers[.contentType] == nil
        let body = isAbsent ? absent : try await json()
        let faults = contract?.faults(in: body) ?? []
        guard faults.isEmpty else { throw DomainError.invalid(faults) }
        return body
    }

    /// The body as JSON, whatever its form.
    ///
    /// - Throws: `.invalid` where it is not JSON in UTF-8 or has a character that no text has (U+0000), `.tooLarge` over 1 MiB.
    package func json() async throws -> JSON {
        let buffer = try await body(limit: 1 << 20)
        do {
            guard let text = String(validating: buffer.readableBytesView, as: UTF8.self),
                !text.utf8.contains("\\u0000".utf8)
            else {
                throw DomainError.invalid("", "web.fault.json")
            }
            return try JSON(parsing: text)
        } catch {
            throw DomainError.invalid("", "web.fault.json")
        }
    }

    /// The body, at most `limit` bytes of it.
    package func body(limit: Int) async throws -> ByteBuffer {
        do {
            return try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw DomainError.tooLarge(Message("web.fault.tooLarge", ["limit": "\(limit >> 20) MB"]))
        } catch {
            // The line broke off.
            throw DomainError.invalid("", "web.fault.upload")
        }
    }

    /// Reads an upload piece by piece. The field `csrf` must come first; it is checked here.
    ///
    /// - Throws: `.forbidden` without the token, `.invalid` where the body is no form.
    package func multipart() async throws -> MultipartReader<RequestBody.AsyncIterator> {
        do {
            var reader = try MultipartReader(
                contentType: request.headers[.contentType] ?? "", source: request.body.makeAsyncIterator())
            if !isAPI, request.headers[Self.csrfHeader] == nil {
                guard let first = try await reader.nextPart(), first.name == "csrf", first.filename == nil,
                    isCSRFToken(try await reader.text(limit: 200))
                else { throw DomainError.forbidden }
            }
            return reader
        } catch let error as DomainError {
            throw error
        } catch {
            throw DomainError.invalid("", "web.fault.upload")
        }
    }

    static let csrfHeader = HTTPField.Name("X-CSRF-Token") ?? .init(parsed: "x-csrf-token") ?? .cookie

    /// Stands in every form that posts: under another mask on every page, so that the lengths of compressed pages tell nothing of it
    /// (BREACH, CVE-2013-3587).
    package var csrf: String {
        if sheet != nil { return Sheet.mark }
        let mask = Randomness.bytes(csrfCode.count)
        return Base64URL.encode(mask + zip(mask, csrfCode).map { $0 ^ $1 })
    }

    func isCSRFToken(_ text: String) -> Bool {
        let code = csrfCode
        guard let bytes = Base64URL.decode(text), bytes.count == code.count * 2 else { return false }
        return MAC.equal(zip(bytes.prefix(code.count), bytes.suffix(code.count)).map { $0 ^ $1 }, code)
    }

    private var csrfCode: [UInt8] { app.signer.code("csrf", formCookie + "|" + sessionCookie) }

    private var sessionCookie: String {
        (request.cookieValue(CookieName.resident) ?? "") + "|" + (request.cookieValue(CookieName.desk) ?? "")
    }

    /// A message in the reader's language.
    package func text(_ message: Message) -> String { app.pages.locales.text(message, in: language) }
    /// A text of the interface in the reader's language.
    package func text(_ key: String, _ arguments: [String: String] = [:]) -> String { text(Message(key, arguments)) }

    /// The address is one of the desk's.
    var isAtDesk: Bool { request.uri.path.hasPrefix(areaPath + "/desk") }

    /// `/510106`
    package var areaPath: String { area.map { "/\($0.text)" } ?? "" }
}
