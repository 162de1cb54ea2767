import Foundation
package import Kernel

/// What can stand in a path as one segment.
package protocol PathParameter: Sendable {
    /// Nil where the segment is not one of these: the page is then not found.
    init?(pathSegment: String)
    var pathSegment: String { get }
}

extension AreaCode: PathParameter {
    /// Buckets are never part of a path.
    package init?(pathSegment: String) {
        guard let code = AreaCode(pathSegment), !code.isBucket else { return nil }
        self = code
    }
    package var pathSegment: String { text }
}

extension ID: PathParameter {
    package init?(pathSegment: String) { self.init(pathSegment) }
    package var pathSegment: String { description }
}

extension String: PathParameter {
    package init?(pathSegment: String) {
        guard (1...200).contains(pathSegment.utf8.count),
            !pathSegment.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { return nil }
        self = pathSegment
    }
    package var pathSegment: String { self }
}

extension Int: PathParameter {
    package init?(pathSegment: String) { self.init(pathSegment) }
    package var pathSegment: String { String(self) }
}

/// A path with typed places: written once, used by the route and by every link to it.
package struct Path<each Parameter: PathParameter>: Sendable {
    /// `/:area/items/:slug`.
    package let pattern: String
    let names: [String]

    /// As many `:name` segments as types.
    package init(_ pattern: String, _ types: repeat (each Parameter).Type) {
        self.pattern = pattern
        names = pattern.split(separator: "/").filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
    }

    /// The address with values in the places, percent-encoded.
    package func url(_ values: repeat each Parameter) -> String {
        var segments: [String] = []
        for value in repeat each values { segments.append(value.pathSegment) }
        var next = segments.makeIterator()
        var out = ""
        for part in pattern.split(separator: "/") {
            out += "/"
            out += part.hasPrefix(":") ? encodeSegment(next.next() ?? "") : String(part)
        }
        return out.isEmpty ? "/" : out + (pattern.hasSuffix("/") && pattern.count > 1 ? "/" : "")
    }

    /// Reads the places of a request; throws `notFound` where one does not fit.
    package func values(_ raw: [String]) throws(DomainError) -> (repeat each Parameter) {
        var index = -1
        func next<P: PathParameter>(_ type: P.Type) throws(DomainError) -> P {
            index += 1
            guard index < raw.count, let text = raw[index].removingPercentEncoding, let value = P(pathSegment: text)
            else {
                throw .notFound
            }
            return value
        }
        return (repeat try next((each Parameter).self))
    }
}

/// One segment or query value, with everything but unreserved characters encoded (RFC 3986).
package func encodeSegment(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 46, 95, 126: out.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let hex = String(byte, radix: 16, uppercase: true)
            out += byte < 16 ? "%0\(hex)" : "%\(hex)"
        }
    }
    return out
}
