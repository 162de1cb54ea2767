import Kernel

/// Reads the parts of an item that make up its guide: limits, basis, conditions, fees, questions.
struct GuideReader {
    let log: FindingLog

    func limits(_ m: MappingReader, imported: Bool) -> LimitSet {
        // Imported lists give no limit; the general rule of 行政许可法 art. 42 stands until the department fills it in.
        let general = Limit(20, .workingDays)
        guard let limits = m.mapping("limits") else {
            if !imported { m.missing("limits") }
            return LimitSet(statutory: nil, promised: general, province: nil)
        }
        if !limits.has("promised") { limits.missing("promised") }
        let set = LimitSet(
            statutory: limits.limit("statutory"), promised: limits.limit("promised") ?? general,
            province: limits.limit("province"))
        limits.finish()
        return set
    }

    func visits(_ m: MappingReader, imported: Bool) -> Visits {
        guard let node = m.value("visits") else {
            if !imported { m.missing("visits") }
            return Visits(number: 0, reason: nil)
        }
        guard node.members != nil else { return Visits(number: m.int("visits", in: 0...9) ?? 0, reason: nil) }
        let inner = MappingReader(node, log: log)
        if !inner.has("number") { inner.missing("number") }
        let visits = Visits(number: inner.int("number", in: 0...9) ?? 0, reason: inner.label("reason"))
        inner.finish()
        return visits
    }

    func themes(_ m: MappingReader) -> ItemThemes {
        guard let themes = m.mapping("themes") else { return ItemThemes(person: [], legal: []) }
        let found = ItemThemes(person: themes.texts("person"), legal: themes.texts("legal"))
        themes.finish()
        return found
    }

    func legalBasis(_ m: MappingReader) -> [LegalBasis] {
        m.entries("legal_basis").map { entry in
            let basis = LegalBasis(
                id: entry.id(), law: entry.requiredLabel("law"), number: entry.text("number"),
                article: entry.text("article"),
                text: entry.label("text"), verify: entry.bool("verify", default: false))
            entry.finish()
            return basis
        }
    }

    func conditions(_ m: MappingReader) -> [ItemCondition] {
        m.entries("conditions").map { entry in
            let condition = ItemCondition(
                id: entry.id(), text: entry.requiredLabel("text"), basis: entry.texts("basis"))
            entry.finish()
            return condition
        }
    }

    func fees(_ m: MappingReader) -> [Fee] {
        m.entries("fees").map { entry in
            let fee = Fee(
                id: entry.id(), project: entry.requiredLabel("project"),
                amount: money(entry, "amount") ?? Money(fen: 0),
                unit: entry.label("unit"), basis: entry.texts("basis"), payment: entry.choices("payment"),
                waived: entry.label("waived"))
            if !entry.has("amount") { entry.missing("amount") }
            entry.finish()
            return fee
        }
    }

    /// Yuan with at most two places, not negative.
    func money(_ m: MappingReader, _ key: String) -> Money? {
        guard let node = m.value(key) else { return nil }
        if let text = node.text, let money = Money(yuan: text), money.fen >= 0 { return money }
        m.report(
            "value.money", at: node, zh: "“\(node.text ?? "")”不是金额", en: "“\(node.text ?? "")” is not an amount",
            do: ("写成元，例如 \"80.00\"", "Write yuan, for example \"80.00\""))
        return nil
    }

    func contacts(_ m: MappingReader) -> ItemContacts {
        guard let contacts = m.mapping("contacts") else { return ItemContacts(advice: nil, complaint: nil) }
        let found = ItemContacts(
            advice: contacts.text("advice", max: 40), complaint: contacts.text("complaint", max: 40))
        contacts.finish()
        return found
    }

    func places(_ m: MappingReader) -> [Place] {
        m.entries("places", unique: "hall").map { entry in
            let place = Place(
                hall: entry.requiredSlug("hall"), windows: entry.texts("windows"), note: entry.label("note"))
            entry.finish()
            return place
        }
    }

    func situations(_ m: MappingReader) -> [Situation] {
        m.entries("situations").map { entry in
            let answers = entry.entries("answers").map { answer in
                let read = Situation.Answer(
                    id: answer.id(), label: answer.requiredLabel("label"), hint: answer.label("hint"))
                answer.finish()
                return read
            }
            let situation = Situation(
                id: entry.id(), ask: entry.requiredLabel("ask"), hint: entry.label("hint"),
                multiple: entry.bool("multiple", default: false), required: entry.bool("require", default: true),
                show: entry.rule("show"), answers: answers,
                example: entry.has("example") ? entry.texts("example") : nil)
            if answers.isEmpty { entry.missing("answers") }
            entry.finish()
            return situation
        }
    }

    func gates(_ m: MappingReader) -> [Gate] {
        m.entries("gates").compactMap { entry in
            let id = entry.id()
            let when = entry.rule("when")
            if when == nil { entry.missing("when") }
            var effect: Gate.Effect?
            let block = entry.label("block")
            let redirect = entry.slug("redirect")
            let reason = entry.label("reason")
            if let redirect {
                if reason == nil { entry.missing("reason") }
                effect = .redirect(slug: redirect, reason: reason ?? LocalizedText(zh: ""))
            } else if let block {
                effect = .block(block)
            }
            if (block == nil) == (redirect == nil) {
                entry.report(
                    "gate.effect", at: entry.node, zh: "要么 block，要么 redirect", en: "either block or redirect",
                    do: ("只写其中一个", "Write one of them"))
            }
            entry.finish()
            guard let when, let effect else { return nil }
            return Gate(id: id, when: when, effect: effect)
        }
    }

    func requires(_ m: MappingReader) -> [Requirement] {
        m.entries("requires").compactMap { entry in
            let id = entry.id()
            let message = entry.requiredLabel("message")
            let certificate = entry.slug("certificate")
            let item = entry.slug("item")
            let state: Requirement.ItemState = entry.choice("state") ?? .decided
            entry.finish()
            switch (certificate, item) {
            case (let certificate?, nil): return Requirement(id: id, need: .certificate(certificate), message: message)
            case (nil, let item?): return Requirement(id: id, need: .item(slug: item, state: state), message: message)
            default:
                entry.report(
                    "requires.kind", at: entry.node, zh: "要么 certificate，要么 item", en: "either certificate or item",
                    do: ("只写其中一个", "Write one of them"))
                return nil
            }
        }
    }
}
