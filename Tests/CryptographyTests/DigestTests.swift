import Foundation
import Testing

@testable import Cryptography

@Suite("Digests, MACs and derived keys agree with the standards")
struct DigestTests {
    @Test("SHA-256 of FIPS 180-4")
    func sha256() {
        #expect(
            Hex.encode(Digest.sha256("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Hex.encode(Digest.sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("SM3 of GB/T 32905 appendix A")
    func sm3() {
        #expect(
            Hex.encode(Digest.sm3("abc".utf8)) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        #expect(
            Hex.encode(Digest.sm3(String(repeating: "abcd", count: 16).utf8))
                == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")
    }

    @Test("Arrays, slices, data and lazy sequences have one digest")
    func sources() {
        let array = pattern(1000)
        let expected = Digest.sha256(array)
        #expect(Digest.sha256(Data(array)) == expected)
        #expect(Digest.sha256(([7] + array)[1...]) == expected)
        #expect(Digest.sha256(array.lazy.map { $0 }) == expected)
    }

    @Test("A hasher fed in pieces agrees with the whole, goes on after a digest, and copies part ways")
    func streaming() {
        let whole = pattern(100_000)
        var hasher = Hasher256()
        for start in stride(from: 0, to: whole.count, by: 777) {
            hasher.update(whole[start..<min(start + 777, whole.count)])
        }
        #expect(hasher.finish() == Digest.sha256(whole))
        #expect(hasher.finish() == Digest.sha256(whole))
        var copy = hasher
        copy.update([1])
        #expect(hasher.finish() == Digest.sha256(whole))
        #expect(copy.finish() == Digest.sha256(whole + [1]))
        hasher.update([2])
        #expect(hasher.finish() == Digest.sha256(whole + [2]))
        #expect(Hasher256(.sm3).finish() == Digest.sm3([]))
    }

    @Test(
        "HMAC-SHA256 of RFC 4231",
        arguments: [
            (
                "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
        ])
    func hmacSHA256(key: String, message: String, tag: String) throws {
        #expect(Hex.encode(MAC.hmacSHA256(try bytes(message), key: try bytes(key))) == tag)
    }

    @Test("HMAC-SM3 is RFC 2104 over SM3, for short, long and empty keys", arguments: [0, 1, 32, 64, 65, 200])
    func hmacSM3(keyLength: Int) {
        let key = pattern(keyLength)
        let message = pattern(150)
        var block = keyLength > 64 ? Digest.sm3(key) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        let expected = Digest.sm3(block.map { $0 ^ 0x5C } + Digest.sm3(block.map { $0 ^ 0x36 } + message))
        #expect(MAC.hmacSM3(message, key: key) == expected)
    }

    @Test("HKDF of RFC 5869, cases 1 and 3")
    func hkdf() throws {
        let secret = [UInt8](repeating: 0x0B, count: 22)
        let first = MAC.hkdf(
            secret, salt: try bytes("000102030405060708090a0b0c"), info: try bytes("f0f1f2f3f4f5f6f7f8f9"), length: 42)
        #expect(
            Hex.encode(first)
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
        #expect(
            Hex.encode(MAC.hkdf(secret, info: [], length: 42))
                == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
    }

    @Test("Comparison sees every difference")
    func equality() {
        let a = pattern(40)
        #expect(MAC.equal(a, a))
        #expect(MAC.equal([], []))
        #expect(!MAC.equal(a, a + [0]))
        for index in a.indices {
            var b = a
            b[index] ^= 1
            #expect(!MAC.equal(a, b))
        }
    }

    @Test("The boot check of the algorithms passes")
    func selfCheck() throws { try SelfCheck.run() }
}
