import Kernel

/// Reads `pack.yaml`.
struct PackFileReader {
    let log: FindingLog

    func pack(_ node: SourceNode) -> AreaPack? {
        let m = MappingReader(node, log: log)
        let area = areaCode(m, "area")
        if !m.has("area") { m.missing("area") }
        let phones = m.mapping("phones")
        let remedies = m.mapping("remedies")
        let themes = m.mapping("themes")
        let pack = AreaPack(
            area: area ?? AreaCode(bucket: 0), kind: m.requiredChoice("kind", or: .county),
            parent: areaCode(m, "parent"),
            name: m.requiredLabel("name"), shortName: m.label("short_name"), demo: m.bool("demo", default: false),
            numberPrefix: m.text("number_prefix", max: 20), inherits: inherits(m),
            advicePhone: phones?.text("advice", max: 40), complaintPhone: phones?.text("complaint", max: 40),
            reviewOrgan: remedies?.label("review_organ"), court: remedies?.label("court"),
            divisions: divisions(m, "divisions"), departments: departments(m), roles: roles(m), halls: halls(m),
            personThemes: themes.map { self.themes($0, "person") } ?? [],
            legalThemes: themes.map { self.themes($0, "legal") } ?? [],
            events: events(m), certificates: certificates(m), registers: registers(m))
        phones?.finish()
        remedies?.finish()
        themes?.finish()
        m.finish()
        return area == nil ? nil : pack
    }

    private func areaCode(_ m: MappingReader, _ key: String) -> AreaCode? {
        guard let node = m.value(key) else { return nil }
        if let code = node.text.flatMap({ AreaCode($0) }), !code.isBucket { return code }
        m.report(
            "area.code", at: node, zh: "“\(node.text ?? "")”不是六位区划代码",
            en: "“\(node.text ?? "")” is not a six-digit area code",
            do: ("写成加引号的六位数字", "Write six digits in quotes"))
        return nil
    }

    private func inherits(_ m: MappingReader) -> AreaPack.Inherits {
        guard let node = m.value("inherits") else { return .slugs([]) }
        return node.text == "all" ? .all : .slugs(m.texts("inherits"))
    }

    private func divisions(_ m: MappingReader, _ key: String) -> [AreaPack.Division] {
        m.entries(key, unique: "code").map { entry in
            let code = entry.requiredText("code", max: 12)
            let division = AreaPack.Division(
                code: code, name: entry.requiredLabel("name"),
                communities: key == "divisions" ? divisions(entry, "communities") : [])
            entry.finish()
            return division
        }
    }

    private func departments(_ m: MappingReader) -> [AreaPack.Department] {
        m.entries("departments").map { entry in
            let department = AreaPack.Department(
                id: entry.requiredSlug("id"), name: entry.requiredLabel("name"), shortName: entry.label("short_name"),
                uscc: entry.text("uscc", max: 18), phone: entry.text("phone", max: 40))
            entry.finish()
            return department
        }
    }

    private func roles(_ m: MappingReader) -> [String: String] {
        guard let roles = m.mapping("roles") else { return [:] }
        var found: [String: String] = [:]
        for member in roles.node.members ?? [] { found[member.key] = roles.requiredSlug(member.key) }
        return found
    }

    private func halls(_ m: MappingReader) -> [AreaPack.Hall] {
        m.entries("halls").map { entry in
            let windows = entry.entries("windows").map { window in
                let read = AreaPack.Hall.Window(
                    id: window.requiredSlug("id"), number: window.text("number", max: 20),
                    name: window.requiredLabel("name"),
                    departments: window.texts("departments"))
                window.finish()
                return read
            }
            let hall = AreaPack.Hall(
                id: entry.requiredSlug("id"), name: entry.requiredLabel("name"), address: entry.label("address"),
                phone: entry.text("phone", max: 40), hours: hours(entry), windows: windows)
            entry.finish()
            return hall
        }
    }

    private func hours(_ m: MappingReader) -> [AreaPack.Hall.Hours] {
        m.entries("hours", unique: nil).compactMap { entry in
            var days: [Int] = []
            for node in entry.value("days")?.elements ?? [] {
                if let day = node.json.integer, (1...7).contains(day) {
                    days.append(Int(day))
                } else {
                    entry.report("hall.hours", at: node, zh: "星期应是 1 到 7", en: "days are 1 to 7")
                }
            }
            if days.isEmpty { entry.missing("days") }
            let from = minute(entry, "from")
            let to = minute(entry, "to")
            let extra = entry.bool("extra", default: false)
            entry.finish()
            guard let from, let to else { return nil }
            guard from < to else {
                entry.report("hall.hours", at: entry.node, zh: "结束时间应晚于开始时间", en: "the end must be after the beginning")
                return nil
            }
            return AreaPack.Hall.Hours(days: days, from: from, to: to, extra: extra)
        }
    }

    private func minute(_ m: MappingReader, _ key: String) -> Int? {
        let text = m.requiredText(key, max: 5)
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...24).contains(hour),
            (0..<60).contains(minute), hour * 60 + minute <= 1440
        {
            return hour * 60 + minute
        }
        if let node = m.value(key) {
            m.report(
                "hall.hours", at: node, zh: "“\(text)”不是时间", en: "“\(text)” is not a time",
                do: ("写成 \"09:00\"", "Write \"09:00\""))
        }
        return nil
    }

    private func themes(_ m: MappingReader, _ key: String) -> [AreaPack.Theme] {
        m.entries(key, unique: "code").map { entry in
            let theme = AreaPack.Theme(code: entry.requiredText("code", max: 10), name: entry.requiredLabel("name"))
            entry.finish()
            return theme
        }
    }

    private func events(_ m: MappingReader) -> [AreaPack.LifeEvent] {
        m.entries("events").map { entry in
            let audience = entry.text("audience")
            if let node = entry.value("audience"), audience != "person", audience != "legal" {
                entry.report(
                    "value.choice", at: node, zh: "audience 应是 person 或 legal", en: "audience is person or legal")
            }
            let event = AreaPack.LifeEvent(
                id: entry.requiredSlug("id"), name: entry.requiredLabel("name"), legal: audience == "legal",
                items: entry.texts("items"))
            entry.finish()
            return event
        }
    }

    private func registers(_ m: MappingReader) -> [RegisterType] {
        m.entries("registers").map { entry in
            if !entry.has("fields") { entry.missing("fields") }
            let fields = entry.entries("fields").map { field in
                let read = RegisterType.Field(
                    id: field.id(), name: field.requiredLabel("name"), kind: field.choice("kind") ?? .text)
                field.finish()
                return read
            }
            let register = RegisterType(
                id: entry.requiredSlug("id"), name: entry.requiredLabel("name"),
                department: entry.requiredSlug("department"), key: entry.requiredChoice("key", or: .text),
                fields: fields)
            entry.finish()
            return register
        }
    }

    private func certificates(_ m: MappingReader) -> [AreaPack.CertificateType] {
        m.entries("certificates").map { entry in
            let type = AreaPack.CertificateType(
                id: entry.requiredSlug("id"), name: entry.requiredLabel("name"), code: entry.text("code", max: 21))
            entry.finish()
            return type
        }
    }
}
