import Kernel
import Storage
import Web

/// Which part of the security log is wanted, as the page's query says.
struct SecurityQuestion: Sendable {
    private let exchange: Exchange
    var filter = SecurityLog.Filter()
    /// The area's own log, or the bucket in which a resident's account lives.
    var `where`: AreaCode
    var faults: [FieldFault] = []

    init(_ exchange: Exchange, _ area: AreaCode, _ identity: IdentityAPI) async throws {
        self.exchange = exchange
        self.where = area
        let from = date("from")
        let to = date("to")
        if let from, let to, to < from { faults.append(FieldFault("to", Message("identity.security.order"))) }
        filter.from = from?.start
        filter.to = to?.adding(days: 1).start
        filter.kinds = exchange.query("kind").map(EventKinds.kinds) ?? []
        if let typed = exchange.query("who") { try await narrow(to: typed, area, identity) }
    }

    /// A staff account by its login, an id as it stands in the list, or a resident by his phone: that one's log lies in his
    /// own bucket, and the look is written down.
    private mutating func narrow(to typed: String, _ area: AreaCode, _ identity: IdentityAPI) async throws {
        let login = typed.lowercased()
        if let staff = try await identity.database.read({ tx in try StaffStore.staff(login: login, area: area, tx) }) {
            (filter.subjects, filter.actors) = ([staff.id], ["staff:\(staff.id)"])
        } else if let phone = MobileNumber(typed), let account = try await identity.account(of: phone) {
            let doing = exchange.doing
            try await identity.database.write { tx in
                try SecurityLog.record("check.searched", subject: account.id, area: area, doing, tx)
            }
            self.where = account.bucket
            (filter.subjects, filter.actors) = ([account.id], ["resident:\(account.id)"])
        } else if let id = ID<SecurityEvent>(typed) {
            let text = id.description
            (filter.subjects, filter.actors) = (
                [text], ["staff:\(text)", "resident:\(text)", "client:\(area.text).\(text)"]
            )
        } else {
            faults.append(FieldFault("who", Message("identity.security.whoNone")))
        }
    }

    private mutating func date(_ name: String) -> CivilDate? {
        let boxes = ["year", "month", "day"].map { exchange.query("\(name).\($0)") ?? "" }
        if boxes.allSatisfy(\.isEmpty) { return nil }
        if let year = Int(boxes[0]), let month = Int(boxes[1]), let day = Int(boxes[2]),
            let date = CivilDate(year: year, month: month, day: day), (1990...2100).contains(year)
        {
            return date
        }
        faults.append(FieldFault(name, Message("identity.absence.date")))
        return nil
    }

    private static let names = [
        "from.year", "from.month", "from.day", "to.year", "to.month", "to.day", "kind", "who",
    ]

    var isAsked: Bool { Self.names.contains { exchange.query($0) != nil } }

    /// The query again, without the place in the list.
    func query(adding more: String? = nil) -> String {
        var parts = Self.names.compactMap { name in
            exchange.query(name).map { "\(name)=\(encodeSegment($0))" }
        }
        if let more { parts.append(more) }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }

    func fields(_ faults: [FieldFault]) -> [View] {
        let form = FormFields(exchange: exchange, faults: faults)
        var kinds: [(value: String, label: String)] = []
        for group in EventKinds.groups {
            kinds.append((group.group, exchange.text("identity.events.\(group.group)")))
            kinds += group.kinds.map { ($0, "\u{3000}" + exchange.eventName($0)) }
        }
        func day(_ name: String) -> View {
            form.date(name, "identity.security.\(name)", form: FormData()).with([
                "year": exchange.query("\(name).year"), "month": exchange.query("\(name).month"),
                "day": exchange.query("\(name).day"),
            ])
        }
        return [
            day("from"), day("to"),
            form.select(
                "kind", "identity.security.what", kinds, chosen: exchange.query("kind"),
                empty: exchange.text("identity.security.allKinds")),
            form.field("who", .text, "identity.security.who", value: exchange.query("who"), width: "w12"),
        ]
    }
}
