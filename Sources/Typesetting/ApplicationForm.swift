package import Kernel

/// A filled-in application form (申请表), as the applicant confirms and the office files it.
package struct ApplicationForm: Sendable, Hashable {
    /// A part of the form.
    package struct Section: Sendable, Hashable {
        package var title: String
        package var facts: [NoticeBlock.Fact]
        /// Pairs beside each other, 1 or 2.
        package var columns: Int

        package init(_ title: String, _ facts: [NoticeBlock.Fact], columns: Int = 2) {
            self.title = title
            self.facts = facts
            self.columns = columns
        }
    }

    package var language: NoticeLanguage
    package var organ: [NoticeText]
    /// Nil stands for 申请表.
    package var title: NoticeText?
    /// The case number (办件编号), once there is one.
    package var caseNumber: String?
    package var sections: [Section]
    package var materials: [Material]
    /// What the applicant declares.
    package var statement: String?
    package var verification: NoticeDocument.Verification?
    package var watermark: String?
    package var createdAt: Moment

    package init(
        language: NoticeLanguage = .zh, organ: [NoticeText], title: NoticeText? = nil, caseNumber: String? = nil,
        sections: [Section], materials: [Material] = [], statement: String? = nil,
        verification: NoticeDocument.Verification? = nil, watermark: String? = nil, createdAt: Moment
    ) {
        self.language = language
        self.organ = organ
        self.title = title
        self.caseNumber = caseNumber
        self.sections = sections
        self.materials = materials
        self.statement = statement
        self.verification = verification
        self.watermark = watermark
        self.createdAt = createdAt
    }

    /// The form as a document, with lines to sign by hand at its end.
    package var document: NoticeDocument {
        let words = NoticeWords(language: language)
        var body: [NoticeBlock] = []
        for section in sections {
            body.append(.heading(section.title, in: language))
            body.append(.facts(section.facts, columns: section.columns, in: language))
        }
        if !materials.isEmpty {
            body.append(.heading(words.handedIn, in: language))
            body.append(Material.table(materials, in: language))
        }
        if let statement {
            body.append(.heading(words.statement, in: language))
            body.append(.paragraph(statement, in: language))
        }
        body.append(.blanks([words.signed, words.day], in: language))
        return NoticeDocument(
            style: .form, language: language, organ: organ,
            title: [title ?? NoticeText(words.applicationForm, in: language)],
            number: caseNumber.map { "\(words.caseNumber)\(words.colon)\($0)" }, body: body,
            verification: verification, watermark: watermark, createdAt: createdAt)
    }
}
