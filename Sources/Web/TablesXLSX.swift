import Kernel

/// An Office Open XML workbook (ISO/IEC 29500) as a stream: texts stand in their cells, a full sheet is followed by another,
/// and what names the sheets comes last.
struct XLSXWriter: TableWriter {
    private let columns: [String]
    private let widths: [Int]
    private let sheetName: String
    private let rowsASheet: Int
    private var zip = ZipWriter()
    private var sheets = 0
    private var row = 0

    /// - Parameters:
    ///   - widths: in digits of the sheet's font, a Chinese character counts as two; where missing, taken from the name.
    ///   - rowsASheet: the head among them; not more than 1,048,576.
    init(name: String, columns: [String], widths: [Int] = [], rowsASheet: Int = 1_048_576) {
        self.columns = columns
        self.widths = columns.indices.map { index in
            index < widths.count ? widths[index] : min(60, max(12, columns[index].displayWidth + 4))
        }
        let allowed = name.filter { !"[]:*?/\\'".contains($0) }
        sheetName = allowed.isEmpty ? "Sheet" : String(allowed.prefix(24))
        self.rowsASheet = rowsASheet
    }

    mutating func begin() throws -> [UInt8] {
        try zip.whole("_rels/.rels", Self.packageRelations) + zip.whole("xl/styles.xml", Self.styles) + beginSheet()
    }

    mutating func add(_ rows: [[TableCell]]) throws -> [UInt8] {
        var out: [UInt8] = []
        var xml: [UInt8] = []
        for cells in rows {
            if row >= rowsASheet || zip.openSize + xml.count > 2 << 30 {
                out += try zip.add(xml)
                xml = []
                out += try endSheet() + beginSheet()
            }
            append(cells, to: &xml)
        }
        return try out + zip.add(xml)
    }

    mutating func end() throws -> [UInt8] {
        var out = try endSheet()
        out += try zip.whole("xl/workbook.xml", workbook)
        out += try zip.whole("xl/_rels/workbook.xml.rels", relations)
        out += try zip.whole("[Content_Types].xml", contentTypes)
        return try out + zip.end()
    }

    private mutating func beginSheet() throws -> [UInt8] {
        sheets += 1
        row = 0
        var out = try zip.begin("xl/worksheets/sheet\(sheets).xml")
        var xml = Array(
            """
            \(Self.declaration)<worksheet xmlns="\(Self.main)"><sheetViews><sheetView workbookViewId="0">\
            <pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>
            """.utf8)
        for (index, width) in widths.enumerated() {
            xml += "<col min=\"\(index + 1)\" max=\"\(index + 1)\" width=\"\(width)\" customWidth=\"1\"/>".utf8
        }
        xml += "</cols><sheetData>".utf8
        append(columns.map(TableCell.text), style: Style.head, to: &xml)
        out += try zip.add(xml)
        return out
    }

    private mutating func endSheet() throws -> [UInt8] {
        try zip.add(Array("</sheetData></worksheet>".utf8)) + zip.close()
    }

    private mutating func append(_ cells: [TableCell], style: Int? = nil, to xml: inout [UInt8]) {
        row += 1
        xml += "<row r=\"\(row)\">".utf8
        for (index, cell) in cells.enumerated() where cell != .empty {
            append(cell, "\(Self.letters(index))\(row)", style, to: &xml)
        }
        xml += "</row>".utf8
    }

    private func append(_ cell: TableCell, _ place: String, _ style: Int?, to xml: inout [UInt8]) {
        func number(_ value: String, _ style: Int) {
            xml += "<c r=\"\(place)\" s=\"\(style)\"><v>\(value)</v></c>".utf8
        }
        func text(_ text: String) {
            xml += "<c r=\"\(place)\" s=\"\(style ?? Style.text)\" t=\"inlineStr\"><is><t xml:space=\"preserve\">".utf8
            Self.escape(text, to: &xml)
            xml += "</t></is></c>".utf8
        }
        switch cell {
        case .empty: break
        case .text(let value): text(value)
        // A spreadsheet keeps 15 digits of a number.
        case .integer(let value):
            value.magnitude < 1_000_000_000_000_000 ? number(String(value), 0) : text(String(value))
        case .money(let value): number(value.plain, Style.money)
        case .date(let value): Self.serial(value).map { number(String($0), Style.date) } ?? text(value.description)
        case .moment(let value):
            if let day = Self.serial(value.date) {
                number(String(Double(day) + Double(value.millisecondOfDay) / 86_400_000), Style.moment)
            } else {
                text(value.description)
            }
        }
    }

    /// Days as spreadsheets count them; nil before March 1900, where they count a day that never was.
    private static func serial(_ date: CivilDate) -> Int? {
        let serial = date.dayNumber + 25_569
        return serial >= 61 ? serial : nil
    }

    /// A, B … Z, AA, AB …
    private static func letters(_ index: Int) -> String {
        let last = String(UnicodeScalar(UInt8(65 + index % 26)))
        return index < 26 ? last : letters(index / 26 - 1) + last
    }

    /// Escapes for XML 1.0, leaves out what may not stand in it, and ends what is longer than a cell can hold.
    private static func escape(_ text: String, to xml: inout [UInt8]) {
        var text = text
        if text.utf8.count > 32_767, text.utf16.count > 32_767 {
            var units = 0
            let kept = text.unicodeScalars.prefix { scalar in
                units += scalar.value > 0xFFFF ? 2 : 1
                return units < 32_767
            }
            text = String(kept) + "…"
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": xml += "&amp;".utf8
            case "<": xml += "&lt;".utf8
            case ">": xml += "&gt;".utf8
            case "\t", "\n": xml.append(UInt8(scalar.value))
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": break
            default: xml += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
    }
}

extension XLSXWriter {
    /// Places in `styles`.
    private enum Style {
        static let head = 1, date = 2, moment = 3, money = 4, text = 5
    }

    private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let package = "http://schemas.openxmlformats.org/package/2006"
    private static let media = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    private static let packageRelations = """
        \(declaration)<Relationships xmlns="\(package)/relationships"><Relationship Id="rId1" \
        Type="\(office)/officeDocument" Target="xl/workbook.xml"/></Relationships>
        """

    private static let styles = """
        \(declaration)<styleSheet xmlns="\(main)"><numFmts count="2">\
        <numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>\
        <fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>\
        <fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
        <fill><patternFill patternType="solid"><fgColor rgb="FFE8EFFA"/><bgColor indexed="64"/></patternFill></fill></fills>\
        <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
        <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
        <cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
        <xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>\
        <xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
        <xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
        <xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
        <xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
        <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
        """

    private var workbook: String {
        let list = (1...max(1, sheets)).map { number in
            let name = escapeHTML(number == 1 ? sheetName : "\(sheetName) (\(number))")
            return "<sheet name=\"\(name)\" sheetId=\"\(number)\" r:id=\"rId\(number)\"/>"
        }
        return
            "\(Self.declaration)<workbook xmlns=\"\(Self.main)\" xmlns:r=\"\(Self.office)\"><sheets>\(list.joined())</sheets></workbook>"
    }

    private var relations: String {
        let list = (1...max(1, sheets)).map {
            "<Relationship Id=\"rId\($0)\" Type=\"\(Self.office)/worksheet\" Target=\"worksheets/sheet\($0).xml\"/>"
        }
        return """
            \(Self.declaration)<Relationships xmlns="\(Self.package)/relationships">\(list.joined())\
            <Relationship Id="rId\(sheets + 1)" Type="\(Self.office)/styles" Target="styles.xml"/></Relationships>
            """
    }

    private var contentTypes: String {
        let list = (1...max(1, sheets)).map {
            "<Override PartName=\"/xl/worksheets/sheet\($0).xml\" ContentType=\"\(Self.media).worksheet+xml\"/>"
        }
        return """
            \(Self.declaration)<Types xmlns="\(Self.package)/content-types">\
            <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
            <Default Extension="xml" ContentType="application/xml"/>\
            <Override PartName="/xl/workbook.xml" ContentType="\(Self.media).sheet.main+xml"/>\
            <Override PartName="/xl/styles.xml" ContentType="\(Self.media).styles+xml"/>\(list.joined())</Types>
            """
    }
}

extension String {
    /// In digits: a character beyond Latin takes two.
    fileprivate var displayWidth: Int { unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) } }
}
