import Kernel
import Testing

@testable import Cryptography

@Suite("Sealed parts")
struct SealTests {
    private let key = VaultKey.random()
    private let place: AssociatedData

    init() throws {
        place = AssociatedData(area: try #require(AreaCode("510106")), stream: "case-1", slot: "phone")
    }

    @Test("AES-256-GCM, test case 16 of its specification")
    func gcmVector() throws {
        let keys = SuiteKeys(
            .aes256GCM, keys: try bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let plaintext = try bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
        let nonce = try bytes("cafebabefacedbaddecaf888")
        let associated = try bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        let sealed = try keys.encrypt(plaintext, nonce: nonce, associatedData: associated)
        #expect(
            Hex.encode(sealed)
                == "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b")
        #expect(try keys.decrypt(sealed, nonce: nonce, associatedData: associated) == plaintext)
    }

    @Test("SM4 in counter mode: the block of GB/T 32907, and the vector of draft-ribose-cfrg-sm4")
    func sm4Vectors() throws {
        let key = try bytes("0123456789abcdeffedcba9876543210")
        #expect(
            try counterMode([UInt8](repeating: 0, count: 16), key: key, counter: key)
                == bytes("681edf34d206965e86b3e94f536e4246"))
        let plaintext = try bytes(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
                + "eeeeeeeeeeeeeeeeffffffffffffffffaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb")
        let ciphertext = try bytes(
            "ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7"
                + "f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514")
        #expect(
            try counterMode(plaintext, key: key, counter: bytes("000102030405060708090a0b0c0d0e0f")) == ciphertext)
    }

    private func counterMode(_ input: [UInt8], key: [UInt8], counter: [UInt8]) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: input.count)
        let succeeded = input.withUnsafeBytes { input in
            key.withUnsafeBytes { key in
                output.withUnsafeMutableBufferPointer { output in
                    output.baseAddress.map { sm4CTR(input, to: $0, key: key, counter: counter) }
                }
            }
        }
        #expect(succeeded == true)
        return output
    }

    @Test(
        "What another program sealed by the description of the format opens, today and in every later release",
        arguments: [
            "010100000003404142434445464748494a4b893d91ba81bd68f5b5890d398319f5be7a62d25a657d05ba53d940",
            "010200000003404142434445464748494a4b4c4d4e4f5c25a80ab955773b7aec782edc0b0c19f6e2c282fe37573c"
                + "68b10e987d7bb19e8b40342adc8a806ed330b7",
            "020100000003606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7fbe8006b6828e29a9"
                + "594ef3d6bb1e5cdc624d35fadbc73e3a100586",
            "020200000003606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f4421c329c0d3386b"
                + "6438193a1d067d36acd5132df7862a46111fd631762d59198ad8dbd7155972e79a4226",
        ])
    func frozen(hex: String) throws {
        let sealed = try bytes(hex)
        let key = try #require(VaultKey(0..<32))
        let plaintext = Array("13800000000".utf8)
        if sealed[0] == 1 {
            #expect(try Seal.open(sealed, key: key, associatedData: place) == plaintext)
        } else {
            let folder = try Folder()
            try folder.write(sealed, "file")
            let reader = try SealedFileReader(path: folder.file("file"), key: key, associatedData: place)
            #expect(try reader.read(0..<reader.length) == plaintext)
            #expect(reader.head.keyVersion == 3)
        }
    }

    @Test("What was sealed opens, of any length", arguments: Seal.Suite.allCases, [0, 1, 15, 16, 17, 1000, 100_000])
    func roundTrip(suite: Seal.Suite, count: Int) throws {
        let plaintext = pattern(count)
        let sealed = try Seal.seal(plaintext, key: key, associatedData: place, keyVersion: 0x0102_0304, suite: suite)
        #expect(Array(sealed.prefix(6)) == [1, suite.rawValue, 1, 2, 3, 4])
        #expect(try Seal.head(of: sealed).keyVersion == 0x0102_0304)
        #expect(try Seal.head(of: sealed).suite == suite)
        #expect(sealed.count == 6 + count + (suite == .aes256GCM ? 12 + 16 : 16 + 32))
        #expect(try Seal.open(sealed, key: key, associatedData: place) == plaintext)
        #expect(try Seal.seal(plaintext, key: key, associatedData: place, suite: suite) != sealed)
    }

    @Test("Any altered bit of any byte is noticed", arguments: Seal.Suite.allCases)
    func tampering(suite: Seal.Suite) throws {
        let sealed = try Seal.seal(pattern(40), key: key, associatedData: place, suite: suite)
        for index in sealed.indices {
            for bit in 0..<8 {
                var altered = sealed
                altered[index] ^= 1 << UInt8(bit)
                let error = #expect(throws: CryptographyError.self, "byte \(index)") {
                    try Seal.open(altered, key: key, associatedData: place)
                }
                switch index {
                case 0: #expect(error == .malformed("sealed bytes"))
                case 1: #expect(error == .unauthentic || error == .unknownSuite(altered[1]))
                default: #expect(error == .unauthentic)
                }
            }
        }
    }

    @Test("Cut, lengthened or empty bytes are refused", arguments: Seal.Suite.allCases)
    func lengths(suite: Seal.Suite) throws {
        let sealed = try Seal.seal(pattern(5), key: key, associatedData: place, suite: suite)
        for count in 0..<sealed.count {
            #expect(throws: CryptographyError.self) {
                try Seal.open(Array(sealed.prefix(count)), key: key, associatedData: place)
            }
        }
        #expect(throws: CryptographyError.unauthentic) {
            try Seal.open(sealed + [0], key: key, associatedData: place)
        }
    }

    @Test("Another key or another place does not open it", arguments: Seal.Suite.allCases)
    func binding(suite: Seal.Suite) throws {
        let area = try #require(AreaCode("510106"))
        let sealed = try Seal.seal(pattern(5), key: key, associatedData: place, suite: suite)
        #expect(throws: CryptographyError.unauthentic) {
            try Seal.open(sealed, key: .random(), associatedData: place)
        }
        for other in [
            AssociatedData(area: area, stream: "case-1", slot: "name"),
            AssociatedData(area: area, stream: "case-2", slot: "phone"),
            AssociatedData(area: try #require(AreaCode("370213")), stream: "case-1", slot: "phone"),
            AssociatedData(area: area, stream: "case-", slot: "1phone"), AssociatedData([]),
        ] {
            #expect(throws: CryptographyError.unauthentic) { try Seal.open(sealed, key: key, associatedData: other) }
        }
    }

    @Test("A vault key is 32 bytes and is not described")
    func vaultKey() {
        #expect(VaultKey(pattern(31)) == nil)
        #expect(VaultKey(pattern(32))?.exported == pattern(32))
        #expect(VaultKey.random().exported != VaultKey.random().exported)
        var dumped = ""
        dump(VaultKey.random(), to: &dumped)
        #expect(!dumped.contains("secret"))
    }
}
