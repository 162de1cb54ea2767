import Kernel
import Storage

/// The different values of a key's first columns, found by one look into the index for each and not by reading all rows.
enum Distinct {
    static func areas(_ table: String, _ tx: Transaction) throws -> [AreaCode] {
        let table = try SQL.name(table)
        var found: [AreaCode] = []
        var last = ""
        while let text = try tx.value("SELECT MIN(area) FROM \(table) WHERE area > \(last)", as: String?.self) ?? nil {
            last = text
            // An area that is none would be a changed byte; its rows are missed where they belong.
            if let area = AreaCode(text) { found.append(area) }
        }
        return found
    }

    /// The opening years in an area's journal.
    static func cohorts(of area: AreaCode, _ tx: Transaction) throws -> [Int] {
        var found: [Int] = []
        var last = Int.min
        while let cohort = try tx.value(
            "SELECT MIN(cohort) FROM journal WHERE area = \(area) AND cohort > \(last)", as: Int?.self) ?? nil
        {
            last = cohort
            found.append(cohort)
        }
        return found
    }
}
