/// Compresses a stream (RFC 1951) with the fixed codes and one candidate for each repetition: small, quick, in 100 KiB of
/// memory. Tables shrink to about a sixth.
struct Deflater {
    /// What repetitions may refer to: the last 32 KiB.
    private var history: [UInt8] = []
    /// The position in the stream at which `history` begins.
    private var base = 0
    /// Where four bytes with this hash stood last; -1 nowhere.
    private var heads = [Int](repeating: -1, count: 1 << 14)
    private var bits: UInt64 = 0
    private var bitCount: UInt64 = 0

    private static let reach = 32_768
    private static let longest = 258

    /// Appends the compressed form of `bytes`, but for up to 7 bits that wait for more.
    mutating func compress(_ bytes: [UInt8], into out: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        // A block that is not the last, with the fixed codes.
        put(0b010, 3, &out)
        var start = history.count
        let all = history + bytes
        all.withUnsafeBufferPointer { input in
            while start < input.count {
                let (length, distance) = match(input, at: start)
                if length == 0 {
                    putLiteral(Int(input[start]), &out)
                    start += 1
                } else {
                    putMatch(length, distance, &out)
                    start += length
                }
            }
        }
        putLiteral(256, &out)
        let dropped = max(0, all.count - Self.reach)
        history = Array(all[dropped...])
        base += dropped
    }

    /// Appends the last block and the bits that waited.
    mutating func finish(into out: inout [UInt8]) {
        put(0b011, 3, &out)
        putLiteral(256, &out)
        if bitCount > 0 { put(0, 8 - bitCount, &out) }
    }

    /// How far what follows repeats something within reach; length 0 where it does not.
    private mutating func match(_ input: UnsafeBufferPointer<UInt8>, at start: Int) -> (length: Int, distance: Int) {
        guard start + 4 <= input.count else { return (0, 0) }
        let word =
            UInt32(input[start]) | UInt32(input[start + 1]) << 8 | UInt32(input[start + 2]) << 16
            | UInt32(input[start + 3]) << 24
        let slot = Int((word &* 2_654_435_761) >> 18)
        let candidate = heads[slot] - base
        heads[slot] = base + start
        guard candidate >= 0, start - candidate <= Self.reach else { return (0, 0) }
        let limit = min(Self.longest, input.count - start)
        var length = 0
        while length < limit, input[candidate + length] == input[start + length] { length += 1 }
        return length >= 4 ? (length, start - candidate) : (0, 0)
    }

    private mutating func put(_ value: UInt64, _ count: UInt64, _ out: inout [UInt8]) {
        bits |= value << bitCount
        bitCount += count
        while bitCount >= 8 {
            out.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            bitCount -= 8
        }
    }

    /// The fixed code of a literal, of the end of a block (256) or of a length (257…).
    private mutating func putLiteral(_ symbol: Int, _ out: inout [UInt8]) {
        switch symbol {
        case 0..<144: put(Self.reversed(0x30 + symbol, 8), 8, &out)
        case 144..<256: put(Self.reversed(0x190 + symbol - 144, 9), 9, &out)
        case 256..<280: put(Self.reversed(symbol - 256, 7), 7, &out)
        default: put(Self.reversed(0xC0 + symbol - 280, 8), 8, &out)
        }
    }

    private mutating func putMatch(_ length: Int, _ distance: Int, _ out: inout [UInt8]) {
        let (lengthCode, lengthBits, lengthRest) = Self.lengthCode(length)
        putLiteral(lengthCode, &out)
        put(UInt64(lengthRest), UInt64(lengthBits), &out)
        let (distanceCode, distanceBits, distanceRest) = Self.distanceCode(distance)
        put(Self.reversed(distanceCode, 5), 5, &out)
        put(UInt64(distanceRest), UInt64(distanceBits), &out)
    }

    /// RFC 1951 §3.2.5: code, number of extra bits, and their value. From 11 on, four codes share a number of bits.
    private static func lengthCode(_ length: Int) -> (code: Int, bits: Int, rest: Int) {
        if length == longest { return (285, 0, 0) }
        let value = length - 3
        if value < 8 { return (257 + value, 0, 0) }
        let bits = (Int.bitWidth - value.leadingZeroBitCount) - 3
        return (257 + bits * 4 + (value >> bits), bits, value & ((1 << bits) - 1))
    }

    /// From 5 on, two codes share a number of bits.
    private static func distanceCode(_ distance: Int) -> (code: Int, bits: Int, rest: Int) {
        let value = distance - 1
        if value < 4 { return (value, 0, 0) }
        let bits = (Int.bitWidth - value.leadingZeroBitCount) - 2
        return (bits * 2 + (value >> bits), bits, value & ((1 << bits) - 1))
    }

    /// Huffman codes are packed from their most significant bit on.
    private static func reversed(_ code: Int, _ count: Int) -> UInt64 {
        var code = UInt64(code)
        var out: UInt64 = 0
        for _ in 0..<count {
            out = out << 1 | code & 1
            code >>= 1
        }
        return out
    }
}
