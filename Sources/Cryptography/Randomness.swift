import COpenSSL

/// Random bytes fit for keys, from libcrypto's generator seeded by the kernel.
package enum Randomness {
    /// `count` random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(UnsafeMutableRawBufferPointer(buffer.prefixed(count)))
            initialized = count
        }
    }

    /// An evenly spread number in 0..<`bound`; `bound` is 1…256.
    static func number(below bound: Int) -> Int {
        let limit = 256 - 256 % bound
        while true {
            for byte in bytes(16) where Int(byte) < limit { return Int(byte) % bound }
        }
    }

    static func fill(_ memory: UnsafeMutableRawBufferPointer) {
        guard let base = memory.baseAddress, memory.count > 0 else { return }
        // Without randomness nothing that follows would be safe, so there is no going on.
        precondition(
            RAND_priv_bytes(base.assumingMemoryBound(to: UInt8.self), Int32(memory.count)) == 1, "no randomness")
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    fileprivate func prefixed(_ count: Int) -> UnsafeMutableBufferPointer<UInt8> { .init(rebasing: self[..<count]) }
}
