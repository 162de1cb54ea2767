/// The way an act reached the office.
package enum Channel: String, Sendable, Hashable, Codable, CaseIterable {
    case window, web, mobile, kiosk, express, agent, bank, api, system
}

/// Who did something: by reference, never by name.
package struct Actor: Sendable, Hashable, Codable {
    /// What kind of account acts.
    package enum Kind: String, Sendable, Hashable, Codable {
        case resident, staff, client, system, os
    }

    package let kind: Kind
    /// The account's, staff member's or client's id; for `system` the job, for `os` the user of the operating system.
    package let id: String
    /// The person or organisation in whose name it was done, where that is another.
    package let onBehalfOf: String?
    package let channel: Channel

    package init(_ kind: Kind, id: String, onBehalfOf: String? = nil, channel: Channel) {
        self.kind = kind
        self.id = id
        self.onBehalfOf = onBehalfOf
        self.channel = channel
    }

    /// The program itself, for what a timer does.
    package static func system(_ job: String) -> Actor { Actor(.system, id: job, channel: .system) }
}

/// A right that a role may hold; declared by the module that asks for it.
package struct Permission: Sendable, Hashable, CustomStringConvertible {
    /// `cases.accept`: module and act.
    package let name: String

    package init(_ name: String) { self.name = name }
    package var description: String { name }
}

/// An amount of money in fen (1/100 yuan).
package struct Money: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    package let fen: Int64

    package init(fen: Int64) { self.fen = fen }

    /// `1,200.00`.
    package var description: String {
        let whole = String(abs(fen) / 100)
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return (fen < 0 ? "-" : "") + grouped + "." + twoDigits(Int(abs(fen) % 100))
    }

    package static func < (a: Money, b: Money) -> Bool { a.fen < b.fen }
    package static func + (a: Money, b: Money) -> Money { Money(fen: a.fen + b.fen) }
}
