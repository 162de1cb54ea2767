/// What a look-up code is for. Each purpose has keys of its own, so codes of two purposes cannot be compared.
package struct MACPurpose: Sendable, Hashable, CustomStringConvertible {
    /// `lookup.phone`: a name that stays for ever, since stored codes depend on it.
    package let name: String

    package init(_ name: String) { self.name = name }
    package var description: String { name }

    package static let name = MACPurpose("lookup.name")
    package static let phone = MACPurpose("lookup.phone")
    /// Resident identity card number, unified social credit code, passport number.
    package static let idNumber = MACPurpose("lookup.id-number")
    package static let account = MACPurpose("lookup.account")
    package static let queryCode = MACPurpose("lookup.query-code")
    /// Tokens of forms against requests forged across sites.
    package static let forms = MACPurpose("web.forms")
}

/// A vault key as it may be stored: sealed under a master key. The first bytes name the suite and the master key's version.
package struct WrappedKey: Sendable, Hashable {
    package let bytes: [UInt8]

    /// Takes stored bytes; throws `malformed` or `unknownSuite` where they are no wrapped key.
    package init(_ bytes: [UInt8]) throws(CryptographyError) {
        masterVersion = try Seal.head(of: bytes).keyVersion
        self.bytes = bytes
    }

    /// The version of the master key that wraps it; smaller than the service's `wrappingVersion` means: wrap again.
    package let masterVersion: UInt32
}

/// A signature of the office (anchors of journals, manifests): Ed25519, or SM2 with SM3.
package struct ServiceSignature: Sendable, Hashable {
    /// The version of the signing key.
    package let keyVersion: UInt32
    /// 64 bytes for Ed25519, a DER sequence of two numbers for SM2.
    package let bytes: [UInt8]

    package init(keyVersion: UInt32, bytes: [UInt8]) {
        self.keyVersion = keyVersion
        self.bytes = bytes
    }
}

/// Keeps the master keys and works with them; nobody else ever sees one. Fit for a cryptographic device (GM/T 0018), whose
/// interface is synchronous too: calls may take milliseconds, so none is made inside a unit of work.
package protocol KeyService: Sendable {
    /// In which algorithms new things are sealed from now on; what was sealed before says itself in which it was.
    var suite: Seal.Suite { get }
    /// The version under which `wrap` works now.
    var wrappingVersion: UInt32 { get }
    /// The version under which new look-up codes are made; codes of all `lookupVersions` may stand in the tables.
    var lookupVersion: UInt32 { get }
    /// All versions that `mac` can compute, newest first.
    var lookupVersions: [UInt32] { get }

    /// Wraps a vault key for the place `associatedData` names.
    func wrap(_ key: VaultKey, associatedData: AssociatedData) throws(CryptographyError) -> WrappedKey
    /// Gives back a vault key. Throws `unknownKeyVersion`, or `unauthentic` for another place or altered bytes.
    func unwrap(_ wrapped: WrappedKey, associatedData: AssociatedData) throws(CryptographyError) -> VaultKey
    /// A look-up code: 32 bytes. Throws `unknownKeyVersion`.
    func mac(_ bytes: [UInt8], purpose: MACPurpose, version: UInt32) throws(CryptographyError) -> [UInt8]
    /// Signs with the newest signing key.
    func sign(_ bytes: [UInt8]) throws(CryptographyError) -> ServiceSignature
    /// The public key (Ed25519 or SM2) of a version of the signing key, by which anybody can check.
    func verificationKey(version: UInt32) throws(CryptographyError) -> PublicKey
}

extension KeyService {
    /// A look-up code under the newest key, with that key's version.
    package func mac(
        _ bytes: [UInt8], purpose: MACPurpose
    ) throws(CryptographyError) -> (version: UInt32, code: [UInt8]) {
        let version = lookupVersion
        return (version, try mac(bytes, purpose: purpose, version: version))
    }

    /// True where the office signed `bytes`; false also where the key's version is unknown.
    package func verify(_ signature: ServiceSignature, of bytes: [UInt8]) -> Bool {
        guard let key = try? verificationKey(version: signature.keyVersion) else { return false }
        return key.verify(signature.bytes, of: bytes)
    }
}
