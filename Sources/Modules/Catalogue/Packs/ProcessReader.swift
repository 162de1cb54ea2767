import Kernel

/// Reads the parts of an item that say how it is decided: stages, procedures, results, what follows.
struct ProcessReader {
    let log: FindingLog

    func stages(_ m: MappingReader) -> [Stage] {
        m.entries("stages", unique: "kind").map { entry in
            let kind: Stage.Kind = entry.requiredChoice("kind", or: .accept)
            if !entry.has("within") { entry.missing("within") }
            let stage = Stage(
                kind: kind, role: entry.requiredChoice("role", or: .clerk), department: entry.slug("department"),
                within: entry.limit("within") ?? Limit(5, .workingDays), task: entry.label("task"))
            entry.finish()
            return stage
        }
    }

    func procedures(_ m: MappingReader) -> [Procedure] {
        m.entries("procedures").map { entry in
            if !entry.has("within") { entry.missing("within") }
            let procedure = Procedure(
                id: entry.id(), kind: entry.requiredChoice("kind", or: .inspection), name: entry.requiredLabel("name"),
                during: entry.choice("during") ?? .review, within: entry.limit("within") ?? Limit(5, .workingDays),
                officers: entry.int("officers", in: 1...20), when: entry.rule("when"),
                department: entry.slug("department"),
                pauses: entry.bool("pauses", default: false), basis: entry.texts("basis"))
            entry.finish()
            return procedure
        }
    }

    func reportUp(_ m: MappingReader) -> ReportUp? {
        guard let entry = m.mapping("report_up") else { return nil }
        let report = ReportUp(
            to: entry.requiredSlug("to"), preliminary: entry.limit("preliminary") ?? Limit(20, .workingDays))
        entry.finish()
        return report
    }

    func jointHandling(_ m: MappingReader) -> JointHandling? {
        guard let entry = m.mapping("joint_handling") else { return nil }
        if !entry.has("within") { entry.missing("within") }
        let handling = JointHandling(
            within: entry.limit("within") ?? Limit(5, .workingDays), objection: entry.choice("objection") ?? .meeting,
            overdue: entry.choice("overdue") ?? .waits)
        entry.finish()
        return handling
    }

    func remoteCheck(_ m: MappingReader) -> RemoteCheckRule? {
        guard let entry = m.mapping("remote_check") else { return nil }
        let rule = RemoteCheckRule(
            person: entry.requiredText("person"), declares: entry.requiredLabel("declares"),
            within: entry.limit("within") ?? Limit(1, .workingDays))
        entry.finish()
        return rule
    }

    /// Whose certificates a decision without a person reads.
    private enum CertificateScope: String, CaseIterable {
        case area, anywhere
    }

    func instant(_ m: MappingReader) -> (when: Rule?, sample: Int?, anywhere: Bool) {
        guard let entry = m.mapping("instant") else { return (nil, nil, false) }
        let when = entry.rule("when")
        if when == nil { entry.missing("when") }
        let sample = entry.int("sample", in: 1...100)
        let scope: CertificateScope? = entry.choice("certificates")
        entry.finish()
        return (when, sample, scope == .anywhere)
    }

    func registers(_ m: MappingReader) -> [RegisterUse] {
        m.entries("registers").map { entry in
            let key = entry.rule("key")
            if key == nil { entry.missing("key") }
            if !entry.has("fields") { entry.missing("fields") }
            if !entry.has("max_age") { entry.missing("max_age") }
            let use = RegisterUse(
                id: entry.id(), source: entry.requiredSlug("source"), key: key ?? Rule(.null),
                fields: entry.texts("fields"), maxAge: entry.limit("max_age") ?? Limit(0, .days),
                absent: entry.choice("absent") ?? .people, unavailable: entry.choice("unavailable") ?? .people,
                basis: entry.texts("basis"))
            entry.finish()
            return use
        }
    }

    func outcome(_ m: MappingReader) -> [Outcome] {
        m.entries("outcome").map { entry in
            let renew = entry.mapping("renew").flatMap { renewal(of: $0) }
            let outcome = Outcome(
                id: entry.id(), kind: entry.requiredChoice("kind", or: .notice), name: entry.requiredLabel("name"),
                certificate: entry.slug("certificate"), number: entry.text("number", max: 60),
                validity: validity(entry),
                dated: entry.choice("dated") ?? .decision, renew: renew, verify: entry.bool("verify", default: false))
            entry.finish()
            return outcome
        }
    }

    private func renewal(of entry: MappingReader) -> Outcome.Renewal? {
        if !entry.has("from") { entry.missing("from") }
        if !entry.has("until") { entry.missing("until") }
        let from = entry.limit("from")
        let until = entry.limit("until")
        entry.finish()
        guard let from, let until else { return nil }
        return Outcome.Renewal(from: from, until: until)
    }

    private func validity(_ entry: MappingReader) -> Outcome.Validity? {
        guard let node = entry.value("validity") else { return nil }
        if node.text == "permanent" { return .permanent }
        return entry.limit("validity").map { .period($0) }
    }

    func after(_ m: MappingReader) -> [AfterCare] {
        m.entries("after").map { entry in
            let after = AfterCare(
                id: entry.id(), kind: entry.requiredChoice("kind", or: .regulator), text: entry.requiredLabel("text"),
                within: entry.limit("within"), department: entry.slug("department"),
                verify: entry.bool("verify", default: false))
            entry.finish()
            return after
        }
    }
}
