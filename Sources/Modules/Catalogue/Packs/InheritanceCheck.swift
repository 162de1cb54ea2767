import Kernel

/// A lower level may shorten limits, drop materials and add channels; never add conditions, materials or time.
struct InheritanceCheck {
    let base: ItemDefinition
    let item: ItemDefinition
    let node: SourceNode
    let log: FindingLog

    func run() {
        if item.type != base.type { refuse(["type"], "事项类型", "the type") }
        if item.notification != base.notification {
            refuse(["notification"], "备案与许可的性质", "whether it is a notification")
        }
        limits()
        burdens()
        materials()
        process()
    }

    private func limits() {
        longer(item.limits.promised, than: base.limits.promised, ["limits", "promised"])
        if let statutory = item.limits.statutory, let above = base.limits.statutory {
            longer(statutory, than: above, ["limits", "statutory"])
        } else if base.limits.statutory != nil {
            refuse(["limits"], "删去法定时限", "the statutory limit away")
        }
        for stage in item.stages {
            if let above = base.stage(stage.kind) {
                longer(stage.within, than: above.within, ["stages", stage.kind.rawValue, "within"])
            }
        }
    }

    private func longer(_ limit: Limit, than above: Limit, _ path: [String]) {
        guard limit.comparableHours > above.comparableHours else { return }
        add(
            "inherit.time", path, "比上级多用时间：\(limit)，上级 \(above)", "takes longer than above: \(limit), above \(above)",
            ("不得长于 \(above)", "Not longer than \(above)"))
    }

    private func burdens() {
        for condition in item.conditions where !base.conditions.contains(where: { $0.id == condition.id }) {
            added(["conditions", condition.id], "条件", "a condition")
        }
        for need in item.requires where !base.requires.contains(where: { $0.id == need.id }) {
            added(["requires", need.id], "前置条件", "a prerequisite")
        }
        for gate in item.gates where !base.gates.contains(where: { $0.id == gate.id }) {
            if case .block = gate.effect { added(["gates", gate.id], "不能申请的情形", "a case that cannot be applied for") }
        }
        for channel in base.channels where !item.channels.contains(channel) {
            add(
                "inherit.channel", ["channels"], "少了办理渠道 \(channel.rawValue)",
                "the channel \(channel.rawValue) is missing",
                ("上级有的渠道都要保留", "Keep every channel of above"))
        }
        if item.visits.number > base.visits.number {
            add(
                "inherit.visits", ["visits"], "跑动次数多于上级", "more visits than above",
                ("不得多于 \(base.visits.number) 次", "At most \(base.visits.number)"))
        }
        for fee in item.fees {
            guard let above = base.fees.first(where: { $0.id == fee.id }) else {
                added(["fees", fee.id], "收费", "a fee")
                continue
            }
            if fee.amount > above.amount {
                add(
                    "inherit.fee", ["fees", fee.id, "amount"], "收费高于上级", "a higher fee than above",
                    ("不得高于 \(above.amount) 元", "At most \(above.amount) yuan"))
            }
        }
        let known = Dictionary(base.fields.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for section in item.form {
            for field in section.fields where field.require != .never {
                let path = ["form", section.id, "fields", field.id]
                if let above = known[field.id] {
                    if above.require == .never {
                        add("inherit.field", path, "把选填改成了必填", "an optional field made required")
                    }
                } else {
                    add(
                        "inherit.field", path, "增加了必填项“\(field.label.zh)”",
                        "adds the required field “\(field.label[.en])”",
                        ("写 require: false，或者删去", "Write require: false, or remove it"))
                }
            }
        }
    }

    private func materials() {
        for material in item.materials {
            let path = ["materials", material.id]
            guard let above = base.material(material.id) else {
                added(path, "材料", "a material")
                continue
            }
            if !narrows(material.need, above.need) {
                add(
                    "inherit.material", path + ["need"], "“\(material.name.zh)”的提交范围比上级宽",
                    "“\(material.name[.en])” is asked for more often than above",
                    (
                        "保持不变、改成 optional，或者写 {and: [上级的条件, …]}",
                        "Keep it, make it optional, or write {and: [the rule above, …]}"
                    ))
            }
            if material.copies > above.copies {
                add("inherit.material", path + ["copies"], "份数多于上级", "more copies than above")
            }
            if above.certificate != nil, material.certificate == nil {
                add("inherit.material", path, "上级可以免提交", "above, an e-certificate satisfies it")
            }
            if above.lackingWithin != nil, material.lackingWithin == nil {
                add("inherit.material", path + ["lacking"], "上级可以容缺", "above, it may come later")
            }
            if above.promiseCheckedWithin != nil, material.promiseCheckedWithin == nil {
                add("inherit.material", path + ["promise"], "上级可以告知承诺", "above, a promise may stand for it")
            }
        }
    }

    /// Whether what is asked now can be no more than what was asked above.
    private func narrows(_ need: MaterialDefinition.Need, _ above: MaterialDefinition.Need) -> Bool {
        switch (need, above) {
        case (.optional, _), (_, .always): true
        case (.when(let rule), .when(let upper)):
            rule == upper || rule.json["and"].elements?.contains(upper.json) == true
        case (.always, _), (.when, .optional): false
        }
    }

    private func process() {
        for procedure in item.procedures {
            let path = ["procedures", procedure.id]
            if let above = base.procedures.first(where: { $0.id == procedure.id }) {
                longer(procedure.within, than: above.within, path + ["within"])
                if procedure.pauses, !above.pauses { refuse(path + ["pauses"], "停止计时", "the clock to stop") }
            } else if procedure.pauses {
                added(path, "停止计时的程序", "a procedure that stops the clock")
            }
        }
        for stage in item.stages where base.stage(stage.kind) == nil {
            added(["stages", stage.kind.rawValue], "环节", "a stage")
        }
    }

    // MARK: Findings

    private func added(_ path: [String], _ zh: String, _ en: String) {
        add(
            "inherit.added", path, "下级不得增加\(zh)“\(path.last ?? "")”",
            "a lower level may not add \(en): “\(path.last ?? "")”",
            ("删去，或者由上级统一规定", "Remove it, or have it set above"))
    }

    private func refuse(_ path: [String], _ zh: String, _ en: String) {
        add(
            "inherit.changed", path, "下级不得改变：\(zh)", "a lower level may not change \(en)",
            ("与上级保持一致", "Keep what stands above"))
    }

    private func add(_ rule: String, _ path: [String], _ zh: String, _ en: String, _ advice: (String, String)? = nil) {
        let place = node.place(path)
        log.report(
            .error, rule, file: place.file, line: place.line, zh: zh, en: en, do: advice.map { (zh: $0.0, en: $0.1) })
    }
}
