import Catalogue
import Foundation
import Kernel

/// A list is read to the same items always; every item has a slug of its own and can be stored.
///
/// A first byte that is a control character chooses the columns; otherwise the headings do.
enum ListProperty {
    static func check(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        var columns: ListColumns?
        if first < 0x20 {
            columns = ListColumns(
                name: Int(first & 3), code: first & 4 == 0 ? nil : 1, type: first & 8 == 0 ? nil : 2,
                department: first & 16 == 0 ? nil : 3, mainItem: 0)
        }
        let data = Data(columns == nil ? bytes[...] : bytes.dropFirst())
        let list = ListImport(file: "list.csv", columns: columns)
        let read = list.read(data)
        let again = list.read(data)
        try same(again.entries, read.entries, "entries")
        try same(again.findings, read.findings, "findings")
        try same(again.departments, read.departments, "departments")
        try same(Set(read.entries.map(\.slug)).count, read.entries.count, "slugs")
        let known = Dictionary(read.entries.compactMap { entry in entry.code.map { ($0, entry.slug) } }) { first, _ in
            first
        }
        let later = ListImport(file: "list.csv", columns: columns, knownSlugs: known).read(data)
        try same(later.entries, read.entries, "the same list a second time")
        for entry in read.entries {
            try hold(Self.isSlug(entry.slug), "the slug “\(entry.slug)”")
            try hold(Self.isSlug(entry.department), "the department “\(entry.department)”")
            try same(read.departments[entry.department], entry.departmentName, "the department's name")
            let item = list.item(entry)
            let text = try item.canonicalJSON()
            let stored = try ItemDefinition(canonicalJSON: text)
            try same(stored, item, "the item as it is read back")
        }
    }

    private static func isSlug(_ text: String) -> Bool {
        (1...80).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }
}
