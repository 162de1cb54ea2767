package import Foundation
import Kernel

/// Items from a real list (CSV): read row by row, every fault by its line, slugs that stay the same when the list comes
/// again.
package struct ListImport: Sendable {
    /// One row that can become an item.
    package struct Entry: Sendable, Hashable {
        package let line: Int
        package let slug: String
        package let code: String?
        package let name: String
        package let type: ItemType
        /// The department's name as written, and its slug.
        package let departmentName: String
        package let department: String
        package let mainItem: String?
    }

    /// What was read.
    package struct Outcome: Sendable {
        package let entries: [Entry]
        /// Names of departments by slug.
        package let departments: [String: String]
        package let findings: [Finding]
        /// Rows below the header that are not blank.
        package let rows: Int
        /// `UTF-8` or `GB 18030`.
        package let encoding: String
        package let header: [String]
        package let columns: ListColumns?

        package var isImportable: Bool { !entries.isEmpty && !findings.contains { $0.severity == .error } }
    }

    /// Rows a list may have.
    package static let maximumRows = 100_000

    private let file: String
    private let chosen: ListColumns?
    private let level: ItemLevel
    private let knownSlugs: [String: String]

    /// - Parameters:
    ///   - file: the list's name in findings.
    ///   - columns: chosen by hand; nil: by the headings.
    ///   - knownSlugs: slugs of items imported before, by code: an item keeps its slug even where its name changed.
    package init(
        file: String, columns: ListColumns? = nil, level: ItemLevel = .county, knownSlugs: [String: String] = [:]
    ) {
        self.file = file
        chosen = columns
        self.level = level
        self.knownSlugs = knownSlugs
    }

    /// Reads the whole list; findings instead of errors.
    package func read(_ data: Data) -> Outcome {
        guard let (text, encoding) = TextDecoding.text(of: data) else {
            let finding = Finding(
                .error, rule: "list.encoding", file: file, line: 0,
                message: LocalizedText(zh: "文件既不是 UTF-8 也不是 GB 18030", en: "neither UTF-8 nor GB 18030"),
                advice: LocalizedText(zh: "另存为“CSV UTF-8”后再导入", en: "Save it as CSV UTF-8 and import it again"))
            return Outcome(
                entries: [], departments: [:], findings: [finding], rows: 0, encoding: "", header: [], columns: nil)
        }
        var rows = CSVReader(text)
        let header = rows.next()?.cells ?? []
        guard let columns = chosen ?? ListColumns.detect(header) else {
            let finding = Finding(
                .error, rule: "list.columns", file: file, line: 1,
                message: LocalizedText(zh: "第一行没有“事项名称”一列", en: "the first line has no column for the item's name"),
                advice: LocalizedText(
                    zh: "第一行写列名，或者手工选列", en: "Write headings in the first line, or choose the columns"))
            return Outcome(
                entries: [], departments: [:], findings: [finding], rows: 0, encoding: encoding.rawValue,
                header: header, columns: nil)
        }
        var reading = ListReading(file: file, columns: columns, knownSlugs: knownSlugs, width: header.count)
        reading.reportMissingColumns()
        while let row = rows.next() {
            if row.isBlank { continue }
            guard reading.rows < ListImport.maximumRows else {
                reading.tooMany(row.line)
                break
            }
            reading.add(row)
        }
        return Outcome(
            entries: reading.entries, departments: reading.departments, findings: reading.log.findings,
            rows: reading.rows,
            encoding: encoding.rawValue, header: header, columns: columns)
    }

    /// The first rows below the header as they stand, to be shown; none where the bytes are no text.
    static func preview(_ data: Data, rows count: Int) -> [[String]] {
        guard let (text, _) = TextDecoding.text(of: data) else { return [] }
        var rows = CSVReader(text)
        _ = rows.next()
        return Array(rows.lazy.filter { !$0.isBlank }.map(\.cells).prefix(count))
    }

    /// The item an entry becomes: its generic form, the usual links; the department fills in the rest later.
    package func item(_ entry: Entry) -> ItemDefinition {
        var item = ItemDefinition(
            slug: entry.slug, code: entry.code, baseCode: nil, imported: true, name: LocalizedText(zh: entry.name),
            shortName: nil,
            aliases: entry.mainItem.map { $0 == entry.name ? [] : [$0] } ?? [], summary: nil, type: entry.type,
            notification: entry.type == .other && entry.name.contains("备案"), level: level, delegation: .statutory,
            delegatedBy: nil,
            department: entry.department, joint: [], audience: [], themes: ItemThemes(person: [], legal: []),
            events: [],
            handling: .promised, limits: LimitSet(statutory: nil, promised: Limit(20, .workingDays), province: nil),
            channels: [],
            scope: .area, visits: Visits(number: 0, reason: nil), depth: nil, legalBasis: [], conditions: [],
            limitsOnNumber: nil,
            fees: [], contacts: ItemContacts(advice: nil, complaint: nil), places: [], situations: [], gates: [],
            form: [],
            genericForm: true, materials: [], requires: [], stages: [], procedures: [], reportUp: nil, instantWhen: nil,
            outcome: [],
            delivery: [], after: [], rating: true, onLapse: .withdrawn, fourEyes: true, confirmApproval: false,
            yellowPercent: 20,
            undoMinutes: 10, retention: .customary(for: entry.type), publish: true, publishReason: nil)
        GenericForm.fillGuide(&item)
        return item
    }

    /// The entry as a pack's file.
    package static func yaml(_ entry: Entry) -> String {
        var lines = ["imported: true", "slug: \(entry.slug)"]
        if let code = entry.code { lines.append("code: \(quoted(code))") }
        lines.append("name: {zh: \(quoted(entry.name))}")
        if let main = entry.mainItem, main != entry.name { lines.append("aliases: [\(quoted(main))]") }
        lines.append("type: \(entry.type.rawValue)")
        if entry.type == .other, entry.name.contains("备案") { lines.append("notification: true") }
        lines.append("department: \(entry.department)")
        lines.append("form: generic")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
