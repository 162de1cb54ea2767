/// What cairo leaves out of the document catalog (ISO 32000-1, 7.7.2): the language, and that readers show the title.
enum PDFCatalog {
    /// The document with `/Lang` and `/DisplayDocTitle`. cairo writes the catalog last before the cross-reference
    /// table, so nothing but the table itself moves. A file of any other shape is returned as it is.
    static func adding(language: String, to pdf: [UInt8]) -> [UInt8] {
        guard let start = pdf.lastRange(of: "startxref\n"),
            let table = pdf.number(at: start.upperBound), table < start.lowerBound,
            pdf[table...].starts(with: "xref\n".utf8),
            let root = pdf[table...].firstRange(of: Array("/Root ".utf8)),
            let object = pdf.number(at: root.upperBound),
            let catalog = pdf[..<table].lastRange(of: "\n\(object) 0 obj\n<<"),
            let end = pdf[catalog.upperBound..<table].firstRange(of: Array("endobj\n".utf8)), end.upperBound == table
        else { return pdf }
        let addition = " /Lang (\(language)) /ViewerPreferences << /DisplayDocTitle true >>"
        return Array(pdf[..<catalog.upperBound]) + addition.utf8 + pdf[catalog.upperBound..<start.upperBound]
            + "\(table + addition.utf8.count)\n%%EOF\n".utf8
    }
}

extension RandomAccessCollection<UInt8> where Index == Int {
    /// Where the text stands last.
    fileprivate func lastRange(of text: String) -> Range<Int>? {
        let pattern = Array(text.utf8)
        var index = endIndex - pattern.count
        while index >= startIndex {
            if self[index] == pattern[0], self[index...].starts(with: pattern) { return index..<index + pattern.count }
            index -= 1
        }
        return nil
    }

    /// The decimal number that begins there.
    fileprivate func number(at index: Int) -> Int? {
        let digits = self[index...].prefix { (48...57).contains($0) }.prefix(12)
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
