import COpenSSL
package import Kernel

/// Detached signatures in the form that signed PDFs hold (CMS, RFC 5652, with the signing certificate's hash of RFC 5035).
package enum CMS {
    private static let flags = UInt32(CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES)

    /// Signs `content`, which is not contained: DER of a `SignedData` with SHA-256, the certificate, the `chain` and the time.
    ///
    /// Throws `invalidParameter` unless `key` is of kind `p256` and the one the certificate certifies.
    package static func sign(
        _ content: [UInt8], key: PrivateKey, certificate: Certificate, chain: [Certificate] = [], at moment: Moment
    ) throws(CryptographyError) -> [UInt8] {
        guard key.kind == .p256, certificate.certifies(key.publicKey) else {
            throw .invalidParameter("the certificate does not fit the key")
        }
        guard let input = BIO_new_mem_buf(content, Int32(content.count)),
            let message = CMS_sign(nil, nil, nil, input, flags | UInt32(CMS_PARTIAL))
        else { throw libraryError("CMS sign") }
        defer {
            BIO_free(input)
            CMS_ContentInfo_free(message)
        }
        let time = ASN1_TIME_set(nil, time_t(moment.milliseconds / 1000))
        defer { ASN1_STRING_free(time) }
        guard let time,
            let signer = CMS_add1_signer(message, certificate.handle.pointer, key.handle.pointer, EVP_sha256(), flags),
            CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, time.pointee.type, time, -1) == 1,
            chain.allSatisfy({ CMS_add1_cert(message, $0.handle.pointer) == 1 }),
            CMS_final(message, input, nil, flags) == 1
        else { throw libraryError("CMS sign") }
        return try memoryBytes("CMS sign") { i2d_CMS_bio($0, message) }
    }

    /// True where `signature` was made over `content` by somebody whose certificate leads to one of `trusted`, valid at `moment`.
    package static func verify(
        _ signature: [UInt8], of content: [UInt8], trusted: [Certificate], at moment: Moment
    ) -> Bool {
        defer { ERR_clear_error() }
        guard let encoded = BIO_new_mem_buf(signature, Int32(signature.count)) else { return false }
        defer { BIO_free(encoded) }
        guard let message = d2i_CMS_bio(encoded, nil) else { return false }
        defer { CMS_ContentInfo_free(message) }
        guard let input = BIO_new_mem_buf(content, Int32(content.count)) else { return false }
        defer { BIO_free(input) }
        guard let store = X509_STORE_new() else { return false }
        defer { X509_STORE_free(store) }
        guard let settings = X509_STORE_get0_param(store),
            trusted.allSatisfy({ X509_STORE_add_cert(store, $0.handle.pointer) == 1 })
        else { return false }
        X509_VERIFY_PARAM_set_time(settings, time_t(moment.milliseconds / 1000))
        return CMS_verify(message, nil, store, input, nil, UInt32(CMS_BINARY | CMS_CADES)) == 1
    }
}
