import Kernel
import Storage

/// The account's side of its cases, in its bucket.
enum PointerStore {
    static func put(_ pointer: Pointer, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO my_case (area, account, case_area, id, number, item, opened_at)
            VALUES (\(pointer.bucket), \(pointer.account), \(pointer.area), \(pointer.id), \(pointer.number), \(pointer.item),
                    \(pointer.openedAt))
            ON CONFLICT (area, account, case_area, id) DO NOTHING
            """)
    }

    static func remove(_ id: String, of account: String, caseArea: AreaCode, bucket: AreaCode, _ tx: Transaction) throws
    {
        try tx.execute(
            """
            DELETE FROM my_case
            WHERE area = \(bucket) AND account = \(account) AND case_area = \(caseArea) AND id = \(id)
            """)
    }

    /// An account's cases of all areas, newest first.
    static func owned(by account: String, bucket: AreaCode, limit: Int, _ tx: Transaction) throws -> [Pointer] {
        try tx.rows(
            """
            SELECT case_area, id, number, item, opened_at FROM my_case
            WHERE area = \(bucket) AND account = \(account) ORDER BY opened_at DESC, id DESC LIMIT \(limit)
            """, as: AreaCode.self, String.self, String.self, String.self, Moment.self
        ).map {
            Pointer(account: account, bucket: bucket, area: $0.0, id: $0.1, number: $0.2, item: $0.3, openedAt: $0.4)
        }
    }
}
