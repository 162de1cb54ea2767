package import Kernel

/// Where a rule stands in an item: what a rehearsal may edit.
package enum RulePlace: Sendable, Hashable {
    /// The decision without a person (秒批).
    case instant
    /// Whether somebody may apply at all.
    case gate(String)
    /// Whether a guiding question, a section, a field is asked.
    case question(String)
    case section(String)
    case field(String)
    /// Whether a field must be answered.
    case require(String)
    /// A check of a field's own, by its place among them.
    case check(String, Int)
    /// Whether a material is needed.
    case material(String)

    /// `instant`, `material.lease`, `check.area.0`: for a form.
    package var name: String {
        switch self {
        case .instant: "instant"
        case .gate(let id): "gate.\(id)"
        case .question(let id): "question.\(id)"
        case .section(let id): "section.\(id)"
        case .field(let id): "field.\(id)"
        case .require(let id): "require.\(id)"
        case .check(let id, let index): "check.\(id).\(index)"
        case .material(let id): "material.\(id)"
        }
    }

    /// What kind of rule it is.
    package var kind: String { String(name.prefix { $0 != "." }) }
}

extension ItemDefinition {
    /// Every rule that may be edited, in the item's order, with what it is about (nil for the whole item) and how it stands:
    /// `true` where something always is, `false` where it never is.
    package var rules: [(place: RulePlace, about: LocalizedText?, rule: JSON)] {
        var found: [(place: RulePlace, about: LocalizedText?, rule: JSON)] = []
        found.append((.instant, nil, instantWhen?.json ?? false))
        for gate in gates {
            let reason: LocalizedText
            switch gate.effect {
            case .block(let told): reason = told
            case .redirect(_, let told): reason = told
            }
            found.append((.gate(gate.id), reason, gate.when.json))
        }
        for material in materials {
            let need: JSON
            switch material.need {
            case .always: need = true
            case .optional: need = false
            case .when(let rule): need = rule.json
            }
            found.append((.material(material.id), material.name, need))
        }
        for question in situations where question.show != nil {
            found.append((.question(question.id), question.ask, question.show?.json ?? true))
        }
        for section in form {
            if let show = section.show { found.append((.section(section.id), section.title, show.json)) }
            for field in section.fields {
                if let show = field.show { found.append((.field(field.id), field.label, show.json)) }
                let require: JSON
                switch field.require {
                case .always: require = true
                case .never: require = false
                case .when(let rule): require = rule.json
                }
                found.append((.require(field.id), field.label, require))
                for (index, check) in field.checks.enumerated() {
                    found.append((.check(field.id, index), field.label, check.rule.json))
                }
            }
        }
        return found
    }

    /// The item with another rule in a place; a place it has not changes nothing.
    package func with(_ json: JSON, at place: RulePlace) -> ItemDefinition {
        var copy = self
        let rule = Rule(json)
        switch place {
        case .instant: copy.instantWhen = rule
        case .gate(let id): for at in copy.gates.indices where gates[at].id == id { copy.gates[at].when = rule }
        case .question(let id):
            for at in copy.situations.indices where situations[at].id == id { copy.situations[at].show = rule }
        case .material(let id):
            for at in copy.materials.indices where materials[at].id == id { copy.materials[at].need = .when(rule) }
        case .section(let id): for at in copy.form.indices where form[at].id == id { copy.form[at].show = rule }
        case .field(let id): copy.change(id) { $0.show = rule }
        case .require(let id): copy.change(id) { $0.require = .when(rule) }
        case .check(let id, let index):
            copy.change(id) { if $0.checks.indices.contains(index) { $0.checks[index].rule = rule } }
        }
        return copy
    }

    private mutating func change(_ id: String, _ change: (inout FormField) -> Void) {
        for section in form.indices {
            for at in form[section].fields.indices where form[section].fields[at].id == id {
                change(&form[section].fields[at])
            }
        }
    }

    /// What the careful clerk says of the item's rules: those that do not parse, read what is not declared, or run in a circle.
    package func ruleFaults(in pack: AreaPack) -> [Finding] {
        let log = FindingLog()
        let node = SourceNode(file: slug, line: 0, content: .mapping([]))
        LogicRules(desk: LintDesk(item: self, node: node, pack: pack, sources: [], slugs: [], log: log)).run()
        // Which other items there are is not asked: no rule names one.
        return log.findings.filter { $0.severity == .error && $0.rule.hasPrefix("logic.") }
    }
}
