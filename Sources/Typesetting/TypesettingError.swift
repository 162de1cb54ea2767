/// Why a document or a code was not made; nothing of it is to be used.
package enum TypesettingError: Error, Sendable, Hashable {
    /// The system has no font with Chinese characters; install `fonts-noto-cjk`. Holds the family looked for.
    case fontMissing(String)
    /// The document has more than `pages` pages or more text than can stand on them.
    case tooLong(pages: Int)
    /// A text for a QR code is empty or longer than a code of that correction holds (ISO/IEC 18004: 2,953 bytes at most).
    case unencodable(bytes: Int)
    /// The drawing library refused; its own words, for the log only.
    case drawing(String)
}
