import Kernel

/// Limits: promised within the law, stages within the promise, instant really instant.
struct LimitRules {
    let desk: LintDesk
    private var item: ItemDefinition { desk.item }

    init(desk: LintDesk) { self.desk = desk }

    func run() {
        order()
        instant()
        stages()
        outcome()
    }

    private func order() {
        let limits = item.limits
        if limits.promised.amount == 0, item.handling == .promised {
            desk.find(
                "limits.zero", ["limits", "promised"], zh: "承诺时限是 0", en: "the promised limit is 0",
                do: ("当场办结的写 handling: instant", "Write handling: instant for what is finished on the spot"))
        }
        if let statutory = limits.statutory, longer(limits.promised, statutory) {
            desk.find(
                "limits.order", ["limits", "promised"], zh: "承诺时限 \(limits.promised) 超过法定时限 \(statutory)",
                en: "the promised limit \(limits.promised) exceeds the statutory \(statutory)",
                do: ("承诺时限不得超过法定时限", "Promise no more than the law gives"))
        }
        guard let province = limits.province else { return }
        if longer(limits.promised, province) {
            desk.find(
                "limits.order", ["limits", "promised"], zh: "承诺时限 \(limits.promised) 超过省定时限 \(province)",
                en: "the promised limit \(limits.promised) exceeds the province's \(province)",
                do: ("承诺时限不得超过省定时限", "Promise no more than the province gives"))
        }
        if let statutory = limits.statutory, longer(province, statutory) {
            desk.find(
                "limits.order", ["limits", "province"], zh: "省定时限 \(province) 超过法定时限 \(statutory)",
                en: "the province's limit \(province) exceeds the statutory \(statutory)",
                do: ("省定时限应更短", "The province's limit must be shorter"))
        }
    }

    private func longer(_ a: Limit, _ b: Limit) -> Bool { a.comparableHours > b.comparableHours }

    /// 即办件 ⇔ finished on the spot.
    private func instant() {
        let onTheSpot = !longer(item.limits.promised, Limit(1, .workingDays))
        if item.handling == .instant, !onTheSpot {
            desk.find(
                "handling.instant", ["handling"], zh: "即办件的承诺时限是 \(item.limits.promised)",
                en: "an instant item promises \(item.limits.promised)",
                do: (
                    "即办件应在 1 个工作日内办结，否则写 promised",
                    "An instant item ends within one working day, otherwise write promised"
                ))
        }
        if item.handling == .promised, onTheSpot,
            item.limits.promised.unit == .workingHours || item.limits.promised.unit == .hours,
            !item.stages.contains(where: { $0.kind == .review || $0.kind == .approve })
        {
            desk.find(
                "handling.instant", ["handling"], zh: "当场办结且没有审核，应是即办件",
                en: "finished on the spot without review: an instant item",
                do: ("写 handling: instant", "Write handling: instant"))
        }
        if item.instantWhen != nil, item.fourEyes, item.handling == .instant {
            desk.find(
                "four_eyes.instant", ["four_eyes"], as: .warning, zh: "即办件不必审核批准分离",
                en: "an instant item needs no separation of duties",
                do: ("写 four_eyes: false", "Write four_eyes: false"))
        }
    }

    private func stages() {
        if let accept = item.stage(.accept), longer(accept.within, Limit(5, .workingDays)) {
            desk.find(
                "stage.accept", ["stages", "accept", "within"], zh: "受理不得超过 5 个工作日（行政许可法第三十二条）",
                en: "acceptance takes at most five working days (行政许可法 art. 32)",
                do: ("改为 5wd 或更短", "Write 5wd or less"))
        }
        let work = item.stages.filter { $0.kind != .accept }
        let total = work.reduce(0.0) { $0 + $1.within.comparableHours }
        if total > item.limits.promised.comparableHours + 0.001 {
            let sum = work.map(\.within.description).joined(separator: " + ")
            desk.find(
                "stage.sum", ["stages"], zh: "审核、批准、办结共 \(sum)，超过承诺时限 \(item.limits.promised)",
                en: "review, approve and complete take \(sum), more than the promised \(item.limits.promised)",
                do: ("缩短环节，或者延长承诺时限", "Shorten the stages or promise longer"))
        }
        for procedure in item.procedures where !procedure.pauses {
            guard let stage = item.stage(procedure.during), longer(procedure.within, stage.within) else { continue }
            desk.find(
                "procedure.time", ["procedures", procedure.id, "within"],
                zh: "“\(procedure.name.zh)”比所在环节长：\(procedure.within)，环节 \(stage.within)",
                en: "“\(procedure.name[.en])” takes longer than its stage: \(procedure.within), stage \(stage.within)",
                do: ("缩短程序，或者延长环节", "Shorten it or lengthen the stage"))
        }
    }

    private func outcome() {
        for outcome in item.outcome {
            guard let renew = outcome.renew else { continue }
            let path = ["outcome", outcome.id, "renew"]
            if outcome.validity == nil || outcome.validity == .permanent {
                desk.find(
                    "renew.validity", path, zh: "没有有效期的结果不用延续", en: "what does not expire is not renewed",
                    do: ("写明 validity，或者删去 renew", "Write its validity or remove renew"))
            }
            if !longer(renew.from, renew.until) {
                desk.find(
                    "renew.order", path, zh: "延续的开始应早于截止：from \(renew.from)，until \(renew.until)",
                    en: "renewal must open before it closes: from \(renew.from), until \(renew.until)",
                    do: ("from 是到期前较早的一天", "from is the earlier day, further before the expiry"))
            }
        }
    }
}
