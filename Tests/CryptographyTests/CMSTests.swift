import Cryptography
import Foundation
import Kernel
import Testing

@Suite("Certificates and signatures of documents")
struct CMSTests {
    private let start = Moment(milliseconds: 1_770_000_000_000)
    private let end = Moment(milliseconds: 1_900_000_000_000)
    private let during = Moment(milliseconds: 1_800_000_000_000)
    private let subject = Certificate.Subject(organization: "示例区行政审批局", commonName: "文书签章")

    private func selfSigned(_ key: PrivateKey) throws -> Certificate {
        try Certificate.selfSigned(subject, key: key, from: start, until: end)
    }

    @Test("A certificate names its key and is read back", arguments: KeyKind.allCases)
    func certificate(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        let certificate = try selfSigned(key)
        #expect(certificate.certifies(key.publicKey))
        #expect(!certificate.certifies(try PrivateKey.generate(kind).publicKey))
        #expect(certificate.isSigned(by: key.publicKey))
        #expect(!certificate.isSigned(by: try PrivateKey.generate(kind).publicKey))
        #expect(try Certificate(der: certificate.der) == certificate)
        var altered = certificate.der
        altered[altered.count / 2] ^= 1
        #expect((try? Certificate(der: altered))?.isSigned(by: key.publicKey) != true)
        #expect(try certificate.pem().hasPrefix("-----BEGIN CERTIFICATE-----\n"))
        #expect(certificate.der.firstRange(of: Array(subject.organization.utf8)) != nil)
        #expect(try selfSigned(key) != certificate)
        for wrong in [[], Array(certificate.der.dropLast()), certificate.der + [0]] {
            #expect(throws: CryptographyError.malformed("certificate")) { try Certificate(der: wrong) }
        }
    }

    @Test("A signature fits its content, its signer and the time its certificate is valid")
    func signature() throws {
        let key = try PrivateKey.generate(.p256)
        let certificate = try selfSigned(key)
        let content = pattern(10_000)
        let signature = try CMS.sign(content, key: key, certificate: certificate, at: during)
        #expect(CMS.verify(signature, of: content, trusted: [certificate], at: during))
        #expect(!CMS.verify(signature, of: content + [0], trusted: [certificate], at: during))
        #expect(!CMS.verify(signature, of: [], trusted: [certificate], at: during))
        #expect(!CMS.verify(signature, of: content, trusted: [], at: during))
        #expect(!CMS.verify(signature, of: content, trusted: [try selfSigned(.generate(.p256))], at: during))
        #expect(!CMS.verify(signature, of: content, trusted: [certificate], at: end.adding(seconds: 1)))
        #expect(!CMS.verify(signature, of: content, trusted: [certificate], at: start.adding(seconds: -1)))
        #expect(!CMS.verify([], of: content, trusted: [certificate], at: during))
        #expect(signature.firstRange(of: content.prefix(64)) == nil)
        // 1,800,000,000 s is 2027-01-15 08:00:00 UTC: the time given, not the machine's.
        #expect(signature.firstRange(of: Array("270115080000Z".utf8)) != nil)
    }

    @Test("A key signs only under its own certificate, and only where viewers understand it")
    func mismatch() throws {
        let key = try PrivateKey.generate(.p256)
        let other = try selfSigned(.generate(.p256))
        let sm2 = try PrivateKey.generate(.sm2)
        let error = CryptographyError.invalidParameter("the certificate does not fit the key")
        #expect(throws: error) { try CMS.sign([1], key: key, certificate: other, at: during) }
        #expect(throws: error) { try CMS.sign([1], key: sm2, certificate: try selfSigned(sm2), at: during) }
    }

    @Test("The system's own tool finds a signature good")
    func openssl() throws {
        let folder = try Folder()
        let key = try PrivateKey.generate(.p256)
        let certificate = try selfSigned(key)
        let content = pattern(1000)
        try folder.write(content, "content")
        try folder.write(try CMS.sign(content, key: key, certificate: certificate, at: during), "signature")
        try folder.write(Array(try certificate.pem().utf8), "p256.pem")
        let time = "\(during.milliseconds / 1000)"
        #expect(
            try run([
                "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", folder.file("signature"), "-content",
                folder.file("content"), "-CAfile", folder.file("p256.pem"), "-attime", time, "-out", "/dev/null",
            ]) == 0)
    }

    private func run(_ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
