import COpenSSL
package import Kernel

/// An X.509 certificate (RFC 5280).
package struct Certificate: Sendable, Hashable, CustomStringConvertible {
    /// Its DER bytes.
    package let der: [UInt8]
    let handle: CertificateHandle

    /// Whom a certificate names.
    package struct Subject: Sendable, Hashable {
        /// Two letters, ISO 3166.
        package let country: String
        package let organization: String
        package let commonName: String

        package init(country: String = "CN", organization: String, commonName: String) {
            self.country = country
            self.organization = organization
            self.commonName = commonName
        }
    }

    /// Reads DER.
    package init(der: [UInt8]) throws(CryptographyError) {
        let pointer = der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let pointer = d2i_X509(nil, &position, buffer.count)
            // Nothing may follow the certificate.
            if let pointer, let start = buffer.baseAddress, position != start + buffer.count {
                X509_free(pointer)
                return OpaquePointer?.none
            }
            return pointer
        }
        guard let pointer else {
            ERR_clear_error()
            throw .malformed("certificate")
        }
        handle = CertificateHandle(pointer)
        // Whether a certificate is signed with SM2 shows in its algorithm; the identity is not in it but agreed.
        if X509_get_signature_nid(pointer) == NID_SM2_with_SM3 {
            let identity = ASN1_OCTET_STRING_new()
            guard ASN1_OCTET_STRING_set(identity, standardSM2Identity, Int32(standardSM2Identity.count)) == 1 else {
                ASN1_OCTET_STRING_free(identity)
                throw libraryError("certificate")
            }
            X509_set0_distinguishing_id(pointer, identity)
        }
        self.der = der
    }

    /// A certificate for signing documents that vouches for itself: until the office has one of an authority, and for demo data.
    ///
    /// Valid from `start` until `end`, to the second.
    package static func selfSigned(
        _ subject: Subject, key: PrivateKey, from start: Moment, until end: Moment
    ) throws(CryptographyError) -> Certificate {
        guard let pointer = X509_new() else { throw libraryError("certificate") }
        defer { X509_free(pointer) }
        // 127 random bits, positive (RFC 5280 §4.1.2.2).
        var serial = Randomness.bytes(16)
        serial[0] = serial[0] & 0x7F | 0x40
        let number = BN_bin2bn(serial, Int32(serial.count), nil)
        defer { BN_free(number) }
        guard X509_set_version(pointer, 2) == 1, BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil,
            ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(start.milliseconds / 1000)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(end.milliseconds / 1000)) != nil,
            X509_set_pubkey(pointer, key.handle.pointer) == 1, let name = X509_get_subject_name(pointer),
            add("C", subject.country, to: name), add("O", subject.organization, to: name),
            add("CN", subject.commonName, to: name), X509_set_issuer_name(pointer, name) == 1,
            tongban_add_extension(pointer, NID_basic_constraints, "critical,CA:FALSE") == 1,
            tongban_add_extension(pointer, NID_key_usage, "critical,digitalSignature,nonRepudiation") == 1,
            tongban_add_extension(pointer, NID_subject_key_identifier, "hash") == 1
        else { throw libraryError("certificate") }
        let context = try key.handle.context(key.kind, identity: standardSM2Identity, signing: true)
        defer { EVP_MD_CTX_free(context) }
        guard X509_sign_ctx(pointer, context) > 0 else { throw libraryError("sign certificate") }
        return try Certificate(der: try memoryBytes("certificate") { i2d_X509_bio($0, pointer) })
    }

    /// Its text form.
    package func pem() throws(CryptographyError) -> String {
        try memoryText("certificate") { PEM_write_bio_X509($0, handle.pointer) }
    }

    /// True where `key` is the one it certifies.
    package func certifies(_ key: PublicKey) -> Bool {
        guard let own = X509_get0_pubkey(handle.pointer) else { return false }
        return EVP_PKEY_eq(own, key.handle.pointer) == 1
    }

    /// True where the private half of `key` signed the certificate (SM2 with the standard identity).
    package func isSigned(by key: PublicKey) -> Bool {
        defer { ERR_clear_error() }
        return X509_verify(handle.pointer, key.handle.pointer) == 1
    }

    /// SHA-256 of the DER bytes, by which people compare certificates.
    package var fingerprint: [UInt8] { Digest.sha256(der) }

    package var description: String { "Certificate(\(Hex.encode(fingerprint)))" }
    package static func == (a: Certificate, b: Certificate) -> Bool { a.der == b.der }
    package func hash(into hasher: inout Hasher) { hasher.combine(der) }

    private static func add(_ field: String, _ text: String, to name: OpaquePointer) -> Bool {
        let bytes = Array(text.utf8)
        return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0) == 1
    }
}

/// Owner of a libcrypto certificate. Only read after it was made, which libcrypto allows from several threads.
final class CertificateHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }
    deinit { X509_free(pointer) }
}
