package import Cryptography
import Logging

extension House {
    /// What each master key is for, its version and its algorithm, a line each, oldest first.
    package var keyLines: [String] {
        (keys as? LocalKeyService)?.inventory.map { "\($0.kind.rawValue) \($0.version) \($0.algorithm)" } ?? []
    }

    /// Seals, codes and signs in other algorithms from now on, in this program and in every other on the same key file.
    ///
    /// - Returns: how many kinds of key got a new version.
    /// - Throws: `CryptographyError` where the key file cannot be read or written.
    package func changeAlgorithms(to suite: Seal.Suite) throws -> Int {
        guard let keys = keys as? LocalKeyService else { return 0 }
        let changed = try keys.change(to: suite).count
        if changed > 0 { logger.notice("algorithms changed", metadata: ["suite": "\(suite)"]) }
        return changed
    }
}
