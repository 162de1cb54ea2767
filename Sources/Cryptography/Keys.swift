import COpenSSL

/// Which signature a key pair makes.
package enum KeyKind: String, Sendable, Hashable, CaseIterable {
    /// Ed25519 (RFC 8032): anchors of journals.
    case ed25519
    /// SM2 with SM3 (GB/T 32918): what national systems ask for.
    case sm2
    /// ECDSA on P-256 with SHA-256 (FIPS 186): signed PDFs that every viewer can check.
    case p256

    /// The name libcrypto knows the key by.
    fileprivate var algorithm: String {
        switch self {
        case .ed25519: "ED25519"
        case .sm2: "SM2"
        case .p256: "EC"
        }
    }

    fileprivate var digest: Digest.Algorithm? {
        switch self {
        case .ed25519: nil
        case .sm2: .sm3
        case .p256: .sha256
        }
    }

    fileprivate var group: String? {
        switch self {
        case .ed25519: nil
        case .sm2: "SM2"
        case .p256: "P-256"
        }
    }
}

/// The identity that SM2 signatures bind, where nothing else is agreed (GB/T 35276-2017 §10).
package let standardSM2Identity = Array("1234567812345678".utf8)

/// A private key for signatures. Never described, never stored but by its owner.
package struct PrivateKey: Sendable, CustomStringConvertible {
    package let kind: KeyKind
    let handle: KeyHandle

    /// A fresh key pair.
    package static func generate(_ kind: KeyKind) throws(CryptographyError) -> PrivateKey {
        guard let pointer = tongban_generate_key(kind.algorithm, kind.group) else { throw libraryError("generate key") }
        return PrivateKey(kind: kind, handle: KeyHandle(pointer))
    }

    /// The Ed25519 key of a seed of 32 bytes.
    package init(ed25519Seed seed: [UInt8]) throws(CryptographyError) {
        guard seed.count == 32 else { throw .malformed("Ed25519 seed") }
        guard let pointer = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count) else {
            throw libraryError("read key")
        }
        self.init(kind: .ed25519, handle: KeyHandle(pointer))
    }

    /// The SM2 key of a seed of 32 bytes (HKDF-SM3 to 48 bytes, taken as a number of the group).
    package init(sm2Seed seed: [UInt8]) throws(CryptographyError) {
        guard seed.count == 32 else { throw .malformed("SM2 seed") }
        var number = seed.withUnsafeBytes {
            MAC.hkdf($0, info: Array("tongban sm2 signing".utf8), length: 48, by: .sm3)
        }
        defer { number.wipe() }
        guard let pointer = tongban_private_scalar("SM2", "SM2", number, number.count) else {
            throw libraryError("read key")
        }
        self.init(kind: .sm2, handle: KeyHandle(pointer))
    }

    /// Reads PKCS #8 in PEM without a password.
    package init(pem: String) throws(CryptographyError) {
        let bytes = Array(pem.utf8)
        guard let bio = BIO_new_mem_buf(bytes, Int32(bytes.count)) else { throw libraryError("read key") }
        defer { BIO_free(bio) }
        // A callback of its own keeps libcrypto from asking for a password on the terminal.
        guard let pointer = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil) else {
            ERR_clear_error()
            throw .malformed("private key")
        }
        let handle = KeyHandle(pointer)
        guard let kind = handle.kind else { throw .malformed("private key of another kind") }
        self.init(kind: kind, handle: handle)
    }

    private init(kind: KeyKind, handle: KeyHandle) {
        self.kind = kind
        self.handle = handle
    }

    /// PKCS #8 in PEM, not encrypted: for a file that only its owner may read.
    package func pem() throws(CryptographyError) -> String {
        try memoryText("write key") { PEM_write_bio_PKCS8PrivateKey($0, handle.pointer, nil, nil, 0, nil, nil) }
    }

    package var publicKey: PublicKey { PublicKey(kind: kind, handle: handle) }

    /// Signs `bytes`: 64 bytes for Ed25519, a DER sequence of two numbers for the others.
    ///
    /// `identity` is bound by SM2 signatures only.
    package func sign(
        _ bytes: [UInt8], identity: [UInt8] = standardSM2Identity
    ) throws(CryptographyError) -> [UInt8] {
        let context = try handle.context(kind, identity: identity, signing: true)
        defer { EVP_MD_CTX_free(context) }
        var length = 0
        guard EVP_DigestSign(context, nil, &length, bytes, bytes.count) == 1 else { throw libraryError("sign") }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1 else { throw libraryError("sign") }
        return Array(signature.prefix(length))
    }

    package var description: String { "PrivateKey(\(kind.rawValue))" }
}

/// The public half of a key pair.
package struct PublicKey: Sendable, Hashable, CustomStringConvertible {
    package let kind: KeyKind
    let handle: KeyHandle

    fileprivate init(kind: KeyKind, handle: KeyHandle) {
        self.kind = kind
        self.handle = handle
    }

    /// Reads `bytes` of the same form as the property: 32 bytes for Ed25519, `04 ‖ x ‖ y` (65 bytes) for the others.
    package init(_ kind: KeyKind, bytes: [UInt8]) throws(CryptographyError) {
        let pointer =
            if let group = kind.group {
                bytes.count == 65 && bytes[0] == 4
                    ? tongban_public_point(kind.algorithm, group, bytes, bytes.count) : nil
            } else {
                EVP_PKEY_new_raw_public_key_ex(nil, kind.algorithm, nil, bytes, bytes.count)
            }
        guard let pointer else {
            ERR_clear_error()
            throw .malformed("public key")
        }
        self.init(kind: kind, handle: KeyHandle(pointer))
    }

    /// 32 bytes for Ed25519, `04 ‖ x ‖ y` (65 bytes) for the others.
    package var bytes: [UInt8] { handle.publicBytes }

    /// True where the private half made `signature` over `bytes` (and, with SM2, `identity`).
    package func verify(
        _ signature: [UInt8], of bytes: [UInt8], identity: [UInt8] = standardSM2Identity
    ) -> Bool {
        guard let context = try? handle.context(kind, identity: identity, signing: false) else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }

    package var description: String { "PublicKey(\(kind.rawValue) \(Hex.encode(bytes)))" }
    package static func == (a: PublicKey, b: PublicKey) -> Bool { a.kind == b.kind && a.bytes == b.bytes }
    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

/// Owner of a libcrypto key. Only read after it was made, which libcrypto allows from several threads.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }
    deinit { EVP_PKEY_free(pointer) }

    fileprivate var kind: KeyKind? {
        if EVP_PKEY_is_a(pointer, "ED25519") == 1 { return .ed25519 }
        var name = [CChar](repeating: 0, count: 64)
        guard EVP_PKEY_get_group_name(pointer, &name, name.count, nil) == 1 else { return nil }
        let group = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        switch group {
        case "SM2": return .sm2
        case "P-256", "prime256v1": return .p256
        default: return nil
        }
    }

    fileprivate var publicBytes: [UInt8] {
        var memory: UnsafeMutablePointer<UInt8>?
        var length = 32
        var raw = [UInt8](repeating: 0, count: length)
        if EVP_PKEY_get_raw_public_key(pointer, &raw, &length) == 1 { return Array(raw.prefix(length)) }
        ERR_clear_error()
        length = EVP_PKEY_get1_encoded_public_key(pointer, &memory)
        defer { CRYPTO_free(memory, #file, #line) }
        return Array(UnsafeBufferPointer(start: memory, count: length))
    }

    /// A context ready to sign or verify; to be freed by the caller.
    func context(
        _ kind: KeyKind, identity: [UInt8], signing: Bool
    ) throws(CryptographyError) -> OpaquePointer {
        guard let context = EVP_MD_CTX_new() else { throw libraryError("sign") }
        var settings: OpaquePointer?  // belongs to the context
        let status =
            signing
            ? EVP_DigestSignInit_ex(context, &settings, kind.digest?.name, nil, nil, pointer, nil)
            : EVP_DigestVerifyInit_ex(context, &settings, kind.digest?.name, nil, nil, pointer, nil)
        guard status == 1, kind != .sm2 || EVP_PKEY_CTX_set1_id(settings, identity, Int32(identity.count)) == 1 else {
            EVP_MD_CTX_free(context)
            throw libraryError("sign")
        }
        return context
    }
}

/// What `write` puts into a memory BIO.
func memoryBytes(_ operation: String, _ write: (OpaquePointer) -> Int32) throws(CryptographyError) -> [UInt8] {
    guard let bio = BIO_new(BIO_s_mem()) else { throw libraryError(operation) }
    defer { BIO_free(bio) }
    guard write(bio) == 1 else { throw libraryError(operation) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
        let length = BIO_read(bio, &piece, Int32(piece.count))
        guard length > 0 else { return bytes }
        bytes += piece.prefix(Int(length))
    }
}

func memoryText(_ operation: String, _ write: (OpaquePointer) -> Int32) throws(CryptographyError) -> String {
    String(decoding: try memoryBytes(operation, write), as: UTF8.self)
}
