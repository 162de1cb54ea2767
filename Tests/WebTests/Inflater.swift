/// Reads back what the deflater and the zip writer made, from the other side of the same standards.
struct Inflater {
    enum Fault: Error { case truncated, block, code, distance, zip(String) }

    private let input: [UInt8]
    private var position = 0
    private var out: [UInt8] = []

    private init(_ input: [UInt8]) { self.input = input }

    static func inflate(_ input: [UInt8]) throws -> [UInt8] {
        var inflater = Inflater(input)
        while true {
            let last = try inflater.bits(1) == 1
            guard try inflater.bits(2) == 1 else { throw Fault.block }
            try inflater.block()
            if last { break }
        }
        guard (inflater.position + 7) / 8 == input.count else { throw Fault.truncated }
        return inflater.out
    }

    private mutating func bits(_ count: Int) throws -> Int {
        var value = 0
        for index in 0..<count {
            guard position / 8 < input.count else { throw Fault.truncated }
            value |= Int(input[position / 8] >> (position % 8) & 1) << index
            position += 1
        }
        return value
    }

    /// Bits of a Huffman code come with the most significant first.
    private mutating func code(_ count: Int) throws -> Int {
        var value = 0
        for _ in 0..<count { value = value << 1 | (try bits(1)) }
        return value
    }

    private mutating func symbol() throws -> Int {
        var value = try code(7)
        if value <= 0b0010111 { return value + 256 }
        value = value << 1 | (try bits(1))
        if (0x30...0xBF).contains(value) { return value - 0x30 }
        if (0xC0...0xC7).contains(value) { return value - 0xC0 + 280 }
        value = value << 1 | (try bits(1))
        guard (0x190...0x1FF).contains(value) else { throw Fault.code }
        return value - 0x190 + 144
    }

    private static let lengths = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distances = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193,
        12289, 16385, 24577,
    ]

    private mutating func block() throws {
        while true {
            let symbol = try symbol()
            if symbol == 256 { return }
            if symbol < 256 {
                out.append(UInt8(symbol))
                continue
            }
            guard symbol < 286 else { throw Fault.code }
            let length = Self.lengths[symbol - 257] + (try bits(Self.lengthBits[symbol - 257]))
            let place = try code(5)
            guard place < 30 else { throw Fault.code }
            let distance = Self.distances[place] + (try bits(place < 2 ? 0 : place / 2 - 1))
            guard distance <= out.count, distance <= 32_768 else { throw Fault.distance }
            for _ in 0..<length { out.append(out[out.count - distance]) }
        }
    }
}

extension Inflater {
    /// The files of a zip by name, found through its directory, sizes and checksums compared.
    static func unzip(_ bytes: [UInt8]) throws -> [String: String] {
        func number(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        let end = bytes.count - 22
        guard end >= 0, number(end, 4) == 0x0605_4B50 else { throw Fault.zip("no end") }
        var files: [String: String] = [:]
        var entry = number(end + 16, 4)
        for _ in 0..<number(end + 10, 2) {
            guard number(entry, 4) == 0x0201_4B50 else { throw Fault.zip("no entry") }
            let (size, packed, nameLength) = (number(entry + 24, 4), number(entry + 20, 4), number(entry + 28, 2))
            let name = String(decoding: bytes[entry + 46..<entry + 46 + nameLength], as: UTF8.self)
            let local = number(entry + 42, 4)
            guard number(local, 4) == 0x0403_4B50, number(local + 26, 2) == nameLength, number(local + 6, 2) & 8 == 8
            else {
                throw Fault.zip("no local header of \(name)")
            }
            let start = local + 30 + nameLength + number(local + 28, 2)
            let content = try inflate(Array(bytes[start..<start + packed]))
            let descriptor = start + packed
            guard number(descriptor, 4) == 0x0807_4B50, number(descriptor + 4, 4) == number(entry + 16, 4),
                number(descriptor + 8, 4) == packed, number(descriptor + 12, 4) == size, content.count == size
            else { throw Fault.zip("sizes of \(name)") }
            guard checksum(content) == UInt32(number(entry + 16, 4)) else { throw Fault.zip("checksum of \(name)") }
            files[name] = String(decoding: content, as: UTF8.self)
            entry += 46 + nameLength + number(entry + 30, 2) + number(entry + 32, 2)
        }
        guard entry == number(end + 16, 4) + number(end + 12, 4), entry == end else { throw Fault.zip("directory") }
        return files
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { state, byte in
            (0..<8).reduce(state ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
    }
}
