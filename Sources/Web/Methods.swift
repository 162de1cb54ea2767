import HTTPTypes
import Hummingbird

/// Which methods the addresses of the table have: for the answer to a method that an address has not (RFC 9110, 15.5.6).
///
/// What the table says is no secret; what stands at an address is, and who may not see it is told the same as anybody.
struct Methods: Sendable {
    private struct Shape {
        /// Nil stands for any segment.
        let parts: [Substring?]
        var methods: [HTTPRequest.Method]
        /// The last part stands for all that follow.
        var isOpen = false

        func fits(_ segments: [Substring]) -> Bool {
            guard isOpen ? segments.count >= parts.count : segments.count == parts.count else { return false }
            return zip(parts, segments).allSatisfy { part, segment in part == nil || part == segment }
        }
    }

    private var shapes: [Shape]

    init(_ entries: [RouteEntry]) {
        shapes = []
        for entry in entries {
            let parts = entry.pattern.split(separator: "/").map { $0.hasPrefix(":") ? nil : $0 }
            let methods = entry.method == .get ? [.get, .head] : [entry.method]
            if let known = shapes.firstIndex(where: { $0.parts == parts }) {
                shapes[known].methods += methods
            } else {
                shapes.append(Shape(parts: parts, methods: methods))
            }
        }
        // As the router looks: what is written out comes before what stands for anything.
        shapes.sort { a, b in
            for (one, other) in zip(a.parts, b.parts) where (one == nil) != (other == nil) { return one != nil }
            return a.parts.count < b.parts.count
        }
        shapes.append(Shape(parts: ["static", nil, nil], methods: [.get, .head], isOpen: true))
    }

    /// The methods of the address, sorted; none where there is no such address.
    func allowed(at path: String) -> [HTTPRequest.Method] {
        let segments = path.split(separator: "/")
        let methods = shapes.first { $0.fits(segments) }?.methods ?? []
        return methods.sorted { $0.rawValue < $1.rawValue }
    }
}

/// An address has other methods than the one that was asked for.
struct MethodNotAllowed: Error {
    let allowed: [HTTPRequest.Method]

    /// What stands in `Allow`.
    var header: String { allowed.map(\.rawValue).joined(separator: ", ") }
}
