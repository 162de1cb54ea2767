/// Writes a zip file (APPNOTE 6.3) as a stream: sizes and checksums follow each entry, so that nothing has to be known before.
struct ZipWriter {
    private struct Entry {
        let name: [UInt8]
        let offset: Int
        var crc = CRC32()
        var size = 0
        var compressedSize = 0
    }

    private var done: [Entry] = []
    private var open: Entry?
    private var deflater = Deflater()
    private var written = 0

    /// Bytes of the open entry before compression.
    var openSize: Int { open?.size ?? 0 }

    /// Begins an entry.
    mutating func begin(_ name: String) throws(TableFault) -> [UInt8] {
        let entry = Entry(name: Array(name.utf8), offset: written)
        var out: [UInt8] = []
        put32(0x0403_4B50, &out)
        putCommon(entry, sizes: (0, 0, 0), &out)
        out += entry.name
        open = entry
        deflater = Deflater()
        return try counted(out)
    }

    /// More of the open entry.
    mutating func add(_ bytes: [UInt8]) throws(TableFault) -> [UInt8] {
        var out: [UInt8] = []
        open?.crc.update(bytes)
        open?.size += bytes.count
        deflater.compress(bytes, into: &out)
        open?.compressedSize += out.count
        return try counted(out)
    }

    /// Ends the open entry.
    mutating func close() throws(TableFault) -> [UInt8] {
        guard var entry = open else { return [] }
        var out: [UInt8] = []
        deflater.finish(into: &out)
        entry.compressedSize += out.count
        guard entry.size < 0xFFFF_FFFF, entry.compressedSize < 0xFFFF_FFFF else { throw .tooLarge }
        put32(0x0807_4B50, &out)
        put32(entry.crc.value, &out)
        put32(UInt32(entry.compressedSize), &out)
        put32(UInt32(entry.size), &out)
        done.append(entry)
        open = nil
        return try counted(out)
    }

    /// A whole entry.
    mutating func whole(_ name: String, _ text: String) throws(TableFault) -> [UInt8] {
        try begin(name) + add(Array(text.utf8)) + close()
    }

    /// The directory at the end of the file.
    mutating func end() throws(TableFault) -> [UInt8] {
        let start = written
        var out: [UInt8] = []
        for entry in done {
            put32(0x0201_4B50, &out)
            put16(20, &out)
            putCommon(entry, sizes: (entry.crc.value, UInt32(entry.compressedSize), UInt32(entry.size)), &out)
            // No comment, first disk, no attributes.
            out += [UInt8](repeating: 0, count: 10)
            put32(UInt32(entry.offset), &out)
            out += entry.name
        }
        let length = out.count
        put32(0x0605_4B50, &out)
        put32(0, &out)
        put16(UInt16(done.count), &out)
        put16(UInt16(done.count), &out)
        put32(UInt32(length), &out)
        put32(UInt32(start), &out)
        put16(0, &out)
        return try counted(out)
    }

    /// What local and central headers share, from the version to the lengths; the date is 1 January 1980.
    private func putCommon(_ entry: Entry, sizes: (UInt32, UInt32, UInt32), _ out: inout [UInt8]) {
        for field: UInt16 in [20, 0x0808, 8, 0, 0x21] { put16(field, &out) }
        put32(sizes.0, &out)
        put32(sizes.1, &out)
        put32(sizes.2, &out)
        put16(UInt16(entry.name.count), &out)
        put16(0, &out)
    }

    private mutating func counted(_ out: [UInt8]) throws(TableFault) -> [UInt8] {
        written += out.count
        guard written < 0xFFFF_FFFF else { throw .tooLarge }
        return out
    }

    private func put16(_ value: UInt16, _ out: inout [UInt8]) {
        out.append(UInt8(truncatingIfNeeded: value))
        out.append(UInt8(truncatingIfNeeded: value >> 8))
    }

    private func put32(_ value: UInt32, _ out: inout [UInt8]) {
        put16(UInt16(truncatingIfNeeded: value), &out)
        put16(UInt16(truncatingIfNeeded: value >> 16), &out)
    }
}

/// The checksum of zip files (ITU-T V.42).
struct CRC32 {
    private var state: UInt32 = 0xFFFF_FFFF

    var value: UInt32 { ~state }

    mutating func update(_ bytes: [UInt8]) {
        var state = state
        Self.table.withUnsafeBufferPointer { table in
            for byte in bytes { state = table[Int((state ^ UInt32(byte)) & 0xFF)] ^ state >> 8 }
        }
        self.state = state
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }
}
