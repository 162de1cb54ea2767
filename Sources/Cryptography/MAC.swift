import COpenSSL

/// Keyed digests (HMAC, RFC 2104), key derivation (HKDF, RFC 5869) and comparison in constant time.
package enum MAC {
    /// HMAC-SHA256: 32 bytes.
    package static func hmacSHA256(_ bytes: some Sequence<UInt8>, key: some Sequence<UInt8>) -> [UInt8] {
        hmac(bytes, key: key, by: .sha256)
    }

    /// HMAC-SM3: 32 bytes.
    package static func hmacSM3(_ bytes: some Sequence<UInt8>, key: some Sequence<UInt8>) -> [UInt8] {
        hmac(bytes, key: key, by: .sm3)
    }

    /// HMAC by any digest.
    package static func hmac(
        _ bytes: some Sequence<UInt8>, key: some Sequence<UInt8>, by algorithm: Digest.Algorithm
    ) -> [UInt8] {
        withBytes(of: key) { key in
            let stream = StreamingMAC(key: key, algorithm)
            withBytes(of: bytes) { stream.update($0) }
            return stream.finish()
        }
    }

    /// True where both have the same bytes. The time taken depends on the lengths only.
    package static func equal(_ a: some Sequence<UInt8>, _ b: some Sequence<UInt8>) -> Bool {
        withBytes(of: a) { a in
            withBytes(of: b) { b in
                guard a.count == b.count else { return false }
                guard let first = a.baseAddress, let second = b.baseAddress else { return true }
                return CRYPTO_memcmp(first, second, a.count) == 0
            }
        }
    }

    /// HKDF (extract, then expand): `length` bytes, at most 255 digests.
    package static func hkdf(
        _ secret: some Sequence<UInt8>, salt: [UInt8] = [], info: [UInt8], length: Int,
        by algorithm: Digest.Algorithm = .sha256
    ) -> [UInt8] {
        precondition(length >= 0 && length <= 255 * algorithm.length, "HKDF gives at most 255 digests")
        var root = hmac(
            secret, key: salt.isEmpty ? [UInt8](repeating: 0, count: algorithm.length) : salt, by: algorithm)
        defer { root.wipe() }
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 1
        while output.count < length {
            block = hmac(block + info + [counter], key: root, by: algorithm)
            output += block
            counter &+= 1
        }
        return Array(output.prefix(length))
    }
}

/// HMAC taken piece by piece; used once, by one thread.
final class StreamingMAC {
    private let context: OpaquePointer
    private let length: Int

    private struct Method: @unchecked Sendable {
        let pointer: OpaquePointer
        static let hmac: Method = {
            guard let pointer = EVP_MAC_fetch(nil, "HMAC", nil) else { preconditionFailure("libcrypto offers no HMAC") }
            return Method(pointer: pointer)
        }()
    }

    init(key: UnsafeRawBufferPointer, _ algorithm: Digest.Algorithm) {
        guard let context = EVP_MAC_CTX_new(Method.hmac.pointer) else { preconditionFailure("out of memory") }
        self.context = context
        length = algorithm.length
        // libcrypto takes a missing key for "the key as before"; a zero byte stands for the empty key (RFC 2104 pads with zeros).
        let status =
            key.isEmpty
            ? [UInt8(0)].withUnsafeBytes { tongban_hmac_init(context, algorithm.name, $0.baseAddress, 1) }
            : tongban_hmac_init(context, algorithm.name, key.baseAddress, key.count)
        precondition(status == 1, "libcrypto failed to start an HMAC")
    }

    deinit { EVP_MAC_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        let status = EVP_MAC_update(context, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        precondition(status == 1, "libcrypto failed to compute an HMAC")
    }

    func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: length) { output, count in
            let status = EVP_MAC_final(context, output.baseAddress, &count, length)
            precondition(status == 1 && count == length, "libcrypto failed to compute an HMAC")
        }
    }
}
