import Foundation
import Synchronization

/// Master keys in a file with mode 0600, for an office without a cryptographic device.
///
/// The file begins with `tongban-keys 1` and holds lines `kind version algorithm key`, such as `wrap 1 aes-256-gcm …`, the key being
/// 32 bytes in base64url. It must never lie in the backup of the data it protects. Rotation adds a version and keeps the old ones, which
/// open what they sealed. A version that another process added meanwhile is found by reading the file once more.
package final class LocalKeyService: KeyService {
    /// Which of the master keys.
    package enum Kind: String, Sendable, CaseIterable {
        /// Wraps vault keys.
        case wrap
        /// Root of the look-up keys: each purpose has one derived from it (HKDF).
        case lookup
        /// Seed of the key (Ed25519 or SM2) that signs anchors.
        case sign
    }

    package let path: String
    private let held: Mutex<Held>

    /// The keys with the mark of the file they were read from: another process may add to it at any time.
    private struct Held {
        var ring: KeyRing
        var mark: FileMark?
    }

    /// Reads the file, or creates it with fresh keys where there is none, the algorithms being those of `suite`.
    ///
    /// Throws `exposedKeyFile` where group or others have any right to it, `malformed`, or `file`.
    package init(path: String, suite: Seal.Suite = .aes256GCM) throws(CryptographyError) {
        self.path = path
        var ring: KeyRing
        do {
            ring = try KeyRing(path: path)
        } catch .file(_, _, ENOENT) {
            ring = KeyRing()
            for kind in Kind.allCases { ring.add(kind, suite: suite) }
            try ring.store(path: path, replacing: false)
            ring = try KeyRing(path: path)
        }
        held = Mutex(Held(ring: ring, mark: nil))
    }

    /// Adds a fresh key of `kind` and returns its version, which is used from now on; its algorithm is that of `suite`,
    /// or of the newest key before it.
    ///
    /// One process rotates at a time: it takes a lock on a file beside the keys. After rotating `wrap`, vault keys are wrapped
    /// again at leisure; after `lookup`, codes are made again and until then sought under all `lookupVersions`.
    package func rotate(_ kind: Kind, suite: Seal.Suite? = nil) throws(CryptographyError) -> UInt32 {
        let lock = try FileLock(path: path + ".lock")
        defer { lock.release() }
        var fresh = try KeyRing(path: path)
        let version = fresh.add(kind, suite: suite)
        try fresh.store(path: path, replacing: true)
        held.withLock { $0 = Held(ring: fresh, mark: nil) }
        return version
    }

    /// Changes to other algorithms: a fresh key of every kind that is not yet of `suite`, in one step, so that no reader sees half of it.
    /// Programs that run see it at their next use of a key. What was sealed, coded or signed before stays and is read as before.
    ///
    /// - Returns: the kinds that got a new key; none where all were of the suite already.
    package func change(to suite: Seal.Suite) throws(CryptographyError) -> [Kind] {
        let lock = try FileLock(path: path + ".lock")
        defer { lock.release() }
        var fresh = try KeyRing(path: path)
        let old = Kind.allCases.filter { fresh.entry($0, version: fresh.newest($0))?.suite != suite }
        guard !old.isEmpty else { return [] }
        for kind in old { fresh.add(kind, suite: suite) }
        try fresh.store(path: path, replacing: true)
        held.withLock { $0 = Held(ring: fresh, mark: nil) }
        return old
    }

    /// Every key's kind, version and algorithm, oldest first; never the key.
    package var inventory: [(kind: Kind, version: UInt32, algorithm: String)] {
        let ring = current()
        return Kind.allCases.flatMap { kind in
            ring.versions(kind).reversed().compactMap { version in
                ring.entry(kind, version: version).map { (kind, version, kind.algorithm($0.suite)) }
            }
        }
    }

    package var suite: Seal.Suite {
        let ring = current()
        return ring.entry(.wrap, version: ring.newest(.wrap))?.suite ?? .aes256GCM
    }
    package var wrappingVersion: UInt32 { current().newest(.wrap) }
    package var lookupVersion: UInt32 { current().newest(.lookup) }
    package var lookupVersions: [UInt32] { current().versions(.lookup) }

    /// The keys as the file has them now. A file that cannot be read at this moment changes nothing.
    private func current() -> KeyRing {
        let mark = FileMark(of: path)
        return held.withLock { held in
            guard let mark, mark != held.mark else { return held.ring }
            if let fresh = try? KeyRing(path: path) { held = Held(ring: fresh, mark: mark) }
            return held.ring
        }
    }

    package func wrap(_ key: VaultKey, associatedData: AssociatedData) throws(CryptographyError) -> WrappedKey {
        let version = wrappingVersion
        let master = try self.key(.wrap, version: version)
        var plain = key.exported
        defer { plain.wipe() }
        return try WrappedKey(
            try Seal.seal(
                plain, key: master.key, associatedData: wrapping(associatedData), keyVersion: version,
                suite: master.suite))
    }

    package func unwrap(_ wrapped: WrappedKey, associatedData: AssociatedData) throws(CryptographyError) -> VaultKey {
        let master = try key(.wrap, version: wrapped.masterVersion)
        var plain = try Seal.open(wrapped.bytes, key: master.key, associatedData: wrapping(associatedData))
        defer { plain.wipe() }
        guard let key = VaultKey(plain) else { throw .malformed("wrapped key") }
        return key
    }

    package func mac(
        _ bytes: [UInt8], purpose: MACPurpose, version: UInt32
    ) throws(CryptographyError) -> [UInt8] {
        let root = try key(.lookup, version: version)
        let algorithm: Digest.Algorithm = root.suite == .aes256GCM ? .sha256 : .sm3
        let info = Array("tongban lookup \(purpose.name)".utf8)
        var key = root.key.secret.withBytes { MAC.hkdf($0, info: info, length: 32, by: algorithm) }
        defer { key.wipe() }
        return MAC.hmac(bytes, key: key, by: algorithm)
    }

    package func sign(_ bytes: [UInt8]) throws(CryptographyError) -> ServiceSignature {
        let version = current().newest(.sign)
        return ServiceSignature(keyVersion: version, bytes: try signingKey(version: version).sign(bytes))
    }

    package func verificationKey(version: UInt32) throws(CryptographyError) -> PublicKey {
        try signingKey(version: version).publicKey
    }

    private func signingKey(version: UInt32) throws(CryptographyError) -> PrivateKey {
        let entry = try key(.sign, version: version)
        var seed = entry.key.exported
        defer { seed.wipe() }
        return switch entry.suite {
        case .aes256GCM: try PrivateKey(ed25519Seed: seed)
        case .sm4CTRHMACSM3: try PrivateKey(sm2Seed: seed)
        }
    }

    /// Master keys never share associated data with what vault keys seal.
    private func wrapping(_ place: AssociatedData) -> AssociatedData {
        AssociatedData(["wrapped key", Hex.encode(place.bytes)])
    }

    private func key(_ kind: Kind, version: UInt32) throws(CryptographyError) -> KeyRing.Entry {
        if let key = held.withLock({ $0.ring.entry(kind, version: version) }) { return key }
        let fresh = try KeyRing(path: path)
        held.withLock { $0 = Held(ring: fresh, mark: nil) }
        guard let key = fresh.entry(kind, version: version) else { throw .unknownKeyVersion(version) }
        return key
    }
}
