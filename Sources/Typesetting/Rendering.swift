/// A document set and written.
package struct TypesetDocument: Sendable, Hashable {
    /// The middle of the place left for a seal of 42 mm.
    package struct SealPlace: Sendable, Hashable {
        /// From 1.
        package let page: Int
        /// Points from the page's left edge.
        package let x: Double
        /// Points from the page's lower edge, as PDF counts.
        package let y: Double
    }

    /// The file: A4, fonts embedded as subsets, tagged.
    package let pdf: [UInt8]
    /// At least 1.
    package let pages: Int
    /// Nil in a document without signature.
    package let sealPlace: SealPlace?
    /// How many characters no installed font has (生僻字); each shows as a box with its code.
    package let unknownCharacters: Int
}

/// Sets a document as PDF. The same document gives the same bytes. May be called from any thread, some milliseconds of
/// work: outside of units of work.
///
/// Throws `fontMissing`, `tooLong` (300 pages), `unencodable` (verification address over 140 bytes) or `drawing`.
package func typeset(_ document: NoticeDocument) throws(TypesettingError) -> TypesetDocument {
    try Foundries.lend { foundry throws(TypesettingError) in
        let measures = Measures(document.style)
        var setter = Setter(document, measures, foundry)
        try setter.setAll()
        let pages = try Pagination(setter.strips, measures).pages
        let furniture = try Furniture(document, measures, foundry)
        let (pdf, sealPlace) = try PDFWriter.write(document, pages, measures, furniture)
        return TypesetDocument(
            pdf: pdf, pages: pages.count, sealPlace: sealPlace, unknownCharacters: setter.unknownGlyphs)
    }
}

/// The file of ``typeset(_:)`` alone.
package func renderPDF(_ document: NoticeDocument) throws(TypesettingError) -> [UInt8] {
    try typeset(document).pdf
}

/// Loads the fonts, so that the first document does not wait for them (some 0.1 s) and a server without Chinese fonts
/// says so at its start. Throws `fontMissing`.
package func prepareTypesetting() throws(TypesettingError) {
    try Foundries.lend { _ throws(TypesettingError) in }
}
