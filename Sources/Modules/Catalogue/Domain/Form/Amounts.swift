import Kernel

/// A decimal number with up to six places, kept exactly as a count of millionths.
struct Millionths: Sendable, Hashable, Comparable, CustomStringConvertible {
    let value: Int64

    init(value: Int64) { self.value = value }

    /// Reads `12`, `-3.5`, `1,200.25`; at most 12 digits before and 6 after the point.
    init?(_ text: some StringProtocol) {
        let bare = String(text).filter { $0 != "," && $0 != "，" }
        let negative = bare.hasPrefix("-")
        let parts = (negative ? bare.dropFirst() : bare[...]).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].count <= 12,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }), let whole = Int64(parts[0])
        else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            guard (1...6).contains(parts[1].count), let digits = Int64(parts[1]) else { return nil }
            fraction = (parts[1].count..<6).reduce(digits) { number, _ in number * 10 }
        }
        let magnitude = whole * 1_000_000 + fraction
        value = negative ? -magnitude : magnitude
    }

    /// A JSON number; nil for anything else and for numbers out of range.
    init?(_ json: JSON) {
        switch json {
        case .int(let whole):
            guard abs(whole) < 1_000_000_000_000 else { return nil }
            value = whole * 1_000_000
        case .double(let number):
            guard number.isFinite, abs(number) < 1e12 else { return nil }
            value = Int64((number * 1e6).rounded())
        default: return nil
        }
    }

    /// How many places after the point are used, 0…6.
    var places: Int {
        var rest = abs(value) % 1_000_000
        guard rest != 0 else { return 0 }
        var places = 6
        while rest % 10 == 0 {
            rest /= 10
            places -= 1
        }
        return places
    }

    var json: JSON { value % 1_000_000 == 0 ? .int(value / 1_000_000) : .double(Double(value) / 1e6) }

    var description: String {
        let magnitude = abs(value)
        let sign = value < 0 ? "-" : ""
        guard places > 0 else { return sign + String(magnitude / 1_000_000) }
        let fraction = String(magnitude % 1_000_000 + 1_000_000).dropFirst().prefix(places)
        return sign + String(magnitude / 1_000_000) + "." + fraction
    }

    static func < (a: Millionths, b: Millionths) -> Bool { a.value < b.value }
}

extension Money {
    /// Reads yuan with at most two places: `80`, `1,200.50`.
    init?(yuan text: some StringProtocol) {
        guard let number = Millionths(text), number.places <= 2 else { return nil }
        self.init(fen: number.value / 10_000)
    }
}

extension Prefill {
    /// Reads `identity.name`, `organisation.uscc`, `certificate.TYPE.KEY`, `answer.FIELD`, `situation.ID`.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        switch (parts.first, parts.count) {
        case ("identity", 2):
            guard let part = IdentityPart(rawValue: parts[1]) else { return nil }
            self = .identity(part)
        case ("organisation", 2):
            guard let part = OrganisationPart(rawValue: parts[1]) else { return nil }
            self = .organisation(part)
        case ("certificate", 3): self = .certificate(type: parts[1], key: parts[2])
        case ("answer", 2): self = .answer(parts[1])
        case ("situation", 2): self = .situation(parts[1])
        default: return nil
        }
    }
}
