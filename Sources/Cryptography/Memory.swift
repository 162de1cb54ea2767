import COpenSSL

/// Runs `body` over the bytes of `source` without a copy where they already lie in one piece.
func withBytes<Result>(of source: some Sequence<UInt8>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    if let result = source.withContiguousStorageIfAvailable({ body(UnsafeRawBufferPointer($0)) }) { return result }
    return Array(source).withUnsafeBytes(body)
}

/// The error libcrypto noted last on this thread; clears its queue.
func libraryError(_ operation: String) -> CryptographyError {
    let code = ERR_get_error()
    ERR_clear_error()
    return .library(operation: operation, code: UInt(code))
}

/// Secret bytes that are overwritten when the last holder lets go of them.
final class SecretBytes: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer

    init(_ bytes: some Collection<UInt8>) {
        memory = .allocate(byteCount: bytes.count, alignment: 16)
        memory.copyBytes(from: bytes)
    }

    /// Fresh random bytes.
    init(random count: Int) {
        memory = .allocate(byteCount: count, alignment: 16)
        Randomness.fill(memory)
    }

    deinit {
        OPENSSL_cleanse(memory.baseAddress, memory.count)
        memory.deallocate()
    }

    /// Runs `body` over the bytes, which last until it returns.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withExtendedLifetime(self) { body(UnsafeRawBufferPointer(memory)) }
    }
}

extension Array<UInt8> {
    /// Overwrites the bytes in place before they are let go of.
    mutating func wipe() {
        withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
