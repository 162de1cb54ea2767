import Foundation
import Kernel
import Storage

/// What a careful clerk found in the items on offer when they were last loaded.
enum FindingStore {
    /// Replaces what is kept for these items.
    static func put(_ findings: [String: [Finding]], of slugs: [String], area: AreaCode, _ tx: Transaction) throws {
        for chunk in slugs.chunks(of: 200) {
            try tx.execute("DELETE FROM item_finding WHERE area = \(area) AND item IN (\(list: Array(chunk)))")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let wanted = Set(slugs)
        for chunk in findings.filter({ wanted.contains($0.key) && !$0.value.isEmpty }).sorted(by: { $0.key < $1.key })
            .chunks(of: 100)
        {
            let rows = try chunk.map { slug, found -> SQL in
                "(\(area), \(slug), \(String(decoding: try encoder.encode(found), as: UTF8.self)))"
            }
            try tx.execute("INSERT INTO item_finding (area, item, findings) VALUES \(rows.joined(", "))")
        }
    }

    /// Findings by item, the gravest first.
    static func findings(of slugs: [String], area: AreaCode, _ tx: Transaction) throws -> [String: [Finding]] {
        guard !slugs.isEmpty else { return [:] }
        let decoder = JSONDecoder()
        var found: [String: [Finding]] = [:]
        for (item, text) in try tx.rows(
            "SELECT item, findings FROM item_finding WHERE area = \(area) AND item IN (\(list: slugs))",
            as: String.self,
            String.self)
        {
            found[item] = try decoder.decode([Finding].self, from: Data(text.utf8))
                .sorted { ($1.severity, $0.file, $0.line) < ($0.severity, $1.file, $1.line) }
        }
        return found
    }
}

extension [Finding] {
    /// By the item in whose file they stand, in whichever pack of the line.
    var bySlug: [String: [Finding]] {
        var found: [String: [Finding]] = [:]
        for finding in self {
            let parts = finding.file.split(separator: "/")
            guard parts.count >= 3, parts[parts.count - 2] == "items", let name = parts.last, name.hasSuffix(".yaml")
            else { continue }
            found[String(name.dropLast(5)), default: []].append(finding)
        }
        return found
    }
}
