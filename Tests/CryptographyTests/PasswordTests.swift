import Kernel
import Testing

@testable import Cryptography

@Suite("Passwords")
struct PasswordTests {
    @Test(
        "scrypt of RFC 7914",
        arguments: [
            (
                "", "", 4, 1, 1,
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                    + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
            ),
            (
                "password", "NaCl", 10, 8, 16,
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                    + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
            ),
            (
                "pleaseletmein", "SodiumChloride", 14, 8, 1,
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                    + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
            ),
        ])
    func vectors(password: String, salt: String, logN: Int, r: Int, p: Int, expected: String) throws {
        let derived = try PasswordHash.derive(
            Array(password.utf8), salt: Array(salt.utf8), parameters: .init(logN: logN, r: r, p: p), length: 64)
        #expect(Hex.encode(derived) == expected)
    }

    @Test("A password opens its own hash only, and no two hashes are alike")
    func verify() throws {
        let encoded = try PasswordHash.hash("通办2026！", parameters: .quick)
        #expect(encoded.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(try PasswordHash.verify("通办2026！", encoded))
        #expect(try PasswordHash.verify("通办２０２６!", encoded))
        #expect(try !PasswordHash.verify("通办2026", encoded))
        #expect(try !PasswordHash.verify("", encoded))
        #expect(try PasswordHash.hash("通办2026！", parameters: .quick) != encoded)
    }

    @Test("The standard parameters work, and weaker hashes are known for what they are")
    func rehash() throws {
        let strong = try PasswordHash.hash("a long enough password")
        #expect(strong.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
        #expect(try PasswordHash.verify("a long enough password", strong))
        #expect(!PasswordHash.needsRehash(strong))
        #expect(PasswordHash.needsRehash(try PasswordHash.hash("x", parameters: .quick)))
        #expect(PasswordHash.needsRehash("plain"))
    }

    @Test("An account that does not exist takes as long as one that does")
    func dummy() throws {
        let clock = ContinuousClock()
        let encoded = try PasswordHash.hash("right")
        // Taken in turns, and the best of each, so that other work on the machine strikes both alike.
        var real: [Duration] = []
        var dummy: [Duration] = []
        for _ in 0..<4 {
            real.append(try clock.measure { _ = try PasswordHash.verify("wrong", encoded) })
            dummy.append(try clock.measure { _ = try PasswordHash.dummyVerify("wrong") })
        }
        #expect(try !PasswordHash.dummyVerify("wrong"))
        let ratio = try #require(dummy.min()) / #require(real.min())
        #expect((0.1...10).contains(ratio))
    }

    @Test(
        "Text that is no hash, or asks for too much memory, is refused",
        arguments: [
            "", "x", "$scrypt$ln=4,r=8,p=1$AAAA$AAAA", "$argon2$ln=4,r=8,p=1$", "$scrypt$ln=30,r=8,p=1$S$H",
            "$scrypt$ln=20,r=32,p=1$S$H", "$scrypt$ln=4,r=8$S$H", "$scrypt$ln=-4,r=8,p=1$S$H",
            "$scrypt$ln=4,r=8,p=1$S$H$",
            "$scrypt$ln=0,r=8,p=1$S$H",
        ])
    func malformed(text: String) {
        let text = text.replacing("$S$", with: "$\(Base64URL.encode(pattern(16)))$")
            .replacing("$H", with: "$\(Base64URL.encode(pattern(32)))")
        #expect(throws: CryptographyError.malformed("password hash")) { try PasswordHash.verify("x", text) }
    }
}

@Suite("One-time codes")
struct TOTPTests {
    private let totp: TOTP

    init() throws { totp = try #require(TOTP(secret: Array("12345678901234567890".utf8))) }

    @Test(
        "The codes of RFC 6238 appendix B, their last six digits",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ])
    func vectors(seconds: Int64, code: String) {
        let moment = Moment(milliseconds: seconds * 1000)
        #expect(totp.code(step: TOTP.step(at: moment)) == code)
        #expect(totp.matchingStep(of: code, at: moment, lastUsed: nil) == seconds / 30)
    }

    @Test("A code works one period early and late, no further, and never twice")
    func window() {
        let moment = Moment(milliseconds: 1_800_000_000_000)
        let step = TOTP.step(at: moment)
        for distance in Int64(-3)...3 {
            let match = totp.matchingStep(of: totp.code(step: step + distance), at: moment, lastUsed: nil)
            #expect(match == (abs(distance) <= 1 ? step + distance : nil))
        }
        let code = totp.code(step: step)
        #expect(totp.matchingStep(of: code, at: moment, lastUsed: step - 1) == step)
        #expect(totp.matchingStep(of: code, at: moment, lastUsed: step) == nil)
        #expect(totp.matchingStep(of: totp.code(step: step - 1), at: moment, lastUsed: step) == nil)
        #expect(totp.matchingStep(of: totp.code(step: step + 1), at: moment, lastUsed: step) == step + 1)
        for wrong in ["", "12345", "1234567", code + " "] {
            #expect(totp.matchingStep(of: wrong, at: moment, lastUsed: nil) == nil)
        }
    }

    @Test("The secret is given to the app in base32 and never described")
    func provisioning() throws {
        #expect(totp.base32 == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(
            totp.provisioningURL(issuer: "通办", account: "wang lan")
                == "otpauth://totp/%E9%80%9A%E5%8A%9E:wang%20lan?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=%E9%80%9A%E5%8A%9E&algorithm=SHA1&digits=6&period=30")
        #expect(!"\(totp)".contains("GEZ"))
        #expect(TOTP(secret: pattern(15)) == nil)
        #expect(TOTP.random() != TOTP.random())
    }
}
