import Foundation
package import HTTPTypes
package import Hummingbird
package import Kernel
import NIOCore

// The ways to answer a request.

extension Exchange {
    /// A page in the portal's or the desk's frame: the template inherits `web.layout` or `web.desk`.
    ///
    /// - Parameters:
    ///   - title: stands in the browser's title bar.
    ///   - faults: shown as the error summary; each links to `#field`.
    package func page(
        _ template: String, title: String, _ view: View, faults: [FieldFault] = [], status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let chrome = try await app.chrome.chrome(of: area, for: viewer, in: language, database: app.database)
        // An address without a page is nowhere: it would tell that there is a page near it.
        var page = frame(title: title, chrome: chrome, marksPlace: status != .notFound)
        if !faults.isEmpty { page.set("errors", errorSummary(faults)) }
        let flash = request.cookieValue(CookieName.flash).flatMap { app.signer.open("flash", $0) }
        if let flash, let parsed = try? JSON(parsing: flash) {
            page.set(
                "flash",
                View(["kind": parsed["kind"].text, "title": parsed["title"].text, "text": parsed["text"].text]))
        }
        for (name, value) in view.entries { page.set(name, value) }
        let html = try app.pages.render(template, page, in: language)
        sheet?.write(html, startsForms: true)
        var response = Self.html(html, status: status)
        if flash != nil { response.setCookie(CookieName.flash, "", maxAge: 0) }
        if formCookieIsNew { response.setCookie(CookieName.form, formCookie, maxAge: nil) }
        return response
    }

    /// A part of a page, for scripts that swap it in.
    package func fragment(_ template: String, _ view: View) throws -> Response {
        let html = try app.pages.render(template, view.with(["csrf": csrf, "areaPath": areaPath]), in: language)
        sheet?.write(html, startsForms: false)
        return Self.html(html, status: .ok)
    }

    /// The fields every layout reads.
    func frame(title: String, chrome: Chrome, marksPlace: Bool) -> View {
        // What nobody could have typed is not carried on.
        let uri = request.uri.string.utf8.count > Self.longestAddress ? request.uri.path : request.uri.string
        let area = chrome.areaName == nil ? nil : area
        let gap = language == .en ? " " : ""
        let place = String(request.uri.path.dropFirst(areaPath.count))
        let nearest = marksPlace ? chrome.rail.map { $0.reach(place) }.max() ?? 0 : 0
        let languages = Language.allCases.map { candidate in
            View([
                "code": candidate.tag, "name": candidate.ownName, "current": candidate == language,
                "href": "/preferences?language=\(candidate.rawValue)&back=\(encodeSegment(uri))",
            ])
        }
        let assets = app.assets
        return View([
            "lang": language.tag, "locale": language.rawValue, "dir": "ltr", "elder": elder, "title": title,
            "areaName": chrome.areaName, "areaGap": chrome.areaName == nil ? nil : gap,
            "titleArea": chrome.areaName.flatMap { $0 == title ? nil : $0 + gap },
            "areaPath": area == nil ? nil : areaPath, "canonicalPath": uri,
            "signedIn": viewer.resident != nil || viewer.staff != nil,
            "attended": viewer.resident.flatMap { $0.attendant == nil ? nil : $0.displayName },
            "viewerName": viewer.staff?.displayName ?? viewer.resident?.displayName,
            "unread": chrome.unread > 0 ? chrome.unread : nil, "csrf": csrf, "flash": nil, "errors": nil,
            "actingFor": viewer.resident?.organisation, "phone": chrome.advicePhone, "hotline": "12345",
            "complaintPhone": chrome.complaintPhone, "searchText": query("q"), "languages": languages,
            "demo": app.settings.demo,
            "keysOff": request.cookieValue(CookieName.keys) == "off", "sessionEndsIn": viewer.staff == nil ? nil : 1800,
            "deskCounts": chrome.tasks.map { tasks in
                View([
                    "tasks": tasks.all, "warn": tasks.warn > 0 ? tasks.warn : nil,
                    "over": tasks.over > 0 ? tasks.over : nil,
                ])
            },
            "deskHome": areaPath + (chrome.rail.first?.path ?? "/desk/account"),
            "rail": chrome.rail.map { entry in
                View([
                    "href": areaPath + entry.path, "label": text(entry.key), "key": entry.letter,
                    "current": nearest > 0 && entry.reach(place) == nearest,
                ])
            },
            "asset": View([
                "css": assets.url("css/tongban.css"), "deskCss": assets.url("css/desk.css"),
                "printCss": assets.url("css/print.css"), "appJs": assets.url("js/app.js"),
                "deskJs": assets.url("js/desk.js"), "icon": assets.url("img/icon.svg"),
            ]),
        ])
    }

    /// Bytes of an address, its query included, beyond which it is refused: forms have at most a text of 200 characters in it.
    static let longestAddress = 8192

    private func errorSummary(_ faults: [FieldFault]) -> View {
        View([
            "count": faults.count,
            "items": faults.map { View(["href": "#\($0.field)", "text": text($0.message)]) },
        ])
    }

    /// Goes on to another page after a form was carried out; only to a path of this site.
    package func redirect(_ path: String, flash: Message? = nil, kind: String = "done") -> Response {
        let target = isLocalPath(path) ? path : "/"
        var response = Response(status: .seeOther, headers: [.location: target, .cacheControl: "no-store"])
        if let flash {
            let content: JSON = ["kind": .string(kind), "title": .string(text(flash))]
            response.setCookie(CookieName.flash, app.signer.sign("flash", content.canonical), maxAge: 300)
        }
        return response
    }

    /// JSON for the API and for scripts.
    package func json(_ value: JSON, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: value.canonical)))
    }

    /// Where the browser wanted to go before it had to sign in, or `fallback`; used once.
    package func takeTarget(or fallback: String) -> String {
        guard let signed = request.cookieValue(CookieName.target), let path = app.signer.open("target", signed),
            isLocalPath(path)
        else { return fallback }
        return path
    }

    /// Sends the browser to the sign-in page of its door and remembers where it wanted to go.
    func toSignIn() async -> Response {
        // Who types for somebody at the counter is asked to begin with him again, not to sign in as him.
        if !isAtDesk, sittingCookie != nil {
            return Response(
                status: .seeOther, headers: [.location: areaPath + "/desk/counter", .cacheControl: "no-store"])
        }
        let door = areaPath + (isAtDesk ? "/desk/sign-in" : "/sign-in")
        var response = Response(status: .seeOther, headers: [.location: door, .cacheControl: "no-store"])
        var wanted = request.method == .get ? request.uri.string : areaPath + "/"
        if let cookie = await keepForm() {
            wanted = keptPath
            response.setCookie(KeptPosts.cookie, cookie, maxAge: 3600)
        }
        response.setCookie(CookieName.target, app.signer.sign("target", wanted), maxAge: 3600)
        return response
    }

    /// Sends the browser to where a form with an old token is shown again; nil where it cannot be kept, or where it is not certain
    /// that a page of this site sent it.
    func kept() async -> Response? {
        guard request.isFromHere == true, area != nil, viewer.resident != nil || viewer.staff != nil,
            let cookie = await keepForm()
        else { return nil }
        var response = redirect(keptPath)
        response.setCookie(KeptPosts.cookie, cookie, maxAge: 3600)
        return response
    }

    private var keptPath: String { areaPath + (isAtDesk ? "/desk/kept" : "/kept") }

    private func keepForm() async -> String? {
        guard request.method == .post, let form = parsedForm, !form.pairs.isEmpty else { return nil }
        return try? await KeptPosts.keep(form, to: request.uri.path, in: app.database, suite: app.suite(), at: now)
    }

    static func html(_ text: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

/// True for a path on this site: one slash, no host, no backslash, no control characters.
package func isLocalPath(_ path: String) -> Bool {
    // Byte by byte, as a browser reads it: a slash with a combining mark after it is one Character, and still a slash.
    let bytes = path.utf8
    return bytes.first == 47 && bytes.dropFirst().first != 47
        && !bytes.contains { $0 < 0x21 || $0 == 0x7F || $0 == 92 }
}

extension View {
    /// Name and value pairs, for merging.
    var entries: [(String, Any)] { pairs() }
}
