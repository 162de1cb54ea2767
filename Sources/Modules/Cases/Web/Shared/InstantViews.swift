import Catalogue
import Kernel
import Registers
import Web

/// On what a decision without a person rests, or why people decide: to the desk with every fact, to the applicant with his own.
struct InstantViews {
    let opened: OpenCase
    let pack: AreaPack
    let isStaff: Bool
    let exchange: Exchange

    /// Nil where nothing of the kind happened.
    func view() throws -> View? {
        guard let basis = opened.state.instant else { return nil }
        let facts = try opened.words(basis.facts, as: InstantFacts.self)?.facts ?? []
        let rows = (basis.registers ?? []).map { row($0, facts) } + (basis.certificates ?? []).map(row)
        let reason = basis.reason.map { exchange.text("cases.instant.reason.\($0.rawValue)") }
        return View([
            "title": exchange.text(reason == nil ? "cases.instant.decided" : "cases.instant.left"),
            "reason": reason, "rows": rows, "hasRows": !rows.isEmpty,
        ])
    }

    private func row(_ asked: AskedRegister, _ facts: [InstantFacts.Fact]) -> View {
        let register = pack.register(asked.register)
        var lines = [exchange.text("cases.instant.standing.\(asked.standing.rawValue)")]
        if let day = asked.asOf {
            let words = day.words(in: exchange.language, near: exchange.now.date)
            lines.append(exchange.text("cases.instant.asOf", ["day": words]))
        }
        // What a register says of somebody else is not the applicant's to read.
        for fact in facts where fact.register == asked.register && (isStaff || fact.isOwn) {
            let name = register?.field(fact.field)?.name[exchange.language] ?? fact.field
            lines.append(name + exchange.text("cases.shared.colon") + value(fact.value))
        }
        return View([
            "label": register?.name[exchange.language] ?? asked.register, "lines": lines.map { View(["text": $0]) },
        ])
    }

    private func row(_ held: HeldCertificate) -> View {
        let name = pack.certificates.first { $0.id == held.type }?.name[exchange.language] ?? held.type
        let place =
            held.area == opened.area
            ? exchange.text("cases.instant.here") : exchange.text("cases.instant.elsewhere", ["area": held.area.text])
        return View([
            "label": name,
            "lines": [place, CaseNumber.grouped(held.number)].map { View(["text": $0]) },
        ])
    }

    private func value(_ value: JSON) -> String {
        switch value {
        case .bool(let flag): exchange.text(flag ? "cases.instant.yes" : "cases.instant.no")
        case .string(let text): CivilDate(text).map { $0.words(in: exchange.language) } ?? text
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .null, .array, .object: "–"
        }
    }
}

extension CasesAPI {
    /// The basis of a case's decision without a person, for a page.
    func instant(_ opened: OpenCase, isStaff: Bool, _ exchange: Exchange) async throws -> View? {
        guard opened.state.instant != nil else { return nil }
        let pack = try await catalogue.index(of: opened.area)
        return try InstantViews(opened: opened, pack: pack, isStaff: isStaff, exchange: exchange).view()
    }
}
