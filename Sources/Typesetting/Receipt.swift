package import Kernel

/// A material as a form or receipt lists it.
package struct Material: Sendable, Hashable {
    package var name: String
    /// 原件, 复印件, 电子件; free text.
    package var kind: String
    package var copies: Int

    package init(_ name: String, kind: String, copies: Int = 1) {
        self.name = name
        self.kind = kind
        self.copies = copies
    }

    static func table(_ materials: [Material], in language: NoticeLanguage) -> NoticeBlock {
        let words = NoticeWords(language: language)
        return .table(
            [
                NoticeBlock.Column(words.ordinal, share: 1, alignment: .center),
                NoticeBlock.Column(words.materialName, share: 6.8),
                NoticeBlock.Column(words.materialKind, share: 2, alignment: .center),
                NoticeBlock.Column(words.copies, share: 1.2, alignment: .center),
            ],
            rows: materials.enumerated().map { ["\($0 + 1)", $1.name, $1.kind, "\($1.copies)"] }, in: language)
    }
}

/// A receipt for what was handed in (收件凭证; 行政许可法第三十二条 asks for a dated written receipt of acceptance, this
/// one only proves the handing in and says so).
package struct Receipt: Sendable, Hashable {
    package var language: NoticeLanguage
    package var organ: [NoticeText]
    package var caseNumber: String
    /// The random code that lets the holder look the case up.
    package var queryCode: String
    package var applicant: String
    package var item: String
    package var receivedAt: Moment
    /// What is promised, in words; nil when nothing is yet.
    package var promised: String?
    /// The hall and window, or the online portal.
    package var receivedBy: String
    package var contact: String?
    package var materials: [Material]
    package var verification: NoticeDocument.Verification?
    package var watermark: String?

    package init(
        language: NoticeLanguage = .zh, organ: [NoticeText], caseNumber: String, queryCode: String, applicant: String,
        item: String, receivedAt: Moment, promised: String? = nil, receivedBy: String, contact: String? = nil,
        materials: [Material], verification: NoticeDocument.Verification? = nil, watermark: String? = nil
    ) {
        self.language = language
        self.organ = organ
        self.caseNumber = caseNumber
        self.queryCode = queryCode
        self.applicant = applicant
        self.item = item
        self.receivedAt = receivedAt
        self.promised = promised
        self.receivedBy = receivedBy
        self.contact = contact
        self.materials = materials
        self.verification = verification
        self.watermark = watermark
    }

    /// The receipt as a document of the moment of receiving.
    package var document: NoticeDocument {
        let words = NoticeWords(language: language)
        var facts: [NoticeBlock.Fact] = [
            NoticeBlock.Fact(words.caseNumber, caseNumber), NoticeBlock.Fact(words.queryCode, queryCode),
            NoticeBlock.Fact(words.item, item, wide: true), NoticeBlock.Fact(words.applicant, applicant),
            NoticeBlock.Fact(words.receivedAt, words.moment(receivedAt)),
            NoticeBlock.Fact(words.receivedBy, receivedBy),
        ]
        if let contact { facts.append(NoticeBlock.Fact(words.contact, contact)) }
        if let promised { facts.append(NoticeBlock.Fact(words.promised, promised, wide: true)) }
        return NoticeDocument(
            style: .form, language: language, organ: organ, title: [NoticeText(words.receipt, in: language)],
            body: [
                .facts(facts, columns: 2, in: language),
                .heading(words.materials, in: language),
                Material.table(materials, in: language),
                .note(words.receiptMeaning, in: language),
                .blanks([words.handedInBy, words.takenBy], in: language),
            ],
            verification: verification, watermark: watermark, createdAt: receivedAt)
    }
}
