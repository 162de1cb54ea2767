import Kernel

/// One pass over a list's rows.
struct ListReading {
    let file: String
    let columns: ListColumns
    let knownSlugs: [String: String]
    /// Cells of the header.
    let width: Int
    let log = FindingLog()
    private(set) var entries: [ListImport.Entry] = []
    private(set) var departments: [String: String] = [:]
    private(set) var rows = 0
    private var codes: [String: (line: Int, name: String)] = [:]
    private var slugs: Set<String> = []
    private var departmentSlugs: [String: String] = [:]

    init(file: String, columns: ListColumns, knownSlugs: [String: String], width: Int) {
        self.file = file
        self.columns = columns
        self.knownSlugs = knownSlugs
        self.width = width
    }

    func reportMissingColumns() {
        for (column, zh, en) in [
            (columns.code, "编码", "the code"), (columns.type, "类型", "the type"),
            (columns.department, "部门", "the department"),
        ] where column == nil {
            report(.warning, "list.columns", 1, "没有“\(zh)”一列", "no column for \(en)", ("可以手工选列", "Choose the column"))
        }
    }

    mutating func tooMany(_ line: Int) {
        report(
            .error, "list.rows", line, "超过 \(ListImport.maximumRows) 行", "more than \(ListImport.maximumRows) rows",
            ("分成几个文件导入", "Import several files"))
    }

    mutating func add(_ row: CSVReader.Row) {
        rows += 1
        let line = row.line
        if row.oddQuote {
            report(.error, "list.quote", line, "引号不成对", "an unpaired quote", ("改正引号", "Correct the quotes"))
        }
        guard row.cells.count >= columns.needed else {
            report(
                .error, "list.width", line, "只有 \(row.cells.count) 列，应有 \(width) 列",
                "only \(row.cells.count) columns of \(width)",
                ("补齐这一行", "Complete the row"))
            return
        }
        if row.cells.count > width, row.cells[width...].contains(where: { !$0.allSatisfy(\.isWhitespace) }) {
            report(
                .warning, "list.width", line, "有 \(row.cells.count) 列，比列名多",
                "\(row.cells.count) columns, more than headings",
                ("看是不是名称里的逗号没有加引号", "Is a comma in a name not quoted?"))
        }
        let name = cell(row, columns.name) ?? ""
        guard !name.isEmpty else {
            report(.error, "list.name", line, "没有事项名称", "no name", ("补写名称，或者删去这一行", "Write it or remove the row"))
            return
        }
        guard name.count <= 300 else {
            report(
                .error, "list.name", line, "名称超过 300 字", "the name is longer than 300 characters", ("改短", "Shorten it"))
            return
        }
        let code = cell(row, columns.code)
        guard accept(code, name, line) else { return }
        let departmentName = cell(row, columns.department) ?? "未写明部门"
        if columns.department != nil, cell(row, columns.department) == nil {
            report(.error, "list.department", line, "没有部门", "no department", ("补写部门", "Write it"))
        }
        let department = departmentSlug(departmentName)
        entries.append(
            ListImport.Entry(
                line: line, slug: slug(name, code, departmentName), code: code, name: name, type: type(row),
                departmentName: departmentName,
                department: department, mainItem: cell(row, columns.mainItem)))
    }

    private func cell(_ row: CSVReader.Row, _ column: Int?) -> String? {
        guard let column, column < row.cells.count else { return nil }
        let cell = row.cells[column]
        let start = cell.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(start[...end])
    }

    /// A code is taken once. The same row twice is left out with a warning; another name under the same code is a
    /// fault.
    private mutating func accept(_ code: String?, _ name: String, _ line: Int) -> Bool {
        guard let code else {
            if columns.code != nil {
                report(
                    .warning, "list.code", line, "“\(name)”没有编码", "“\(name)” has no code",
                    ("知道后补写", "Add it once known"))
            }
            return true
        }
        guard code.count <= 80, code.utf8.allSatisfy({ (33...126).contains($0) }) else {
            report(
                .error, "list.code", line, "编码“\(code)”有空格或者其他字符", "the code “\(code)” has odd characters",
                ("改正编码", "Correct it"))
            return false
        }
        guard let other = codes[code] else {
            codes[code] = (line, name)
            return true
        }
        if other.name == name {
            report(
                .warning, "list.duplicate", line, "与第 \(other.line) 行相同，略去", "the same as line \(other.line), left out",
                ("删去一行", "Remove one"))
        } else {
            report(
                .error, "list.duplicate", line, "编码与第 \(other.line) 行“\(other.name)”相同",
                "the same code as line \(other.line), “\(other.name)”",
                ("改正其中一个编码", "Correct one of the codes"))
        }
        return false
    }

    private func type(_ row: CSVReader.Row) -> ItemType {
        guard let text = cell(row, columns.type) else {
            if columns.type != nil {
                report(.warning, "list.type", row.line, "没有类型，按“其他”", "no type, taken as other", ("补写类型", "Write it"))
            }
            return .other
        }
        if let type = ItemType(local: text) { return type }
        report(
            .warning, "list.type", row.line, "不认识的类型“\(text)”，按“其他”", "unknown type “\(text)”, taken as other",
            ("写 01…10、20 或者类型名称", "Write 01…10, 20 or the type's name"))
        return .other
    }

    // MARK: Slugs

    /// Pinyin of the name and six characters of the code's hash; the slug of before where the code is known.
    private mutating func slug(_ name: String, _ code: String?, _ department: String) -> String {
        if let code, let known = knownSlugs[code], slugs.insert(known).inserted { return known }
        let key = code ?? department + "\u{0}" + name
        let stem = ListReading.latin(name, limit: 48)
        var slug = stem + "-" + ListReading.hash(key)
        var turn = 1
        while !slugs.insert(slug).inserted {
            turn += 1
            slug = stem + "-" + ListReading.hash(key + "#\(turn)")
        }
        return slug
    }

    private mutating func departmentSlug(_ name: String) -> String {
        if let known = departmentSlugs[name] { return known }
        var slug = ListReading.latin(name, limit: 60)
        if departments[slug] != nil { slug += "-" + ListReading.hash(name) }
        departmentSlugs[name] = slug
        departments[slug] = name
        return slug
    }

    /// Whole syllables joined by hyphens, as many as fit; begins with a letter.
    private static func latin(_ text: String, limit: Int) -> String {
        var slug = ""
        for syllable in Pinyin.syllables(of: text) {
            guard slug.isEmpty || slug.utf8.count + syllable.utf8.count + 1 <= limit else { break }
            slug += (slug.isEmpty ? "" : "-") + syllable.prefix(limit)
        }
        guard let first = slug.first, ("a"..."z").contains(first) else { return slug.isEmpty ? "item" : "n-" + slug }
        return slug
    }

    /// FNV-1a (64 bit) in base 36, six characters.
    private static func hash(_ text: String) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        var out = ""
        for _ in 0..<6 {
            out.append(digits[Int(value % 36)])
            value /= 36
        }
        return out
    }

    private func report(
        _ severity: Finding.Severity, _ rule: String, _ line: Int, _ zh: String, _ en: String,
        _ advice: (String, String)
    ) {
        log.report(severity, rule, file: file, line: line, zh: zh, en: en, do: (zh: advice.0, en: advice.1))
    }
}
