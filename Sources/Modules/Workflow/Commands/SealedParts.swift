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
                for (vault, slot, content, hash) in rows where Hex.encode(Digest.sha256(content)) != hash {
                    report.faults.append(
                        .init(area: area, stream: vault, seq: nil, reason: "the sealed part \(slot) was changed"))
                }
                report.parts += rows.count
                progress(report)
                guard rows.count == Self.size, let end = rows.last else { break }
                last = (end.0, end.1)
            }
        }
    }
}
