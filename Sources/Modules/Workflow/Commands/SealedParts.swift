import Cryptography
import Kernel
import Storage

/// Hashes the bytes of every sealed part; no key is needed for it.
struct SealedParts: Sendable {
    let database: any Database

    private static let size = 1000

    func verify(into report: inout VerifyReport, _ progress: @Sendable (VerifyReport) -> Void) async throws {
        let areas = try await database.read { tx in try Distinct.areas("sealed_part", tx) }
        for area in areas {
            var last = (vault: "", slot: "")
            // A page is hashed while the next is read.
            var before: Task<[VerifyReport.Fault], Never>?
            while true {
                let after = last
                let rows = try await database.read { tx in
                    try tx.rows(
                        """
                        SELECT vault, slot, content, hash FROM sealed_part
                        WHERE area = \(area) AND (vault, slot) > (\(after.vault), \(after.slot))
                        ORDER BY vault, slot LIMIT \(Self.size)
                        """, as: String.self, String.self, [UInt8].self, String.self)
                }
                report.faults += await before?.value ?? []
                before = Task { Self.faults(rows, area) }
                report.parts += rows.count
                progress(report)
                guard rows.count == Self.size, let end = rows.last else { break }
                last = (end.0, end.1)
            }
            report.faults += await before?.value ?? []
        }
    }

    private static func faults(_ rows: [(String, String, [UInt8], String)], _ area: AreaCode) -> [VerifyReport.Fault] {
        rows.filter { Hex.encode(Digest.sha256($0.2)) != $0.3 }.map {
            .init(area: area, stream: $0.0, seq: nil, reason: "the sealed part \($0.1) was changed")
        }
    }
}
