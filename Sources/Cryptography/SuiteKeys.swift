import COpenSSL

extension Seal.Suite {
    /// Bytes of the nonce: GCM's 96 bits, or SM4's first counter block.
    var nonceLength: Int { self == .aes256GCM ? 12 : 16 }
    /// Bytes of the tag.
    var tagLength: Int { self == .aes256GCM ? 16 : 32 }
}

/// The keys of one suite, derived from a vault key for one use, and the ciphers under them.
struct SuiteKeys: Sendable {
    let suite: Seal.Suite
    /// AES: 32 bytes. SM4: 16 bytes for the cipher, then 32 for the MAC.
    private let keys: SecretBytes

    /// HKDF of the vault key; `info` names the use.
    init(_ suite: Seal.Suite, from key: VaultKey, salt: [UInt8] = [], info: [UInt8]) {
        let info = [suite.rawValue] + info
        var derived = key.secret.withBytes { secret in
            switch suite {
            case .aes256GCM: MAC.hkdf(secret, salt: salt, info: info, length: 32, by: .sha256)
            case .sm4CTRHMACSM3: MAC.hkdf(secret, salt: salt, info: info, length: 48, by: .sm3)
            }
        }
        defer { derived.wipe() }
        self.init(suite, keys: derived)
    }

    /// Takes the keys themselves: 32 bytes for AES, 16 and 32 for SM4 and its MAC.
    init(_ suite: Seal.Suite, keys: [UInt8]) {
        self.suite = suite
        self.keys = SecretBytes(keys)
    }

    /// Ciphertext and tag. A nonce must never be used twice under the same keys.
    func encrypt(
        _ plaintext: some Collection<UInt8>, nonce: [UInt8], associatedData: some Collection<UInt8>
    ) throws(CryptographyError) -> [UInt8] {
        guard plaintext.count <= longest else { throw .invalidParameter("plaintext too long") }
        let associatedData = Array(associatedData)
        var succeeded = false
        let output = withBytes(of: plaintext) { input in
            [UInt8](unsafeUninitializedCapacity: input.count + suite.tagLength) { output, count in
                guard let base = output.baseAddress else { return }
                let tag = UnsafeMutableBufferPointer(start: base + input.count, count: suite.tagLength)
                switch suite {
                case .aes256GCM:
                    succeeded = gcm(
                        input, to: base, nonce: nonce, associatedData: associatedData, tag: tag, encrypt: true)
                case .sm4CTRHMACSM3:
                    succeeded = counterMode(input, to: base, nonce: nonce)
                    let ciphertext = UnsafeRawBufferPointer(start: base, count: input.count)
                    _ = tag.update(from: authenticator(of: ciphertext, nonce: nonce, associatedData: associatedData))
                }
                count = succeeded ? input.count + suite.tagLength : 0
            }
        }
        guard succeeded else { throw libraryError("encrypt") }
        return output
    }

    /// The plaintext of ciphertext and tag; throws `unauthentic` where anything was altered.
    func decrypt(
        _ sealed: some Collection<UInt8>, nonce: [UInt8], associatedData: some Collection<UInt8>
    ) throws(CryptographyError) -> [UInt8] {
        guard sealed.count >= suite.tagLength, sealed.count <= longest else { throw .malformed("sealed bytes") }
        let associatedData = Array(associatedData)
        var succeeded = false
        let output = withBytes(of: sealed) { sealed in
            let ciphertext = UnsafeRawBufferPointer(rebasing: sealed.dropLast(suite.tagLength))
            var tag = Array(sealed.suffix(suite.tagLength))
            return [UInt8](unsafeUninitializedCapacity: max(ciphertext.count, 1)) { output, count in
                guard let base = output.baseAddress else { return }
                switch suite {
                case .aes256GCM:
                    succeeded = tag.withUnsafeMutableBufferPointer {
                        gcm(ciphertext, to: base, nonce: nonce, associatedData: associatedData, tag: $0, encrypt: false)
                    }
                    if !succeeded { OPENSSL_cleanse(base, ciphertext.count) }
                case .sm4CTRHMACSM3:
                    let expected = authenticator(of: ciphertext, nonce: nonce, associatedData: associatedData)
                    succeeded = MAC.equal(expected, tag) && counterMode(ciphertext, to: base, nonce: nonce)
                }
                count = succeeded ? ciphertext.count : 0
            }
        }
        guard succeeded else {
            ERR_clear_error()
            throw .unauthentic
        }
        return output
    }

    /// libcrypto counts bytes in 32 bits.
    private var longest: Int { 1 << 30 }

    private func gcm(
        _ input: UnsafeRawBufferPointer, to output: UnsafeMutablePointer<UInt8>, nonce: [UInt8],
        associatedData: [UInt8],
        tag: UnsafeMutableBufferPointer<UInt8>, encrypt: Bool
    ) -> Bool {
        guard nonce.count == suite.nonceLength, let context = EVP_CIPHER_CTX_new() else { return false }
        defer { EVP_CIPHER_CTX_free(context) }
        let input = UnsafeBufferPointer(
            start: input.baseAddress?.assumingMemoryBound(to: UInt8.self), count: input.count)
        var length: Int32 = 0
        let started = keys.withBytes { key in
            EVP_CipherInit_ex2(
                context, Cipher.aes256GCM.pointer, key.baseAddress?.assumingMemoryBound(to: UInt8.self), nonce,
                encrypt ? 1 : 0, nil)
        }
        guard started == 1,
            associatedData.isEmpty
                || EVP_CipherUpdate(context, nil, &length, associatedData, Int32(associatedData.count)) == 1,
            input.isEmpty || EVP_CipherUpdate(context, output, &length, input.baseAddress, Int32(input.count)) == 1,
            encrypt || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), tag.baseAddress) == 1
        else { return false }
        var rest = [UInt8](repeating: 0, count: 16)
        guard EVP_CipherFinal_ex(context, &rest, &length) == 1 else { return false }
        return !encrypt || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), tag.baseAddress) == 1
    }

    /// SM4 in counter mode, which is the same both ways.
    private func counterMode(
        _ input: UnsafeRawBufferPointer, to output: UnsafeMutablePointer<UInt8>, nonce: [UInt8]
    ) -> Bool {
        keys.withBytes { keys in
            sm4CTR(input, to: output, key: UnsafeRawBufferPointer(rebasing: keys[..<16]), counter: nonce)
        }
    }

    private func authenticator(
        of ciphertext: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8]
    ) -> [UInt8] {
        let stream = keys.withBytes { StreamingMAC(key: UnsafeRawBufferPointer(rebasing: $0[16...]), .sm3) }
        (bigEndian(UInt64(associatedData.count)) + associatedData + nonce).withUnsafeBytes { stream.update($0) }
        stream.update(ciphertext)
        return stream.finish()
    }
}

/// SM4 (GB/T 32907-2016) in counter mode; false where libcrypto refuses.
func sm4CTR(
    _ input: UnsafeRawBufferPointer, to output: UnsafeMutablePointer<UInt8>, key: UnsafeRawBufferPointer,
    counter: [UInt8]
) -> Bool {
    guard key.count == 16, counter.count == 16, let context = EVP_CIPHER_CTX_new() else { return false }
    defer { EVP_CIPHER_CTX_free(context) }
    let key = key.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let bytes = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    var length: Int32 = 0
    guard EVP_EncryptInit_ex2(context, Cipher.sm4CTR.pointer, key, counter, nil) == 1 else { return false }
    return input.isEmpty || EVP_EncryptUpdate(context, output, &length, bytes, Int32(input.count)) == 1
}

/// A cipher fetched once.
private struct Cipher: @unchecked Sendable {
    let pointer: OpaquePointer

    private init(_ name: String) {
        guard let pointer = EVP_CIPHER_fetch(nil, name, nil) else {
            preconditionFailure("libcrypto of this system offers no \(name)")
        }
        self.pointer = pointer
    }

    static let aes256GCM = Cipher("AES-256-GCM")
    static let sm4CTR = Cipher("SM4-CTR")
}
