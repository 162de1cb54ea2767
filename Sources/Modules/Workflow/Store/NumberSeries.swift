package import Kernel
package import Storage
import Synchronization

/// Case numbers, taken in blocks of 50 so that no transaction waits for another. Gaps are allowed.
package final class NumberSeries: Sendable {
    private struct Block {
        var next: Int
        var end: Int
    }

    private let blocks = Mutex<[String: Block]>([:])
    private let database: any Database
    private let size: Int

    package init(database: any Database, size: Int = 50) {
        self.database = database
        self.size = size
    }

    /// The next number of a series on a day, counted from 1.
    package func next(_ series: String, area: AreaCode, on date: CivilDate) async throws -> Int {
        let key = "\(area.text)|\(series)|\(date)"
        while true {
            let taken: Int? = blocks.withLock { blocks in
                guard var block = blocks[key], block.next < block.end else { return nil }
                block.next += 1
                blocks[key] = block
                return block.next - 1
            }
            if let taken { return taken }
            let size = size
            let end = try await database.write { tx in
                try tx.value(
                    """
                    INSERT INTO number_block (area, series, on_date, next) VALUES (\(area), \(series), \(date), \(size + 1))
                    ON CONFLICT (area, series, on_date) DO UPDATE SET next = number_block.next + \(size)
                    RETURNING next
                    """, as: Int.self)
            }
            guard let end else { throw StorageError.statement("number_block answered nothing") }
            blocks.withLock { blocks in
                if blocks.count > 10_000 { blocks.removeAll() }
                // Another caller may have fetched a block at the same time: the larger one is used, the rest is a gap.
                blocks[key] = Block(next: end - size, end: end)
            }
        }
    }

    /// The next number of a series without gaps, as 文号 need it: taken in the transaction that issues the document.
    package static func gapless(_ series: String, area: AreaCode, year: Int, _ tx: Transaction) throws -> Int {
        guard let newYear = CivilDate(year: year, month: 1, day: 1) else {
            throw StorageError.statement("year \(year)")
        }
        let next = try tx.value(
            """
            INSERT INTO number_block (area, series, on_date, next) VALUES (\(area), \(series), \(newYear), 2)
            ON CONFLICT (area, series, on_date) DO UPDATE SET next = number_block.next + 1
            RETURNING next
            """, as: Int.self)
        return (next ?? 2) - 1
    }
}
