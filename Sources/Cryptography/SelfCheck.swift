import COpenSSL

/// Known answers, computed at boot: whether the system's libcrypto has every algorithm and computes it rightly.
package enum SelfCheck {
    /// Throws `library` with the name of the first algorithm that answers wrongly.
    package static func run() throws(CryptographyError) {
        for name in ["SHA256", "SM3", "SHA1"] {
            guard let digest = EVP_MD_fetch(nil, name, nil) else { throw libraryError("fetch \(name)") }
            EVP_MD_free(digest)
        }
        for name in ["AES-256-GCM", "SM4-CTR"] {
            guard let cipher = EVP_CIPHER_fetch(nil, name, nil) else { throw libraryError("fetch \(name)") }
            EVP_CIPHER_free(cipher)
        }
        let abc = Array("abc".utf8)
        try expect("SHA-256", Digest.sha256(abc), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        try expect("SM3", Digest.sm3(abc), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        for suite in Seal.Suite.allCases {
            let key = VaultKey.random()
            let place = AssociatedData(["self-check"])
            let sealed = try Seal.seal(abc, key: key, associatedData: place, suite: suite)
            guard try Seal.open(sealed, key: key, associatedData: place) == abc else {
                throw .library(operation: "self-check of suite \(suite.rawValue)", code: 0)
            }
        }
        for kind in KeyKind.allCases {
            let key = try PrivateKey.generate(kind)
            let signature = try key.sign(abc)
            guard key.publicKey.verify(signature, of: abc), !key.publicKey.verify(signature, of: abc + abc) else {
                throw .library(operation: "self-check of \(kind.rawValue)", code: 0)
            }
        }
    }

    private static func expect(_ name: String, _ bytes: [UInt8], _ hex: String) throws(CryptographyError) {
        guard Hex.encode(bytes) == hex else { throw .library(operation: "self-check of \(name)", code: 0) }
    }
}
