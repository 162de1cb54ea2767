import COpenSSL

/// Digests of bytes: SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016).
package enum Digest {
    /// A digest algorithm that libcrypto offers. Fetched once: a fetch costs more than hashing a journal entry.
    package struct Algorithm: @unchecked Sendable, Hashable {
        /// The name libcrypto knows it by.
        package let name: String
        /// Bytes of a digest.
        package let length: Int
        let method: OpaquePointer

        private init(_ name: String, length: Int) {
            guard let method = EVP_MD_fetch(nil, name, nil), Int(EVP_MD_get_size(method)) == length else {
                preconditionFailure("libcrypto of this system offers no \(name)")
            }
            self.name = name
            self.length = length
            self.method = method
        }

        package static let sha256 = Algorithm("SHA256", length: 32)
        package static let sm3 = Algorithm("SM3", length: 32)
        /// Only for TOTP, which RFC 6238 builds on it.
        static let sha1 = Algorithm("SHA1", length: 20)

        package static func == (a: Algorithm, b: Algorithm) -> Bool { a.method == b.method }
        package func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    /// SHA-256: 32 bytes.
    package static func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] { hash(bytes, by: .sha256) }

    /// SM3: 32 bytes.
    package static func sm3(_ bytes: some Sequence<UInt8>) -> [UInt8] { hash(bytes, by: .sm3) }

    /// The digest of `bytes` by `algorithm`.
    package static func hash(_ bytes: some Sequence<UInt8>, by algorithm: Algorithm) -> [UInt8] {
        withBytes(of: bytes) { input in
            [UInt8](unsafeUninitializedCapacity: algorithm.length) { output, count in
                let status = EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, algorithm.method, nil)
                precondition(status == 1, "libcrypto failed to hash")
                count = algorithm.length
            }
        }
    }
}

/// A digest taken piece by piece, as of a file or a chain. A value: a copy goes its own way.
package struct Hasher256: Sendable {
    private var context: Context

    /// An empty hasher; SHA-256 unless told otherwise.
    package init(_ algorithm: Digest.Algorithm = .sha256) { context = Context(algorithm) }

    /// Takes in more bytes.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        if !isKnownUniquelyReferenced(&context) { context = Context(copying: context) }
        withBytes(of: bytes) { context.update($0) }
    }

    /// The digest of everything taken in so far; more may be taken in afterwards.
    package func finish() -> [UInt8] { Context(copying: context).finish() }

    /// Changed only while it has one owner; otherwise it is only read.
    private final class Context: @unchecked Sendable {
        private let algorithm: Digest.Algorithm
        private let pointer: OpaquePointer

        private init(allocatingFor algorithm: Digest.Algorithm) {
            guard let pointer = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
            self.algorithm = algorithm
            self.pointer = pointer
        }

        convenience init(_ algorithm: Digest.Algorithm) {
            self.init(allocatingFor: algorithm)
            precondition(EVP_DigestInit_ex2(pointer, algorithm.method, nil) == 1, "libcrypto failed to hash")
        }

        convenience init(copying other: Context) {
            self.init(allocatingFor: other.algorithm)
            precondition(EVP_MD_CTX_copy_ex(pointer, other.pointer) == 1, "libcrypto failed to hash")
        }

        deinit { EVP_MD_CTX_free(pointer) }

        func update(_ bytes: UnsafeRawBufferPointer) {
            precondition(EVP_DigestUpdate(pointer, bytes.baseAddress, bytes.count) == 1, "libcrypto failed to hash")
        }

        func finish() -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: algorithm.length) { output, count in
                precondition(EVP_DigestFinal_ex(pointer, output.baseAddress, nil) == 1, "libcrypto failed to hash")
                count = algorithm.length
            }
        }
    }
}
