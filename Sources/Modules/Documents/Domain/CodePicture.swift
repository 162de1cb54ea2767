import Typesetting

/// A QR code (ISO/IEC 18004) as the path of a picture, for pages: templates draw it with attributes only.
package struct CodePicture: Sendable, Hashable {
    /// Units a side, the quiet zone of four on each side included.
    package let side: Int
    /// For the `d` of an SVG path: dark modules, one unit each.
    package let path: String

    /// The code of a text at medium correction. Throws where it is empty or longer than 2,331 bytes.
    package init(_ text: String) throws {
        let code = try QRCode(text)
        side = code.size + 2 * QRCode.quietZone
        path = code.path
    }
}
