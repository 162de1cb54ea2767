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
        /// Ed25519 seed that signs anchors.
        case sign
    }

    package let path: String
    private let ring: Mutex<KeyRing>

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
        self.ring = Mutex(ring)
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
        ring.withLock { $0 = fresh }
        return version
    }

    package var wrappingVersion: UInt32 { ring.withLock { $0.newest(.wrap) } }
    package var lookupVersion: UInt32 { ring.withLock { $0.newest(.lookup) } }
    package var lookupVersions: [UInt32] { ring.withLock { $0.versions(.lookup) } }

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
        let version = ring.withLock { $0.newest(.sign) }
        return ServiceSignature(keyVersion: version, bytes: try signingKey(version: version).sign(bytes))
    }

    package func verificationKey(version: UInt32) throws(CryptographyError) -> PublicKey {
        try signingKey(version: version).publicKey
    }

    private func signingKey(version: UInt32) throws(CryptographyError) -> PrivateKey {
        var seed = try key(.sign, version: version).key.exported
        defer { seed.wipe() }
        return try PrivateKey(ed25519Seed: seed)
    }

    /// Master keys never share associated data with what vault keys seal.
    private func wrapping(_ place: AssociatedData) -> AssociatedData {
        AssociatedData(["wrapped key", Hex.encode(place.bytes)])
    }

    private func key(_ kind: Kind, version: UInt32) throws(CryptographyError) -> KeyRing.Entry {
        if let key = ring.withLock({ $0.entry(kind, version: version) }) { return key }
        let fresh = try KeyRing(path: path)
        ring.withLock { $0 = fresh }
        guard let key = fresh.entry(kind, version: version) else { throw .unknownKeyVersion(version) }
        return key
    }
}
