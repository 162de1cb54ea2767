import Kernel
import Typesetting

/// An item's form on paper (申请表): blank, to be printed and filled in by hand, or filled in with the pack's examples (示范文本).
struct FormPaper {
    let item: ItemDefinition
    /// Of the item, from 1.
    let version: Int
    /// The deciding department's name.
    let organ: String
    /// The address of the guide, without answers.
    let guide: String
    /// What is known of the applicant's situation: what does not apply to it is left out. A sample without answers stands for the
    /// pack's example.
    let context: RuleContext
    /// With the examples.
    let filled: Bool
    let createdAt: Moment
    let language: Language
    /// A fixed text of the catalogue in the paper's language.
    let words: (String, [String: String]) -> String

    init(
        item: ItemDefinition, version: Int, organ: String, guide: String, context: RuleContext, filled: Bool,
        createdAt: Moment, language: Language, words: @escaping (String, [String: String]) -> String
    ) {
        var context = context
        if filled {
            if context.situations.isEmpty { context.situations = FormExample.situations(of: item) }
            context.form = FormExample.values(of: item, on: context.today)
        }
        self.item = item
        self.version = version
        self.organ = organ
        self.guide = guide
        self.context = context
        self.filled = filled
        self.createdAt = createdAt
        self.language = language
        self.words = words
    }

    /// Whether something stands on this paper.
    enum Standing { case shown, perhaps, hidden }

    var document: NoticeDocument {
        NoticeDocument(
            style: .form, language: paperLanguage, organ: [NoticeText(organ, in: paperLanguage)],
            title: [NoticeText(title, in: paperLanguage)], number: number, body: body,
            verification: .init(guide: guide), watermark: filled ? words("sampleMark", [:]) : nil, createdAt: createdAt)
    }

    /// As the list of materials calls it.
    private var title: String {
        if let form = item.applicationForm { return form.name[language] }
        return words("title", ["item": item.name[language]])
    }

    private var number: String {
        let code = item.code ?? item.baseCode
        return words(code == nil ? "numberWithout" : "number", ["code": code ?? item.slug, "version": "\(version)"])
    }

    private var paperLanguage: NoticeLanguage { NoticeLanguage(rawValue: language.rawValue) ?? .zh }

    private var body: [NoticeBlock] {
        var blocks: [NoticeBlock] = []
        blocks.append(
            .facts([.init(words("item", [:]), item.name[language], wide: true)], in: paperLanguage))
        blocks += situations
        for section in item.form {
            let standing = standing(of: section.show)
            guard standing != .hidden else { continue }
            let inside = fields(of: section, perhaps: standing == .perhaps)
            guard !inside.isEmpty else { continue }
            blocks.append(
                .heading(
                    section.title[language] + mark(standing, optional: false).replacing("\n", with: ""),
                    in: paperLanguage))
            if let hint = section.hint { blocks.append(.note(hint[language], in: paperLanguage)) }
            blocks += inside
        }
        blocks += materials
        blocks.append(.heading(words("statement", [:]), in: paperLanguage))
        blocks.append(.paragraph(words("statementText", [:]), in: paperLanguage))
        blocks.append(.blanks([words("signature", [:]), words("date", [:])], in: paperLanguage))
        if !filled {
            blocks.append(.heading(words("office", [:]), in: paperLanguage))
            let labels = ["officeNumber", "officeWindow", "officeClerk", "officeDate"]
            blocks.append(.facts(labels.map { .init(words($0, [:]), " ") }, columns: 2, in: paperLanguage))
        }
        return blocks
    }

    /// The guiding questions, to tick; those that do not arise are left out.
    private var situations: [NoticeBlock] {
        let facts = item.situations.compactMap { situation -> NoticeBlock.Fact? in
            let standing = standing(of: situation.show)
            guard standing != .hidden else { return nil }
            let given = context.situations[situation.id]
            let chosen = Set(given?.elements?.compactMap(\.text) ?? [given?.text].compactMap { $0 })
            let boxes = situation.answers.map { FieldPaper.box(chosen.contains($0.id), $0.label[language]) }
            return .init(
                situation.ask[language] + mark(standing, optional: !situation.required),
                boxes.joined(separator: "\u{3000}"), wide: true)
        }
        guard !facts.isEmpty else { return [] }
        return [
            .heading(words("situation", [:]), in: paperLanguage), .facts(facts, in: paperLanguage),
        ]
    }

    // MARK: Fields

    /// Facts gathered until a table comes between.
    private func fields(of section: FormSection, perhaps: Bool) -> [NoticeBlock] {
        var blocks: [NoticeBlock] = []
        var facts: [NoticeBlock.Fact] = []
        func close() {
            if !facts.isEmpty { blocks.append(.facts(facts, columns: 2, in: paperLanguage)) }
            facts = []
        }
        for field in section.fields {
            let standing = standing(of: field.show)
            // A sample shows one way to fill the form in: what its example leaves open stays out of it.
            let open = perhaps || standing == .perhaps || field.require == .never
            guard standing != .hidden, !(filled && open && field.example == nil) else { continue }
            let label = field.label[language] + mark(standing, optional: field.require == .never)
            if field.kind == .table {
                close()
                let hint = field.hint.map { words("dash", [:]) + $0[language] } ?? ""
                blocks.append(
                    .heading(label.replacing("\n", with: "") + hint, in: paperLanguage))
                blocks.append(table(field))
            } else {
                facts +=
                    FieldPaper(field: field, label: label, example: example(field), language: language, words: words)
                    .facts
            }
        }
        close()
        return blocks
    }

    private func example(_ field: FormField) -> JSON? { filled ? context.form[field.id] : nil }

    private func table(_ field: FormField) -> NoticeBlock {
        let rows: [[String]]
        if let given = example(field)?.elements {
            rows = given.map { row in
                field.columns.map { column in
                    FieldPaper(field: column, label: "", example: row[column.id], language: language, words: words)
                        .tableCell
                }
            }
        } else {
            let most = field.max?.count ?? 4
            let high = field.columns.contains { [.person, .address, .organisation].contains($0.kind) }
            rows = Array(
                repeating: Array(repeating: high ? " \n " : " ", count: field.columns.count),
                count: max(1, min(most, max(field.min?.count ?? 0, 3))))
        }
        let columns = field.columns.map { column in
            NoticeBlock.Column(
                FieldPaper(field: column, label: column.label[language], example: nil, language: language, words: words)
                    .heading,
                share: [.person, .address, .organisation].contains(column.kind) ? 2.2 : 1)
        }
        return .table(columns, rows: rows, in: paperLanguage)
    }

    // MARK: Materials

    /// What goes with the form, to tick off.
    private var materials: [NoticeBlock] {
        let needed = item.materials.filter { !$0.generated }.compactMap { material -> (MaterialDefinition, Standing)? in
            switch material.need {
            case .always: return (material, .shown)
            case .optional: return (material, .perhaps)
            case .when(let rule):
                let standing = standing(of: rule)
                return standing == .hidden ? nil : (material, standing)
            }
        }
        guard !needed.isEmpty, !filled else { return [] }
        let rows = needed.enumerated().map { index, entry in
            let (material, standing) = entry
            let note =
                material.need == .optional
                ? words("optional", [:]) : mark(standing, optional: false).replacing("\n", with: "")
            let found = material.certificate == nil ? "" : words("checkedOnline", [:])
            return [
                "\(index + 1)", material.name[language] + note + found,
                words("original.\(material.original.rawValue)", [:]), "□",
            ]
        }
        return [
            .heading(words("materials", [:]), in: paperLanguage),
            .table(
                [
                    .init(words("ordinal", [:]), share: 0.6, alignment: .center),
                    .init(words("material", [:]), share: 5),
                    .init(words("kind", [:]), share: 1.6, alignment: .center),
                    .init(words("enclosed", [:]), share: 0.8, alignment: .center),
                ], rows: rows, in: paperLanguage),
        ]
    }

    // MARK: What applies

    private func mark(_ standing: Standing, optional: Bool) -> String {
        if standing == .perhaps, !filled { return "\n" + words("ifApplicable", [:]) }
        return optional && !filled ? "\n" + words("optional", [:]) : ""
    }

    /// A rule is decided only where every question it reads is answered; on paper nothing else can be known. A sample also knows its
    /// own examples.
    func standing(of rule: Rule?) -> Standing {
        guard let rule else { return .shown }
        guard let logic = try? JsonLogic(rule.json) else { return .perhaps }
        let isKnown = logic.variables.allSatisfy { variable in
            let parts = variable.split(separator: ".").map(String.init)
            guard parts.count >= 2 else { return false }
            switch parts[0] {
            case "situation": return context.situations[parts[1]] != nil || isNotAsked(parts[1])
            case "form": return filled && context.form[parts[1]] != nil
            default: return false
            }
        }
        guard isKnown else { return .perhaps }
        return rule.holds(in: context, otherwise: true) ? .shown : .hidden
    }

    /// The question does not arise with the answers given.
    private func isNotAsked(_ situation: String) -> Bool {
        guard let question = item.situations.first(where: { $0.id == situation }) else { return false }
        // Where the questions were gone through, an optional one left open is answered: none of it applies.
        if !question.required, !context.situations.isEmpty { return true }
        guard let show = question.show else { return false }
        return standing(of: show) == .hidden
    }
}

extension ItemDefinition {
    /// The material that is the form itself.
    var applicationForm: MaterialDefinition? { materials.first(where: \.generated) }

    /// There is a form of the item's own to print.
    var hasPaperForm: Bool { !form.isEmpty && !genericForm }
}
