/// The form of a sealed file, and the arithmetic of its segments.
///
///     format   1 byte    2
///     suite    1 byte    1 AES-256-GCM, 2 SM4-CTR with HMAC-SM3
///     version  4 bytes   key version, big-endian
///     salt    32 bytes   random
///     segments           each up to 65,536 bytes of ciphertext and its tag (16 or 32 bytes)
///
/// Every segment but the last is full; the last holds 1…65,536 bytes, or none where the whole file is empty. So the length of the
/// plaintext follows from the length of the file. The keys of a file are derived by HKDF from the vault key and its salt,
/// the info being the suite's byte, `tongban seal file`, everything before the segments, and the associated data: no other file
/// has them. The nonce of a segment is its number from 0 (8 bytes, for suite 2
/// 7 bytes) and whether it is the last, so that none can be moved, left out, repeated or cut off:
///
///     suite 1   number (8)  0 (3)  last (1)
///     suite 2   number (7)  last (1)  block counter 0 (8)
package enum SealedFormat {
    /// Bytes of plaintext in a full segment.
    package static let segmentLength = 65_536
    static let saltLength = 32
    static let headLength = Seal.headLength + saltLength

    static func keys(
        head: [UInt8], suite: Seal.Suite, key: VaultKey, associatedData: AssociatedData
    ) -> SuiteKeys {
        SuiteKeys(
            suite, from: key, salt: Array(head.suffix(saltLength)),
            info: Array("tongban seal file".utf8) + head + associatedData.bytes)
    }

    static func nonce(segment: Int, isLast: Bool, suite: Seal.Suite) -> [UInt8] {
        let number = bigEndian(UInt64(segment))
        let last: UInt8 = isLast ? 1 : 0
        return switch suite {
        case .aes256GCM: number + [0, 0, 0, last]
        case .sm4CTRHMACSM3: number.dropFirst() + [last] + [UInt8](repeating: 0, count: 8)
        }
    }

    /// Bytes of plaintext in a file of `sealedLength` bytes; nil where no sealed file has that length.
    package static func plaintextLength(sealedLength: Int, suite: Seal.Suite) -> Int? {
        let full = segmentLength + suite.tagLength
        let body = sealedLength - headLength
        guard body >= suite.tagLength else { return nil }
        let segments = (body + full - 1) / full
        let last = body - (segments - 1) * full - suite.tagLength
        guard last > 0 || (last == 0 && segments == 1) else { return nil }
        return (segments - 1) * segmentLength + last
    }

    /// Bytes of the sealed file for `plaintextLength` bytes.
    package static func sealedLength(plaintextLength: Int, suite: Seal.Suite) -> Int {
        headLength + plaintextLength + segments(plaintextLength: plaintextLength) * suite.tagLength
    }

    static func segments(plaintextLength: Int) -> Int { max(1, (plaintextLength + segmentLength - 1) / segmentLength) }
}

/// Seals a stream of bytes piece by piece, wherever the sealed bytes go.
package struct SealingStream: Sendable {
    /// Bytes taken in so far.
    package private(set) var plaintextLength = 0
    private let keys: SuiteKeys
    private var head: [UInt8]
    private var pending: [UInt8] = []
    private var segment = 0

    package init(
        key: VaultKey, associatedData: AssociatedData, keyVersion: UInt32 = 1, suite: Seal.Suite = .aes256GCM
    ) {
        head =
            Seal.head(format: Seal.fileFormat, suite: suite, keyVersion: keyVersion)
            + Randomness.bytes(SealedFormat.saltLength)
        keys = SealedFormat.keys(head: head, suite: suite, key: key, associatedData: associatedData)
    }

    /// Takes in plaintext; returns what of the sealed file follows next (often nothing).
    package mutating func seal(_ bytes: some Collection<UInt8>) throws(CryptographyError) -> [UInt8] {
        try withBytes(of: bytes) { take($0) }.get()
    }

    /// The end of the sealed file. Without it the file cannot be opened. Nothing may be taken in afterwards.
    package mutating func finish() throws(CryptographyError) -> [UInt8] {
        let start = takeHead()
        return start + (try sealPending(isLast: true))
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) -> Result<[UInt8], CryptographyError> {
        Result { () throws(CryptographyError) in
            var output = takeHead()
            output.reserveCapacity(output.count + bytes.count + SealedFormat.segmentLength / 8)
            var rest = bytes[...]
            // A segment goes out only when more follows it, for until then it may be the last.
            while pending.count + rest.count > SealedFormat.segmentLength {
                let part = rest.prefix(SealedFormat.segmentLength - pending.count)
                rest = rest.dropFirst(part.count)
                if pending.isEmpty {
                    output += try sealSegment(UnsafeRawBufferPointer(rebasing: part), isLast: false)
                } else {
                    pending += part
                    output += try sealPending(isLast: false)
                }
            }
            pending += rest
            plaintextLength += bytes.count
            return output
        }
    }

    private mutating func takeHead() -> [UInt8] {
        defer { head = [] }
        return head
    }

    private mutating func sealPending(isLast: Bool) throws(CryptographyError) -> [UInt8] {
        let sealed = try sealSegment(pending, isLast: isLast)
        pending.removeAll(keepingCapacity: true)
        return sealed
    }

    private mutating func sealSegment(
        _ bytes: some Collection<UInt8>, isLast: Bool
    ) throws(CryptographyError) -> [UInt8] {
        let nonce = SealedFormat.nonce(segment: segment, isLast: isLast, suite: keys.suite)
        segment += 1
        return try keys.encrypt(bytes, nonce: nonce, associatedData: [])
    }
}
