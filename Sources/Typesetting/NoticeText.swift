/// The language a text of a notice is written in: it chooses font, line pitch, indent and line breaking.
package enum NoticeLanguage: String, Sendable, Hashable, CaseIterable, Codable {
    /// Chinese, simplified characters.
    case zh
    case en
    /// Tibetan.
    case bo
    /// Yi (Nuosu).
    case ii

    /// The language's tag (BCP 47), as written into the PDF.
    package var tag: String { self == .zh ? "zh-CN" : rawValue }
}

/// A line of a notice's heading, title or signature in its own language; a literal is Chinese.
package struct NoticeText: Sendable, Hashable, ExpressibleByStringLiteral {
    package var string: String
    package var language: NoticeLanguage

    package init(_ string: String, in language: NoticeLanguage = .zh) {
        self.string = string
        self.language = language
    }

    package init(stringLiteral value: String) { self.init(value) }
}

extension String {
    /// The text without what does not belong on paper: control characters become spaces, and marks that turn the
    /// direction of writing are dropped, since they can make a document read otherwise than it is stored.
    var printable: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x2028, 0x2029: scalars.append("\n")
            case 0x0D, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
            case 0...0x1F, 0x7F...0x9F: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
