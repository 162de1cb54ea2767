import HTTPTypes
import Hummingbird
package import Kernel

/// Names of the cookies. `__Host-` ties them to this host, to https and to the whole path.
enum CookieName {
    static let resident = "__Host-tongban"
    static let desk = "__Host-tongban-desk"
    /// Random; the CSRF token is bound to it and to the session.
    static let form = "__Host-tongban-form"
    /// Of the sitting at a counter, beside the desk's.
    static let counter = "__Host-tongban-counter"
    /// The phone that sends papers to a counter, from its first picture on.
    static let phone = "__Host-tongban-phone"
    static let flash = "__Host-tongban-flash"
    static let target = "__Host-tongban-target"
    static let language = "__Host-tongban-language"
    static let elder = "__Host-tongban-elder"
    static let area = "__Host-tongban-area"
    static let keys = "__Host-tongban-keys"
    /// `off` where an officer wants to stay on a case after an act.
    static let next = "__Host-tongban-next"
}

/// The session cookie of one of the two doors.
package enum Door: Sendable {
    case portal, desk

    var cookie: String { self == .portal ? CookieName.resident : CookieName.desk }
}

func cookieHeader(_ name: String, _ value: String, maxAge: Int?, sameSite: String = "Lax") -> String {
    var text = "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=\(sameSite)"
    if let maxAge { text += "; Max-Age=\(maxAge)" }
    return text
}

extension Response {
    /// Adds a cookie; `maxAge` in seconds, nil until the browser closes, 0 to delete.
    mutating func setCookie(_ name: String, _ value: String, maxAge: Int?) {
        headers.append(HTTPField(name: .setCookie, value: cookieHeader(name, value, maxAge: maxAge)))
    }

    /// Signs the browser in: the session cookie of the door.
    package mutating func startSession(_ value: String, at door: Door, maxAge: Int?) {
        setCookie(door.cookie, value, maxAge: maxAge)
        setCookie(CookieName.form, "", maxAge: 0)
    }

    /// Signs the browser out.
    package mutating func endSession(at door: Door) {
        setCookie(door.cookie, "", maxAge: 0)
        setCookie(CookieName.form, "", maxAge: 0)
    }

    /// The officer types for a resident at the counter from now on.
    package mutating func startSitting(_ value: String) { setCookie(CookieName.counter, value, maxAge: nil) }

    /// The officer types for nobody any more.
    package mutating func endSitting() { setCookie(CookieName.counter, "", maxAge: 0) }

    /// This phone sends papers to a counter; `maxAge` in seconds.
    package mutating func rememberPhone(_ value: String, maxAge: Int) {
        setCookie(CookieName.phone, value, maxAge: maxAge)
    }

    /// Remembers the area for the next visit to `/`.
    package mutating func rememberArea(_ area: AreaCode) { setCookie(CookieName.area, area.text, maxAge: 31_536_000) }
}

extension Request {
    /// The value of a cookie, or nil where it is not there or empty.
    func cookieValue(_ name: String) -> String? {
        for header in headers[values: .cookie] {
            if let value = Self.value(of: name, in: header) { return value.isEmpty ? nil : value }
        }
        return nil
    }

    /// `a=1; b=2`: asked several times a request, so it is read byte by byte.
    private static func value(of name: String, in header: String) -> String? {
        var (header, name) = (header, name)
        return header.withUTF8 { bytes in
            name.withUTF8 { name in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let pair = rest.prefix { $0 != UInt8(ascii: ";") }
                    rest = rest[pair.endIndex...].dropFirst()
                    let key = pair.prefix { $0 != UInt8(ascii: "=") }
                    guard key.endIndex < pair.endIndex, key.trimmed.elementsEqual(name) else { continue }
                    return String(decoding: pair[(key.endIndex + 1)...].trimmed, as: UTF8.self)
                }
                return nil
            }
        }
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    fileprivate var trimmed: Self {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let start = drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else {
            return start[start.startIndex..<start.startIndex]
        }
        return start[...last]
    }
}

extension Exchange {
    /// Of the sitting at this officer's counter; nil where nobody sits there.
    package var sittingCookie: String? { request.cookieValue(CookieName.counter) }

    /// By which a phone that sent papers before is known again.
    package var phoneCookie: String? { request.cookieValue(CookieName.phone) }

    /// The officer wants to stay on a case after an act instead of going on to the next task.
    package var staysOnCase: Bool { request.cookieValue(CookieName.next) == "off" }
}
