import Kernel

/// The guide: who, where, what it costs, what it stands on.
struct GuideRules {
    let desk: LintDesk
    private var item: ItemDefinition { desk.item }

    init(desk: LintDesk) { self.desk = desk }

    func run() {
        codes()
        visits()
        audience()
        fees()
        basis()
        contacts()
        places()
        texts()
    }

    func codes() {
        desk.checkDepartment(item.department, ["department"])
        if item.code == nil {
            desk.find(
                "code.missing", ["slug"], as: .note, zh: "没有实施编码", en: "no item code",
                do: ("知道后补写 code，不要编造", "Add code once it is known, never invent one"))
        }
        if let base = item.baseCode, base.utf8.count != 12 || !base.utf8.allSatisfy({ (48...57).contains($0) }) {
            desk.find(
                "code.base", ["base_code"], zh: "基本编码应是 12 位数字", en: "a base code has 12 digits",
                do: ("对照事项目录改正", "Correct it from the catalogue of items"))
        }
    }

    private func visits() {
        if item.visits.number > 0, item.visits.reason == nil {
            desk.find(
                "visits.reason", ["visits"], zh: "要跑 \(item.visits.number) 次，没有写原因",
                en: "\(item.visits.number) visits without a reason",
                do: ("写 {number: …, reason: …}", "Write {number: …, reason: …}"))
        }
        if item.visits.number == 0, !item.online, !item.channels.contains(.express) {
            desk.find(
                "visits.channel", ["visits"], zh: "零跑腿，却不能网上办也不能邮寄", en: "no visit, yet neither web nor express",
                do: ("channels 加上 web 或 express", "Add web or express to channels"))
        }
        if item.visits.number == 0, item.delivery.allSatisfy({ $0 == .counter }), !item.delivery.isEmpty {
            desk.find(
                "visits.delivery", ["delivery"], zh: "零跑腿，结果却只能到窗口取",
                en: "no visit, yet the result is only handed out at the counter",
                do: ("delivery 加上 electronic 或 express-out", "Add electronic or express-out to delivery"))
        }
        if !item.channels.contains(.express), item.delivery.contains(.expressBoth) {
            desk.find(
                "delivery.express", ["delivery"], zh: "双向快递要求能邮寄申请", en: "express both ways needs express as a channel",
                do: ("channels 加上 express", "Add express to channels"))
        }
        if let depth = item.depth, depth >= 2, !item.online {
            desk.find(
                "depth.channel", ["depth"], zh: "网办深度 \(depth) 级，却不能网上办", en: "online depth \(depth), yet not online",
                do: ("channels 加上 web，或者改 depth", "Add web to channels or change depth"))
        }
    }

    private func audience() {
        if !item.themes.person.isEmpty, !item.servesPersons {
            desk.find(
                "audience.themes", ["themes"], zh: "有个人主题，服务对象却没有自然人",
                en: "themes for persons, but no person in the audience",
                do: ("audience 加上 person，或者删去个人主题", "Add person to audience or remove the themes"))
        }
        if !item.themes.legal.isEmpty, !item.servesOrganisations {
            desk.find(
                "audience.themes", ["themes"], zh: "有法人主题，服务对象却只有自然人",
                en: "themes for organisations, but only persons in the audience",
                do: ("audience 加上 enterprise 等，或者删去法人主题", "Add enterprise or others to audience or remove the themes"))
        }
        for code in item.themes.person where !desk.pack.personThemes.contains(where: { $0.code == code }) {
            unknownTheme(code)
        }
        for code in item.themes.legal where !desk.pack.legalThemes.contains(where: { $0.code == code }) {
            unknownTheme(code)
        }
        for event in item.events where !desk.pack.events.contains(where: { $0.id == event }) {
            desk.find(
                "event.unknown", ["events"], zh: "没有人生或者企业事件“\(event)”", en: "no life event “\(event)”",
                do: ("在 pack.yaml 的 events 里写明", "Declare it under events in pack.yaml"))
        }
        if item.delegation == .entrusted || item.delegation == .devolved, item.delegatedBy == nil {
            desk.find(
                "delegation.organ", ["delegation"], zh: "没有写委托或者下放的机关", en: "the delegating organ is missing",
                do: ("写 delegated_by", "Write delegated_by"))
        }
    }

    private func unknownTheme(_ code: String) {
        desk.find(
            "theme.unknown", ["themes"], zh: "没有主题“\(code)”", en: "no theme “\(code)”",
            do: ("在 pack.yaml 的 themes 里写明", "Declare it under themes in pack.yaml"))
    }

    private func fees() {
        for fee in item.fees {
            let path = ["fees", fee.id]
            if fee.basis.isEmpty {
                desk.find(
                    "fee.basis", path, zh: "收费“\(fee.project.zh)”没有依据",
                    en: "the fee “\(fee.project[.en])” has no basis",
                    do: ("写 basis；没有依据不得收费", "Write its basis; nothing is charged without one"))
            }
            if fee.payment.isEmpty {
                desk.find(
                    "fee.payment", path, zh: "没有写缴费方式", en: "how to pay is missing",
                    do: ("写 payment: [window, online]", "Write payment: [window, online]"))
            }
            if fee.amount.fen == 0, fee.waived == nil {
                desk.find(
                    "fee.zero", path, zh: "收费金额是 0", en: "the fee is 0",
                    do: ("不收费写 fees: []", "Write fees: [] where nothing is charged"))
            }
            desk.checkBasis(fee.basis, path)
        }
    }

    private func basis() {
        if item.legalBasis.isEmpty {
            desk.find(
                "basis.missing", ["legal_basis"], zh: "没有设定依据", en: "no legal basis",
                do: ("写 legal_basis", "Write legal_basis"))
        }
        for basis in item.legalBasis where basis.verify {
            desk.find(
                "basis.verify", ["legal_basis", basis.id], as: .note, zh: "待核对：\(basis.law.zh)",
                en: "to be checked: \(basis.law[.en])",
                do: ("对照原文后删去 verify", "Remove verify once checked against the text"))
        }
        for condition in item.conditions { desk.checkBasis(condition.basis, ["conditions", condition.id]) }
        if !item.publish, item.publishReason == nil {
            desk.find(
                "publish.reason", ["publish"], zh: "决定不公开，没有写原因",
                en: "the decision is not public, and no reason is given",
                do: ("写 publish_reason（行政许可法第四十条）", "Write publish_reason (行政许可法 art. 40)"))
        }
    }

    private func contacts() {
        let advice = item.contacts.advice ?? desk.pack.advicePhone
        let complaint = item.contacts.complaint ?? desk.pack.complaintPhone
        if let advice, advice == complaint, item.contacts.advice != nil || item.contacts.complaint != nil {
            desk.find(
                "contacts.same", ["contacts"], zh: "咨询电话和投诉电话相同", en: "advice and complaint phone are the same",
                do: ("写两个不同的电话", "Give two different numbers"))
        }
    }

    private func places() {
        guard desk.pack.kind.isArea else { return }
        for place in item.places {
            guard let hall = desk.pack.halls.first(where: { $0.id == place.hall }) else {
                desk.find(
                    "place.hall", ["places"], zh: "没有大厅“\(place.hall)”", en: "no hall “\(place.hall)”",
                    do: ("改正 hall", "Correct hall"))
                continue
            }
            for window in place.windows where !hall.windows.contains(where: { $0.id == window }) {
                desk.find(
                    "place.window", ["places"], zh: "“\(hall.name.zh)”没有窗口“\(window)”",
                    en: "“\(hall.name[.en])” has no window “\(window)”",
                    do: ("改正 windows", "Correct windows"))
            }
        }
    }

    private func texts() {
        if item.name.en == nil {
            desk.find("text.en", ["name"], as: .note, zh: "没有英文名称", en: "no English name", do: ("补写 en", "Add en"))
        }
        if item.aliases.isEmpty {
            desk.find(
                "aliases.missing", ["name"], as: .note, zh: "没有别名，群众的说法搜不到",
                en: "no aliases: people's own words find nothing",
                do: ("写几个群众常说的词", "Add the words people use"))
        }
    }
}
