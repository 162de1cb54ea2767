import Kernel

/// `pack.yaml`: phones, remedies, codes of places, departments; and what must be unique among the items.
struct PackRules {
    let source: PackSource
    let pack: AreaPack
    let items: [ResolvedItem]
    let log: FindingLog

    func run() {
        if pack.kind.isArea { area() }
        codes()
        departments()
        divisions()
        halls()
        events()
        registers()
    }

    func find(
        _ rule: String, _ path: [String], as severity: Finding.Severity = .error, zh: String, en: String,
        do advice: (zh: String, en: String)
    ) {
        let place = source.node.place(path)
        log.report(severity, rule, file: place.file, line: place.line, zh: zh, en: en, do: advice)
    }

    private func area() {
        if pack.reviewOrgan == nil {
            find(
                "remedies.organ", ["remedies"], zh: "没有写复议机关", en: "the review organ is missing",
                do: (
                    "写 remedies.review_organ，一般是本级人民政府；没有它不能发不予许可决定",
                    "Write remedies.review_organ, normally the people's government; no refusal can be issued without it"
                ))
        }
        if pack.court == nil {
            find(
                "remedies.court", ["remedies"], zh: "没有写诉讼法院", en: "the court is missing",
                do: ("写 remedies.court", "Write remedies.court"))
        }
        if let advice = pack.advicePhone, advice == pack.complaintPhone {
            find(
                "contacts.same", ["phones"], zh: "咨询电话和投诉电话相同", en: "advice and complaint phone are the same",
                do: ("写两个不同的电话", "Give two different numbers"))
        }
        if pack.departments.isEmpty {
            find(
                "departments.missing", ["departments"], zh: "没有部门", en: "there are no departments",
                do: ("写 departments", "Write departments"))
        }
        if pack.halls.isEmpty {
            find(
                "halls.missing", ["halls"], as: .warning, zh: "没有大厅", en: "there is no hall",
                do: ("写 halls", "Write halls"))
        }
    }

    /// One code, one item.
    private func codes() {
        var seen: [String: String] = [:]
        for resolved in items {
            guard let code = resolved.definition.code else { continue }
            if let other = seen[code] {
                let place = resolved.node.place(["code"])
                log.report(
                    .error, "code.duplicate", file: place.file, line: place.line, zh: "编码与“\(other)”相同：\(code)",
                    en: "the same code as “\(other)”: \(code)", do: ("改正其中一个", "Correct one of them"))
            }
            seen[code] = resolved.definition.slug
        }
    }

    private func departments() {
        for department in pack.departments {
            if let uscc = department.uscc, let fault = FieldFormats.uscc(uscc) {
                find(
                    "department.uscc", ["departments", department.id, "uscc"],
                    zh: "统一社会信用代码不对（\(fault.key.split(separator: ".").last ?? "")）",
                    en: "the USCC is wrong (\(fault.key.split(separator: ".").last ?? ""))",
                    do: ("不知道就删去，不要编造", "Remove it if unknown, never invent one"))
            }
        }
        for (role, department) in pack.roles.sorted(by: { $0.key < $1.key }) where pack.department(department) == nil {
            find(
                "role.department", ["roles", role], zh: "没有部门“\(department)”", en: "no department “\(department)”",
                do: ("改正，或者补写部门", "Correct it or add the department"))
        }
    }

    private func divisions() {
        for division in pack.divisions {
            checkDivision(division.code, digits: 9, above: pack.area.text)
            for community in division.communities { checkDivision(community.code, digits: 12, above: division.code) }
        }
    }

    private func checkDivision(_ code: String, digits: Int, above: String) {
        // A city's own streets carry the codes of its counties: four digits agree.
        let shared = pack.kind == .city ? String(above.prefix(4)) : above
        guard code.count != digits || !code.utf8.allSatisfy({ (48...57).contains($0) }) || !code.hasPrefix(shared)
        else { return }
        let line = line(ofDivision: code)
        log.report(
            .error, "division.code", file: source.node.file, line: line,
            zh: "区划代码“\(code)”应是 \(digits) 位，以 \(shared) 开头",
            en: "the division code “\(code)” must have \(digits) digits and begin with \(shared)",
            do: ("对照统计用区划代码改正", "Correct it from the statistical codes"))
    }

    private func line(ofDivision code: String) -> Int {
        for street in source.node["divisions"]?.elements ?? [] {
            if street["code"]?.text == code { return street.line }
            for community in street["communities"]?.elements ?? [] where community["code"]?.text == code {
                return community.line
            }
        }
        return source.node.line(of: "divisions")
    }

    private func halls() {
        for hall in pack.halls {
            for window in hall.windows {
                for department in window.departments where pack.department(department) == nil {
                    find(
                        "window.department", ["halls", hall.id, "windows", window.id], zh: "没有部门“\(department)”",
                        en: "no department “\(department)”",
                        do: ("改正窗口的 departments", "Correct the window's departments"))
                }
            }
            for day in 1...7 {
                let segments = hall.hours.filter { $0.days.contains(day) }.sorted { $0.from < $1.from }
                if zip(segments, segments.dropFirst()).contains(where: { $0.to > $1.from }) {
                    find(
                        "hall.overlap", ["halls", hall.id, "hours"], zh: "“\(hall.name.zh)”星期 \(day) 的时段重叠",
                        en: "“\(hall.name[.en])” has overlapping hours on day \(day)",
                        do: ("改正 hours", "Correct hours"))
                    break
                }
            }
        }
    }

    private func events() {
        guard pack.kind.isArea else { return }
        let slugs = Set(items.map(\.definition.slug))
        for event in source.pack.events {
            for slug in event.items where !slugs.contains(slug) {
                find(
                    "event.item", ["events", event.id], zh: "目录里没有事项“\(slug)”",
                    en: "the catalogue has no item “\(slug)”",
                    do: ("改正，或者补写事项", "Correct it or add the item"))
            }
        }
    }
}
