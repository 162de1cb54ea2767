import Cryptography
import Dispatch
import Foundation
import Kernel
import Synchronization
import Testing

@Suite("The local key service")
struct KeyServiceTests {
    private let folder: Folder
    private let place: AssociatedData

    init() throws {
        folder = try Folder()
        place = AssociatedData(area: try #require(AreaCode("510106")), vault: "vault-1")
    }

    private func service(suite: Seal.Suite = .aes256GCM) throws -> LocalKeyService {
        try LocalKeyService(path: folder.file("keys"), suite: suite)
    }

    @Test("Keys are created at the first start, for the owner only, and are the same at the next")
    func firstStart() throws {
        let first = try service()
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("keys"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(folder.names == ["keys"])
        let key = VaultKey.random()
        let wrapped = try first.wrap(key, associatedData: place)
        #expect(try service().unwrap(wrapped, associatedData: place).exported == key.exported)
        #expect(try service().mac([1], purpose: .phone).code == first.mac([1], purpose: .phone).code)
    }

    @Test("Two processes starting at once end up with the same keys")
    func race() async throws {
        let path = folder.file("keys")
        let codes = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try LocalKeyService(path: path).mac([1], purpose: .name).code } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(codes.count == 1)
        #expect(folder.names == ["keys"])
    }

    @Test("A file that others may read is refused", arguments: [0o640, 0o604, 0o660, 0o622])
    func exposed(mode: Int) throws {
        _ = try service()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.file("keys"))
        #expect(throws: CryptographyError.exposedKeyFile(path: folder.file("keys"))) { try service() }
    }

    @Test("A damaged file is refused and left as it is")
    func damaged() throws {
        _ = try service()
        let good = String(decoding: try folder.read("keys"), as: UTF8.self)
        let lines = good.split(separator: "\n").map(String.init)
        for bad in [
            "", "tongban-keys 2\n", lines.dropLast().joined(separator: "\n"), good + lines[1] + "\n",
            good.replacing("wrap 1", with: "wrap 0"), good.replacing("aes-256-gcm", with: "rot13"), good + "x\n",
            String(good.dropLast(3)),
        ] {
            let file = FileManager.default
            #expect(
                file.createFile(
                    atPath: folder.file("keys"), contents: Data(bad.utf8), attributes: [.posixPermissions: 0o600]))
            #expect(throws: CryptographyError.malformed("key file")) { try service() }
            #expect(try folder.read("keys") == Array(bad.utf8))
        }
    }

    @Test("A wrapped key opens at its place only, and only unaltered", arguments: Seal.Suite.allCases)
    func wrapping(suite: Seal.Suite) throws {
        let service = try service(suite: suite)
        let wrapped = try service.wrap(.random(), associatedData: place)
        #expect(wrapped.masterVersion == 1)
        #expect(try Seal.head(of: wrapped.bytes).suite == suite)
        let other = AssociatedData(area: try #require(AreaCode("510106")), vault: "vault-2")
        #expect(throws: CryptographyError.unauthentic) { try service.unwrap(wrapped, associatedData: other) }
        for index in 6..<wrapped.bytes.count {
            var altered = wrapped.bytes
            altered[index] ^= 1
            let key = try WrappedKey(altered)
            #expect(throws: CryptographyError.unauthentic) { try service.unwrap(key, associatedData: place) }
        }
        var foreign = wrapped.bytes
        foreign[5] = 9
        let key = try WrappedKey(foreign)
        #expect(throws: CryptographyError.unknownKeyVersion(9)) { try service.unwrap(key, associatedData: place) }
        #expect(throws: CryptographyError.malformed("sealed bytes")) { try WrappedKey([]) }
    }

    @Test("After a rotation old keys still open, new ones are used, and a running process learns of them")
    func rotation() throws {
        let running = try service()
        let old = try running.wrap(.random(), associatedData: place)
        let oldCode = try running.mac([1], purpose: .phone)
        let oldSignature = try running.sign([1])

        let rotating = try service()
        #expect(try rotating.rotate(.wrap) == 2)
        #expect(try rotating.rotate(.lookup) == 2)
        #expect(try rotating.rotate(.sign) == 2)
        #expect(rotating.lookupVersions == [2, 1])

        let new = try rotating.wrap(.random(), associatedData: place)
        #expect(new.masterVersion == 2)
        #expect(running.wrappingVersion == 2, "another process's new key is used at once")
        #expect(
            try running.unwrap(new, associatedData: place).exported
                == rotating.unwrap(new, associatedData: place).exported)
        #expect(running.wrappingVersion == 2)
        #expect(
            try rotating.unwrap(old, associatedData: place).exported
                == running.unwrap(old, associatedData: place).exported)

        let newCode = try rotating.mac([1], purpose: .phone)
        #expect(newCode.version == 2)
        #expect(newCode.code != oldCode.code)
        #expect(try rotating.mac([1], purpose: .phone, version: 1) == oldCode.code)
        #expect(throws: CryptographyError.unknownKeyVersion(3)) { try rotating.mac([1], purpose: .phone, version: 3) }

        let newSignature = try rotating.sign([1])
        #expect(newSignature.keyVersion == 2)
        #expect(rotating.verify(newSignature, of: [1]))
        #expect(rotating.verify(oldSignature, of: [1]))
        #expect(try service().wrappingVersion == 2)
    }

    @Test("Rotations at the same moment all count")
    func concurrentRotation() throws {
        let path = folder.file("keys")
        _ = try service()
        let versions = Mutex<[UInt32]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<10 {
                guard let version = try? LocalKeyService(path: path).rotate(.wrap) else { return }
                versions.withLock { $0.append(version) }
            }
        }
        #expect(versions.withLock { $0.sorted() } == Array(2...81))
    }

    @Test("Changing the suite keeps old look-up codes as they were")
    func changeOfSuite() throws {
        let service = try service()
        let before = try service.mac([1], purpose: .idNumber)
        let sealed = try service.wrap(.random(), associatedData: place)
        #expect(try service.rotate(.lookup, suite: .sm4CTRHMACSM3) == 2)
        #expect(try service.rotate(.wrap, suite: .sm4CTRHMACSM3) == 2)
        #expect(try Seal.head(of: service.wrap(.random(), associatedData: place).bytes).suite == .sm4CTRHMACSM3)
        let next = try self.service()
        #expect(try next.mac([1], purpose: .idNumber, version: 1) == before.code)
        #expect(
            try next.unwrap(sealed, associatedData: place).exported
                == service.unwrap(sealed, associatedData: place).exported)
    }

    @Test("Codes of one purpose tell nothing about another's")
    func purposes() throws {
        let service = try service()
        let codes = try [MACPurpose.name, .phone, .idNumber, .account, .queryCode, .forms].map {
            try service.mac(Array("13800000000".utf8), purpose: $0).code
        }
        #expect(Set(codes).count == 6)
        #expect(codes.allSatisfy { $0.count == 32 })
    }

    @Test("Anybody can check a signature with the public key", arguments: Seal.Suite.allCases)
    func signatures(suite: Seal.Suite) throws {
        let service = try service(suite: suite)
        let signature = try service.sign(pattern(100))
        let key = try service.verificationKey(version: signature.keyVersion)
        #expect(
            try PublicKey(suite == .aes256GCM ? .ed25519 : .sm2, bytes: key.bytes).verify(
                signature.bytes, of: pattern(100)))
        #expect(!key.verify(signature.bytes, of: pattern(99)))
        #expect(!service.verify(ServiceSignature(keyVersion: 9, bytes: signature.bytes), of: pattern(100)))
        #expect(throws: CryptographyError.unknownKeyVersion(9)) { try service.verificationKey(version: 9) }
        // The same seed gives the same key to another process.
        #expect(try self.service().verify(signature, of: pattern(100)))
    }

    @Test("A change of suite gives every kind of key a new version, once")
    func change() throws {
        let service = try service()
        let signature = try service.sign(pattern(10))
        #expect(service.suite == .aes256GCM)
        #expect(try service.change(to: .sm4CTRHMACSM3) == LocalKeyService.Kind.allCases)
        #expect(try service.change(to: .sm4CTRHMACSM3).isEmpty)
        #expect(service.suite == .sm4CTRHMACSM3)
        #expect(
            service.inventory.map { "\($0.kind.rawValue) \($0.version) \($0.algorithm)" } == [
                "wrap 1 aes-256-gcm", "wrap 2 sm4-ctr-hmac-sm3", "lookup 1 hmac-sha256", "lookup 2 hmac-sm3",
                "sign 1 ed25519", "sign 2 sm2",
            ])
        #expect(service.verify(signature, of: pattern(10)))
        let other = try service.sign(pattern(10))
        #expect(other.keyVersion == 2 && service.verify(other, of: pattern(10)))
    }
}
