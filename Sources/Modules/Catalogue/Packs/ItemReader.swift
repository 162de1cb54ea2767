import Kernel

/// Reads an item's mapping, already merged with what it inherits, into a definition; every fault is a finding, and
/// reading goes on.
struct ItemReader {
    let log: FindingLog

    /// The definition, or nil where the mapping is not an item at all (no slug or no name).
    func item(_ node: SourceNode) -> ItemDefinition? {
        let m = MappingReader(node, log: log)
        let slug = m.requiredSlug("slug")
        let name = m.requiredLabel("name")
        let imported = m.bool("imported", default: false)
        let generic = m.value("form")?.text == "generic"
        _ = m.value("inherits")
        _ = m.value("drop")
        let forms = FormReader(log: log)
        let process = ProcessReader(log: log)
        let guide = GuideReader(log: log)
        let type: ItemType = m.requiredChoice("type", or: .other)
        let instant = process.instant(m)
        let kept = KeepingReader(log: log).read(m, type: type)
        var item = ItemDefinition(
            slug: slug,
            code: m.text("code", max: 80),
            baseCode: m.text("base_code", max: 12),
            imported: imported,
            name: name,
            shortName: m.label("short_name"),
            aliases: m.texts("aliases"),
            summary: m.label("summary"),
            type: type,
            notification: m.bool("notification", default: false),
            level: imported ? m.choice("level") ?? .county : m.requiredChoice("level", or: .county),
            delegation: m.choice("delegation") ?? .statutory,
            delegatedBy: m.label("delegated_by"),
            department: m.requiredSlug("department"),
            joint: m.texts("joint"),
            audience: m.choices("audience"),
            themes: guide.themes(m),
            events: m.texts("events"),
            handling: imported ? m.choice("handling") ?? .promised : m.requiredChoice("handling", or: .promised),
            limits: guide.limits(m, imported: imported),
            channels: channels(m),
            scope: m.choice("scope") ?? .area,
            visits: guide.visits(m, imported: imported),
            depth: m.int("depth", in: 1...8),
            legalBasis: guide.legalBasis(m),
            conditions: guide.conditions(m),
            limitsOnNumber: m.label("limits_on_number"),
            fees: guide.fees(m),
            contacts: guide.contacts(m),
            places: guide.places(m),
            situations: guide.situations(m),
            gates: guide.gates(m),
            form: generic ? [] : forms.sections(m),
            genericForm: generic,
            materials: forms.materials(m),
            requires: guide.requires(m),
            stages: process.stages(m),
            procedures: process.procedures(m),
            reportUp: process.reportUp(m),
            jointHandling: process.jointHandling(m), remoteCheck: process.remoteCheck(m),
            instantWhen: instant.when, instantSample: instant.sample,
            outcome: process.outcome(m),
            delivery: m.choices("delivery"),
            after: process.after(m),
            rating: m.bool("rating", default: true),
            onLapse: m.choice("on_lapse") ?? .withdrawn,
            fourEyes: m.bool("four_eyes", default: m.value("handling")?.text != "instant"),
            confirmApproval: m.bool("confirm_approval", default: false),
            yellowPercent: m.int("yellow_percent", in: 5...50) ?? 20,
            undoMinutes: m.int("undo_minutes", in: 0...60) ?? 10,
            retention: kept.archive, keeping: kept.more,
            publish: m.bool("publish", default: true),
            publishReason: m.label("publish_reason"))
        let registers = process.registers(m)
        item.registers = registers.isEmpty ? nil : registers
        item.instantAnywhere = instant.anywhere ? true : nil
        m.finish()
        if generic { GenericForm.fill(&item) }
        guard !slug.isEmpty, !name.zh.isEmpty else { return nil }
        if imported {
            GenericForm.fillGuide(&item)
        } else {
            for key in ["audience", "channels", "legal_basis", "form", "materials", "stages", "outcome", "delivery"]
            where node[key] == nil && !(generic && key == "materials") {
                m.missing(key)
            }
        }
        return item
    }

    private func channels(_ m: MappingReader) -> [Channel] {
        let channels: [Channel] = m.choices("channels")
        for channel in channels where channel == .api || channel == .system {
            if let node = m.value("channels") {
                m.report(
                    "value.choice", at: node, zh: "“\(channel.rawValue)”不是办理渠道",
                    en: "“\(channel.rawValue)” is not a way to apply",
                    do: (
                        "从 window、web、mobile、kiosk、express、agent、bank 中选",
                        "Choose window, web, mobile, kiosk, express, agent or bank"
                    ))
            }
        }
        return channels.filter { $0 != .api && $0 != .system }
    }
}
