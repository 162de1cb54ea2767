import Catalogue
import Kernel

/// A list as a department hands it over: a head that names the columns, then one entry a row. All of it is right, or nothing is taken.
struct RegisterFile: Sendable {
    /// What is wrong, by line: what stood there is not repeated, since it is somebody's.
    struct Fault: Sendable, Hashable {
        enum Kind: String, Sendable, Hashable, CaseIterable {
            case noKey, noColumn, surplus, twice, quote, cells, key, text, number, date, flag, formula, long, many,
                empty
        }

        /// 1 and up; the head's is 1.
        let line: Int
        let kind: Kind
        let column: String
    }

    struct Entry: Sendable, Hashable {
        let key: String
        let facts: [String: JSON]
    }

    /// Entries that are different; the same row twice is one.
    private(set) var entries: [Entry] = []
    private(set) var faults: [Fault] = []

    static let mostRows = 2_000_000
    private static let mostFaults = 100
    private static let longest = 200

    init(_ rows: [ListText.Row], of register: RegisterType) {
        guard let head = rows.first, let columns = columns(head, register) else { return }
        if rows.count == 1 { note(head.line, .empty, "") }
        if rows.count - 1 > Self.mostRows { note(head.line, .many, "") }
        guard faults.isEmpty else { return }
        var seen: Set<Entry> = []
        for row in rows.dropFirst() {
            guard faults.count < Self.mostFaults else { break }
            guard let entry = entry(row, columns, register), seen.insert(entry).inserted else { continue }
            entries.append(entry)
        }
        if !faults.isEmpty { entries = [] }
    }

    private struct Columns {
        var key: Int
        var fields: [(at: Int, field: RegisterType.Field)]
        var count: Int
    }

    /// The key's column is called `key`, a field's by its id or its name.
    private mutating func columns(_ head: ListText.Row, _ register: RegisterType) -> Columns? {
        var key: Int?
        var fields: [(at: Int, field: RegisterType.Field)] = []
        for (index, cell) in head.cells.enumerated() {
            let name = cell.trimmed
            if name == "key" || Self.keyNames[register.key]?.contains(name) ?? false {
                if key != nil { note(head.line, .twice, name) }
                key = index
            } else if let field = register.fields.first(where: { $0.id == name || $0.name.zh == name }) {
                if fields.contains(where: { $0.field.id == field.id }) { note(head.line, .twice, name) }
                fields.append((index, field))
            } else {
                note(head.line, .surplus, String(name.prefix(40)))
            }
        }
        for field in register.fields where !fields.contains(where: { $0.field.id == field.id }) {
            note(head.line, .noColumn, field.name.zh)
        }
        guard let key else {
            note(head.line, .noKey, Self.keyNames[register.key]?.first ?? "key")
            return nil
        }
        return faults.isEmpty ? Columns(key: key, fields: fields, count: head.cells.count) : nil
    }

    /// What the number's column may be called.
    static let keyNames: [RegisterType.Key: [String]] = [
        .idcard: ["公民身份号码", "身份证号", "身份证号码"], .uscc: ["统一社会信用代码"], .text: ["编号", "号码"],
    ]

    private mutating func entry(_ row: ListText.Row, _ columns: Columns, _ register: RegisterType) -> Entry? {
        let before = faults.count
        if row.isOdd { note(row.line, .quote, "") }
        guard row.cells.count == columns.count else {
            note(row.line, .cells, "")
            return nil
        }
        let key = register.normalised(row.cells[columns.key].filter { !$0.isWhitespace })
        if key == nil { note(row.line, .key, "") }
        var facts: [String: JSON] = [:]
        for (at, field) in columns.fields {
            let text = row.cells[at].trimmed
            if let fault = Self.fault(text, field) {
                note(row.line, fault, field.name.zh)
            } else {
                facts[field.id] = Self.value(text, field)
            }
        }
        guard let key, faults.count == before else { return nil }
        return Entry(key: key, facts: facts)
    }

    private static func fault(_ text: String, _ field: RegisterType.Field) -> Fault.Kind? {
        if text.isEmpty { return nil }
        if text.count > longest { return .long }
        switch field.kind {
        case .text:
            // What a spreadsheet would run; no register writes so.
            return text.first.map { "=+-@\t\r".contains($0) } ?? false ? .formula : nil
        case .number: return value(text, field) == .null ? .number : nil
        case .date: return value(text, field) == .null ? .date : nil
        case .flag: return value(text, field) == .null ? .flag : nil
        }
    }

    /// Null for what is empty or none of the kind.
    private static func value(_ text: String, _ field: RegisterType.Field) -> JSON {
        switch field.kind {
        case .text: return text.isEmpty ? .null : .string(text)
        case .number:
            if let whole = Int64(text) { return .int(whole) }
            guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 || $0 == 45 }), let number = Double(text),
                number.isFinite
            else { return .null }
            return .double(number)
        case .date:
            return CivilDate(text.replacing("/", with: "-")).map { .string($0.description) } ?? .null
        case .flag:
            if ["true", "是", "1", "yes"].contains(text.lowercased()) { return true }
            return ["false", "否", "0", "no"].contains(text.lowercased()) ? false : .null
        }
    }

    private mutating func note(_ line: Int, _ kind: Fault.Kind, _ column: String) {
        faults.append(Fault(line: line, kind: kind, column: column))
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
