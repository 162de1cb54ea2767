package import Kernel

/// An official document (文书) as a value: what stands on the paper, not how. Layout after GB/T 9704—2012
/// (党政机关公文格式), in its letter form (信函格式) for notices and as a plain sheet for forms and receipts.
///
/// Texts come from people: control characters are dropped, everything else is set as written.
package struct NoticeDocument: Sendable, Hashable {
    /// How the sheet looks.
    package enum Style: Sendable, Hashable {
        /// Red heading, rules, 3号 text (16 points): what an organ issues.
        case notice
        /// Black heading, 小四 text (12 points), narrow margins: forms, receipts, lists.
        case form
    }

    package var style: Style
    /// The main language: fixed words, date and the PDF's language tag.
    package var language: NoticeLanguage
    /// The issuing organ (发文机关标志), one line each: several organs, or one organ in two languages.
    package var organ: [NoticeText]
    /// The title without the organ, such as 行政许可申请受理通知书; further lines are translations of it.
    package var title: [NoticeText]
    /// The document number (文号), such as 金审受字〔2026〕12号.
    package var number: String?
    /// To whom it is addressed, without the colon.
    package var addressee: NoticeText?
    package var body: [NoticeBlock]
    /// How to object (行政复议、行政诉讼); stays with the signature.
    package var remedies: [NoticeBlock]
    package var signature: Signature?
    /// What follows the signature: contact, annexes, acknowledgement of delivery.
    package var appendix: [NoticeBlock]
    package var verification: Verification?
    /// Pale text slanting across every page: 演示, or 仅供……使用.
    package var watermark: String?
    /// The PDF's creation date; the same document of the same moment gives the same bytes.
    package var createdAt: Moment

    package init(
        style: Style = .notice, language: NoticeLanguage = .zh, organ: [NoticeText], title: [NoticeText],
        number: String? = nil, addressee: NoticeText? = nil, body: [NoticeBlock], remedies: [NoticeBlock] = [],
        signature: Signature? = nil, appendix: [NoticeBlock] = [], verification: Verification? = nil,
        watermark: String? = nil, createdAt: Moment
    ) {
        self.style = style
        self.language = language
        self.organ = organ
        self.title = title
        self.number = number
        self.addressee = addressee
        self.body = body
        self.remedies = remedies
        self.signature = signature
        self.appendix = appendix
        self.verification = verification
        self.watermark = watermark
        self.createdAt = createdAt
    }
}

extension NoticeDocument {
    /// Who signs and the date of the document (发文机关署名、成文日期). Room for a seal of 42 mm is left over it and
    /// stays empty: a seal belongs to a signature, and there is none without one.
    package struct Signature: Sendable, Hashable {
        package var organ: [NoticeText]
        package var date: CivilDate

        package init(organ: [NoticeText], date: CivilDate) {
            self.organ = organ
            self.date = date
        }
    }

    /// The code at the foot of every page: how anyone checks the paper, or reads more about it.
    package struct Verification: Sendable, Hashable {
        /// The address of the verifying page of exactly this version, or of the guide; goes into the QR code, at most 140 bytes.
        package var url: String
        /// The code to type where nothing can be scanned; nil where the address is a page to read, not one that verifies.
        package var code: String?
        /// The address shows how the matter stands; the code verifies the paper on the site.
        package var isProgress = false

        package init(url: String, code: String) {
            self.url = url
            self.code = code
        }

        /// An address that shows how the matter stands; it opens with what the paper says.
        package init(progress url: String, code: String) {
            self.url = url
            self.code = code
            isProgress = true
        }

        /// An address where more can be read, such as an item's guide: nothing to verify.
        package init(guide url: String) {
            self.url = url
            code = nil
        }
    }
}
