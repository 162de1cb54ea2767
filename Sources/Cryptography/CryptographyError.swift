/// Why a cryptographic operation gave no result. None of the cases carries key material or plaintext.
package enum CryptographyError: Error, Sendable, Hashable {
    /// The bytes are not of the form that is read here (length, format byte, encoding).
    case malformed(String)
    /// The ciphertext names a suite this program does not know.
    case unknownSuite(UInt8)
    /// The key service holds no key of this version.
    case unknownKeyVersion(UInt32)
    /// The tag does not fit: another key, other associated data, or bytes altered, moved or cut off.
    case unauthentic
    /// A parameter is outside what is allowed.
    case invalidParameter(String)
    /// The file with the master keys may be read by others than its owner.
    case exposedKeyFile(path: String)
    /// The operating system refused: what was tried, and `errno`.
    case file(operation: String, path: String, code: Int32)
    /// libcrypto refused: what was tried, and its error code.
    case library(operation: String, code: UInt)
}
