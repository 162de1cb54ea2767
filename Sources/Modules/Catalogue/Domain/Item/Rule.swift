package import Kernel

/// A JsonLogic condition of an item, kept as written; read by the linter, the server and the browser alike.
package struct Rule: Sendable, Hashable, Codable {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package init(from decoder: any Decoder) throws {
        json = try decoder.singleValueContainer().decode(JSON.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(json)
    }
}
