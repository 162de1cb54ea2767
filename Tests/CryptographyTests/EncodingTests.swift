import Cryptography
import Testing

@Suite("Bytes as text")
struct EncodingTests {
    @Test("Hex goes both ways and refuses what is none")
    func hex() {
        let all = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(all)) == all)
        #expect(Hex.encode([0x0A, 0xF9]) == "0af9")
        #expect(Hex.decode("0AF9") == [0x0A, 0xF9])
        for wrong in ["0", "0g", "0x0a", " 0a", "０a", "a:", "/0", "@0", "`0"] { #expect(Hex.decode(wrong) == nil) }
    }

    @Test("Base64 for URLs and base32 of RFC 4648")
    func known() {
        let words = ["", "f", "fo", "foo", "foob", "fooba", "foobar"]
        let base64 = ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"]
        let base32 = ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"]
        for (index, word) in words.enumerated() {
            #expect(Base64URL.encode(word.utf8) == base64[index])
            #expect(Base64URL.decode(base64[index]) == Array(word.utf8))
            #expect(Base32.encode(word.utf8) == base32[index])
            #expect(Base32.decode(base32[index]) == Array(word.utf8))
        }
        #expect(Base64URL.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
    }

    @Test("Every length survives", arguments: 0...70)
    func lengths(count: Int) {
        let sample = Randomness.bytes(count)
        #expect(Base64URL.decode(Base64URL.encode(sample)) == sample)
        #expect(Base32.decode(Base32.encode(sample)) == sample)
    }

    @Test("A byte string has one text: padding, other alphabets, stray bits and impossible lengths are refused")
    func strict() {
        for wrong in ["Zg==", "Z", "Zh", "Zm9", "+A", "/A", "Zm 9", "Zm9v\n", "ＺＧ", "Zm9vZ"] {
            #expect(Base64URL.decode(wrong) == nil, "\(wrong)")
        }
        for wrong in ["M", "MZX", "MZXW6Y", "my", "MZ", "M1", "MY======"] {
            #expect(Base32.decode(wrong) == nil, "\(wrong)")
        }
    }
}

@Suite("Tokens and query codes")
struct TokenTests {
    @Test("A token is 256 random bits; its hash finds it again and nothing else does")
    func token() throws {
        let token = Token.random()
        #expect(token.text.utf8.count == 43)
        let shown = try #require(Token(token.text))
        #expect(shown == token)
        #expect(shown.storageHash == token.storageHash)
        #expect(token.storageHash == Hex.encode(Digest.sha256(try #require(Base64URL.decode(token.text)))))
        #expect(Token.random() != token)
        #expect(Token(token.text + "A") == nil)
        #expect(Token(String(token.text.dropLast())) == nil)
        #expect(Token("") == nil)
        #expect(!"\(token)".contains(token.text))
    }

    @Test("A query code is read however it was typed")
    func queryCode() throws {
        let code = QueryCode.random()
        #expect(QueryCode(code.text) == code)
        #expect(QueryCode(code.description) == code)
        #expect(QueryCode(code.description.lowercased()) == code)
        #expect(QueryCode(" " + code.text.map(String.init).joined(separator: " ")) == code)
        #expect(QueryCode("ｋ７ｍｑ－３ｘｗｄ")?.description == "K7MQ-3XWD")
        for wrong in ["", "K7MQ-3XW", "K7MQ-3XWDD", "K7MQ-3XW0", "K7MQ-3XWI", "K7MQ-3XW。"] {
            #expect(QueryCode(wrong) == nil, "\(wrong)")
        }
    }

    @Test("All characters of query codes occur, about evenly, and none that is mistaken for another")
    func alphabet() {
        var counts: [Character: Int] = [:]
        for _ in 0..<2000 { for character in QueryCode.random().text { counts[character, default: 0] += 1 } }
        #expect(counts.count == 31)
        #expect(Set("01OIL").isDisjoint(with: counts.keys))
        // 16,000 draws of 31: 516 expected, standard deviation 22.
        #expect(counts.values.allSatisfy { (380...660).contains($0) })
    }
}
