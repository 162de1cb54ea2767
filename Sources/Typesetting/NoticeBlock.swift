/// A part of a notice's text, in one language.
package struct NoticeBlock: Sendable, Hashable {
    /// What the block is; facts are pairs of label and value in 1 or 2 columns, blanks are lines to write on.
    package enum Content: Sendable, Hashable {
        case heading(String)
        case paragraph(String)
        case list([String])
        case facts([Fact], columns: Int)
        case table([Column], rows: [[String]])
        case note(String)
        case blanks([String])
    }

    package var content: Content
    package var language: NoticeLanguage

    package init(_ content: Content, in language: NoticeLanguage = .zh) {
        self.content = content
        self.language = language
    }

    /// A heading inside the text (一级标题).
    package static func heading(_ text: String, in language: NoticeLanguage = .zh) -> NoticeBlock {
        NoticeBlock(.heading(text), in: language)
    }

    /// A paragraph; its first line is indented by two characters in Chinese and Yi.
    package static func paragraph(_ text: String, in language: NoticeLanguage = .zh) -> NoticeBlock {
        NoticeBlock(.paragraph(text), in: language)
    }

    /// Points numbered from 1.
    package static func list(_ points: [String], in language: NoticeLanguage = .zh) -> NoticeBlock {
        NoticeBlock(.list(points), in: language)
    }

    /// A ruled table of labels and values, `columns` (1 or 2) pairs beside each other.
    package static func facts(
        _ facts: [Fact], columns: Int = 1, in language: NoticeLanguage = .zh
    ) -> NoticeBlock {
        NoticeBlock(.facts(facts, columns: columns), in: language)
    }

    /// A ruled table; its head is repeated on each page. A row shorter than the head is filled with empty cells.
    package static func table(
        _ columns: [Column], rows: [[String]], in language: NoticeLanguage = .zh
    ) -> NoticeBlock {
        NoticeBlock(.table(columns, rows: rows), in: language)
    }

    /// Small print.
    package static func note(_ text: String, in language: NoticeLanguage = .zh) -> NoticeBlock {
        NoticeBlock(.note(text), in: language)
    }

    /// Lines to be filled in by hand, two beside each other: 申请人(签字), 日期.
    package static func blanks(_ labels: [String], in language: NoticeLanguage = .zh) -> NoticeBlock {
        NoticeBlock(.blanks(labels), in: language)
    }
}

extension NoticeBlock {
    /// A label and what stands beside it.
    package struct Fact: Sendable, Hashable {
        package var label: String
        package var value: String
        /// Takes the whole width where pairs stand side by side.
        package var wide: Bool

        package init(_ label: String, _ value: String, wide: Bool = false) {
            self.label = label
            self.value = value
            self.wide = wide
        }
    }

    /// A column of a table.
    package struct Column: Sendable, Hashable {
        /// Where the cells' text stands in the column.
        package enum Alignment: Sendable, Hashable { case leading, center, trailing }

        package var title: String
        /// The column's part of the width, in proportion to the other columns' shares; more than 0.
        package var share: Double
        package var alignment: Alignment

        package init(_ title: String, share: Double = 1, alignment: Alignment = .leading) {
            self.title = title
            self.share = share
            self.alignment = alignment
        }
    }
}
