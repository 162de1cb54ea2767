import Cryptography
import Testing

@Suite("Signatures")
struct SignatureTests {
    @Test("Ed25519, test 2 of RFC 8032")
    func ed25519() throws {
        let key = try PrivateKey(
            ed25519Seed: bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        #expect(
            Hex.encode(key.publicKey.bytes) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        let signature = try key.sign([0x72])
        #expect(
            Hex.encode(signature)
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        #expect(key.publicKey.verify(signature, of: [0x72]))
    }

    @Test("SM2, the example of GB/T 32918.5 appendix A")
    func sm2() throws {
        let key = try PublicKey(
            .sm2,
            bytes: bytes(
                "04 09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                    + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"))
        let signature = try bytes(
            "3046 022100 f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
                + "022100 b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
        let message = Array("message digest".utf8)
        #expect(key.verify(signature, of: message))
        #expect(!key.verify(signature, of: message + [0]))
        #expect(!key.verify(signature, of: message, identity: Array("ALICE123@YAHOO.COM".utf8)))
    }

    @Test(
        "A signature fits its message and its key, and survives the key's way through PEM", arguments: KeyKind.allCases)
    func roundTrip(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        let message = pattern(300)
        let signature = try key.sign(message)
        #expect(key.publicKey.verify(signature, of: message))
        #expect(!key.publicKey.verify(signature, of: Array(message.dropLast())))
        #expect(!(try PrivateKey.generate(kind)).publicKey.verify(signature, of: message))
        #expect(!key.publicKey.verify([], of: message))
        for index in signature.indices {
            var altered = signature
            altered[index] ^= 1
            #expect(!key.publicKey.verify(altered, of: message), "byte \(index)")
        }
        let again = try PrivateKey(pem: try key.pem())
        #expect(again.kind == kind)
        #expect(again.publicKey == key.publicKey)
        #expect(try key.publicKey.verify(again.sign(message), of: message))
        let imported = try PublicKey(kind, bytes: key.publicKey.bytes)
        #expect(imported == key.publicKey)
        #expect(imported.verify(signature, of: message))
    }

    @Test("What is no key is refused", arguments: KeyKind.allCases)
    func malformed(kind: KeyKind) {
        for wrong in [[], pattern(31), pattern(65), [4] + pattern(64), [2] + pattern(32)] {
            #expect(throws: CryptographyError.malformed("public key")) { try PublicKey(kind, bytes: wrong) }
        }
        #expect(throws: CryptographyError.malformed("private key")) { try PrivateKey(pem: "x") }
        #expect(throws: CryptographyError.malformed("Ed25519 seed")) { try PrivateKey(ed25519Seed: []) }
    }
}
