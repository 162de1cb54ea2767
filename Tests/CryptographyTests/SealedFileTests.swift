import Cryptography
import Testing

@Suite("Sealed files")
struct SealedFileTests {
    private let folder: Folder
    private let key = VaultKey.random()
    private let place = AssociatedData(["file", "510106", "case-1"])
    private let segment = SealedFormat.segmentLength

    init() throws { folder = try Folder() }

    private func seal(_ plaintext: [UInt8], _ suite: Seal.Suite, piece: Int = 10_000) throws -> SealedFileWriter.Summary
    {
        let writer = try SealedFileWriter(
            path: folder.file("a"), key: key, associatedData: place, keyVersion: 7, suite: suite)
        for start in stride(from: 0, to: plaintext.count, by: piece) {
            try writer.write(plaintext[start..<min(start + piece, plaintext.count)])
        }
        return try writer.finish()
    }

    private func reader() throws -> SealedFileReader {
        try SealedFileReader(path: folder.file("a"), key: key, associatedData: place)
    }

    @Test(
        "A file opens whole, and its length shows from outside", arguments: Seal.Suite.allCases,
        [0, 1, 65_535, 65_536, 65_537, 131_072, 200_001])
    func roundTrip(suite: Seal.Suite, count: Int) throws {
        let plaintext = pattern(count)
        let summary = try seal(plaintext, suite)
        let sealed = try folder.read("a")
        #expect(summary.plaintextLength == count)
        #expect(summary.sealedLength == sealed.count)
        #expect(summary.sealedHash == Digest.sha256(sealed))
        #expect(summary.plaintextHash == Digest.sha256(plaintext))
        #expect(SealedFormat.plaintextLength(sealedLength: sealed.count, suite: suite) == count)
        #expect(SealedFormat.sealedLength(plaintextLength: count, suite: suite) == sealed.count)
        #expect(Array(sealed.prefix(6)) == [2, suite.rawValue, 0, 0, 0, 7])
        #expect(try SealedFileReader.head(path: folder.file("a")).keyVersion == 7)
        let reader = try reader()
        #expect(reader.length == count)
        #expect(try reader.read(0..<count) == plaintext)
        #expect(try (0..<reader.segments).flatMap { try reader.openSegment($0) } == plaintext)
    }

    @Test("Any range reads as of the plaintext", arguments: Seal.Suite.allCases)
    func ranges(suite: Seal.Suite) throws {
        let plaintext = pattern(3 * segment + 100)
        _ = try seal(plaintext, suite)
        let reader = try reader()
        let edges = [
            0, 1, segment - 1, segment, segment + 1, 2 * segment, 3 * segment, 3 * segment + 99, 3 * segment + 100,
        ]
        for lower in edges {
            for upper in edges where upper >= lower {
                #expect(try reader.read(lower..<upper) == Array(plaintext[lower..<upper]), "\(lower)..<\(upper)")
            }
        }
        #expect(try reader.read((3 * segment)..<10_000_000) == Array(plaintext[(3 * segment)...]))
        #expect(try reader.read(10_000_000..<20_000_000) == [])
    }

    @Test(
        "However the bytes arrive, the same plaintext comes out", arguments: [1_000, 65_535, 65_536, 65_537, 1_000_000])
    func pieces(piece: Int) throws {
        let plaintext = pattern(2 * segment)
        _ = try seal(plaintext, .aes256GCM, piece: piece)
        #expect(try reader().read(0..<plaintext.count) == plaintext)
    }

    @Test("An altered byte anywhere is noticed when its part is read", arguments: Seal.Suite.allCases)
    func tampering(suite: Seal.Suite) throws {
        _ = try seal(pattern(segment + 10), suite)
        let sealed = try folder.read("a")
        let tag = suite == .aes256GCM ? 16 : 32
        let first = 38
        let second = first + segment + tag
        let places =
            Array(0..<38) + [first, first + segment / 2, first + segment - 1, first + segment, second - 1]
            + [second, second + 9, second + 10, sealed.count - 1]
        for index in places {
            var altered = sealed
            altered[index] ^= 0x10
            try folder.write(altered, "a")
            #expect(throws: CryptographyError.self, "byte \(index)") { try reader().read(0..<(segment + 10)) }
        }
        try folder.write(sealed, "a")
        #expect(try reader().length == segment + 10)
    }

    @Test(
        "A file cut off, lengthened, or with segments left out, swapped or repeated is refused",
        arguments: Seal.Suite.allCases)
    func rearranging(suite: Seal.Suite) throws {
        _ = try seal(pattern(3 * segment), suite)
        let sealed = try folder.read("a")
        let full = segment + (suite == .aes256GCM ? 16 : 32)
        let head = sealed[..<38]
        let parts = (0..<3).map { sealed[(38 + $0 * full)..<(38 + ($0 + 1) * full)] }
        let wrong: [[UInt8]] = [
            Array(sealed.dropLast()), sealed + [0], Array(head), Array(sealed.prefix(20)), [],
            Array(head + parts[0]), Array(head + parts[0] + parts[1]), Array(head + parts[1] + parts[2]),
            Array(head + parts[1] + parts[0] + parts[2]), Array(head + parts[0] + parts[0] + parts[2]),
            Array(head + parts[0] + parts[2]), Array(sealed + parts[2]), Array(sealed.dropLast(segment / 2)),
        ]
        for (number, bytes) in wrong.enumerated() {
            try folder.write(bytes, "a")
            #expect(throws: CryptographyError.self, "variant \(number)") { try reader().read(0..<(3 * segment)) }
        }
    }

    @Test("A cut at a segment's end is refused at once, not only when the end is read", arguments: Seal.Suite.allCases)
    func truncation(suite: Seal.Suite) throws {
        _ = try seal(pattern(3 * segment), suite)
        let full = segment + (suite == .aes256GCM ? 16 : 32)
        try folder.write(Array(try folder.read("a").prefix(38 + 2 * full)), "a")
        #expect(throws: CryptographyError.unauthentic) { try reader() }
    }

    @Test("Another key, another place or a part's ciphertext does not open as a file")
    func binding() throws {
        _ = try seal(pattern(10), .aes256GCM)
        #expect(throws: CryptographyError.unauthentic) {
            try SealedFileReader(path: folder.file("a"), key: .random(), associatedData: place)
        }
        #expect(throws: CryptographyError.unauthentic) {
            try SealedFileReader(
                path: folder.file("a"), key: key, associatedData: AssociatedData(["file", "510106", "case-2"]))
        }
        #expect(throws: CryptographyError.malformed("sealed bytes")) {
            try Seal.open(try folder.read("a"), key: key, associatedData: place)
        }
        try folder.write(try Seal.seal(pattern(100), key: key, associatedData: place), "a")
        #expect(throws: CryptographyError.malformed("sealed bytes")) { try reader() }
    }

    @Test("An upload broken off leaves nothing; a finished one is published under its name")
    func lifecycle() throws {
        do {
            let writer = try SealedFileWriter(path: folder.file("a"), key: key, associatedData: place)
            try writer.write(pattern(100_000))
            #expect(writer.plaintextLength == 100_000)
            #expect(folder.names == ["a"])
            #expect(throws: CryptographyError.self) {
                try SealedFileWriter(path: folder.file("a"), key: key, associatedData: place)
            }
        }
        #expect(folder.names == [])
        let summary = try seal(pattern(10), .aes256GCM)
        let name = Hex.encode(summary.sealedHash)
        try SealedFileWriter.publish(folder.file("a"), as: folder.file(name))
        #expect(folder.names == [name])
    }

    @Test("No plaintext lies in the file")
    func secrecy() throws {
        let text = Array("身份证号 510106199001011234 ".utf8)
        _ = try seal(text + text + text, .sm4CTRHMACSM3)
        #expect(!(try folder.read("a")).contains(text.prefix(8)))
    }
}
