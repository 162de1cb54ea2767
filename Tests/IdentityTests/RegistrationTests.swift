import Cryptography
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Identity

@Suite("Opening an account")
struct RegistrationTests {
    @Test("Who has the phone's code gets an account, and his data come back whole", arguments: Backend.all)
    func opens(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            _ = try await house.register(person)
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            let profile = try await house.identity.profile(of: viewer)
            #expect(profile.name == person.name)
            #expect(profile.idNumber == person.idNumber)
            #expect(profile.phone == person.phone)
            #expect(profile.kind == .person)
            #expect(viewer.displayName == "秦*")
            #expect(viewer.subject == viewer.account)
        }
    }

    @Test(
        "Login and account lie in one bucket: that of the phone's code and of the account's id", arguments: Backend.all)
    func oneBucket(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            for last in 10..<22 {
                let person = Person(phone: "138000056\(last)")
                let account = try await house.register(person)
                let phone = try #require(MobileNumber(person.phone))
                let code = try house.identity.lookupCode(phone)
                #expect(code.bucket == account.bucket)
                #expect(Bucket.of(account: account.id) == account.bucket)
                let found = try await house.identity.account(of: phone)
                #expect(found == account)
            }
        }
    }

    @Test("Every fault is told at once", arguments: [Backend.sqlite])
    func faults(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let form = RegistrationForm(
                phone: "1380000567", code: "1", name: "7", idNumber: "510106", password: "12345678", repeated: "1",
                hasConsented: false)
            let error = await #expect(throws: DomainError.self) { try await house.identity.register(form, house.doing) }
            guard case .invalid(let faults) = error else { throw try #require(error) }
            #expect(Set(faults.map(\.field)) == ["code", "phone", "name", "idNumber", "password", "consent"])
        }
    }

    @Test("A code works once, not after five wrong tries, and not after ten minutes", arguments: Backend.all)
    func codes(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            let phone = try #require(MobileNumber(person.phone))
            let code = try await house.code(for: person.phone)
            let wrong = code == "000000" ? "111111" : "000000"
            for _ in 0..<5 {
                #expect(try await house.identity.checkCode(wrong, of: phone, for: .register, at: house.time.now) == nil)
            }
            #expect(try await house.identity.checkCode(code, of: phone, for: .register, at: house.time.now) == nil)

            house.time.advance(seconds: 60)
            let late = try await house.code(for: person.phone)
            house.time.advance(seconds: 600)
            #expect(try await house.identity.checkCode(late, of: phone, for: .register, at: house.time.now) == nil)

            let good = try await house.code(for: person.phone)
            #expect(try await house.identity.checkCode(good, of: phone, for: .forgot, at: house.time.now) == nil)
            _ = try await house.identity.register(person.form(code: good), house.doing)
            #expect(try await house.identity.checkCode(good, of: phone, for: .register, at: house.time.now) == nil)
        }
    }

    @Test("A phone gets one code a minute", arguments: [Backend.sqlite])
    func pause(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            _ = try await house.code(for: "13800005678")
            house.time.advance(seconds: 20)
            await #expect(throws: DomainError.tooMany(retryAfter: 40)) { try await house.code(for: "13800005678") }
        }
    }

    @Test("One phone, one account", arguments: Backend.all)
    func once(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            _ = try await house.register(Person())
            house.time.advance(seconds: 61)
            await #expect(throws: DomainError.invalid("phone", "identity.register.taken")) {
                try await house.register(Person(name: "周一鸣", birth: "19800101"))
            }
            // Two at the same moment: the look-up before sees nothing, the key refuses the second.
            let twins = Person(phone: "13900001111")
            let claim = PersonClaim(name: twins.name, idNumber: twins.idNumber, phone: twins.phone)
            async let first = try? house.identity.store(
                claim, password: nil, assurance: .confirmed, area: nil, consumed: nil, house.doing)
            async let second = try? house.identity.store(
                claim, password: nil, assurance: .confirmed, area: nil, consumed: nil, house.doing)
            let opened = await [first, second].compactMap { $0 }
            #expect(opened.count == 1)
        }
    }

    @Test("A child's guardian has the account", arguments: [Backend.sqlite])
    func children(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            await #expect(throws: DomainError.invalid("idNumber", "identity.id.young")) {
                try await house.register(Person(birth: "20120313"))
            }
            house.time.advance(seconds: 61)
            _ = try await house.register(Person(birth: "20120312"))
        }
    }

    @Test("A new look-up key still finds the accounts of before", arguments: [Backend.sqlite])
    func rotation(_ backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            try await withKeys { vaults in
                let house = try house(database, vaults, demo: true)
                let account = try await house.register(Person())
                let keys = try #require(vaults.keys as? LocalKeyService)
                _ = try keys.rotate(.lookup)
                let phone = try #require(MobileNumber("13800005678"))
                #expect(try await house.identity.account(of: phone) == account)
                _ = try await house.signIn(Person())
                house.time.advance(seconds: 61)
                await #expect(throws: DomainError.invalid("phone", "identity.register.taken")) {
                    try await house.register(Person())
                }
            }
        }
    }

    @Test("A forgotten password needs phone and identity number; all sessions end", arguments: Backend.all)
    func forgot(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            _ = try await house.register(person)
            let cookie = try await house.signIn(person)
            let code = try await house.code(for: person.phone, .forgot)
            await #expect(throws: DomainError.invalid("idNumber", "identity.forgot.id")) {
                try await house.identity.resetPassword(
                    phone: person.phone, code: code, idNumber: Person(birth: "19900308").idNumber,
                    password: "two red boats 4", repeated: "two red boats 4", house.doing)
            }
            #expect(try await house.resident(cookie) != nil)
            try await house.identity.resetPassword(
                phone: person.phone, code: code, idNumber: person.idNumber, password: "two red boats 4",
                repeated: "two red boats 4", house.doing)
            #expect(try await house.resident(cookie) == nil)
            #expect(
                try await house.identity.signIn(
                    phone: person.phone, password: "kite over river 9", device: "", house.doing
                ).isWrong)
            _ = try await house.signIn(person, password: "two red boats 4")
        }
    }
}

@Suite("What a database shows to who steals it")
struct SealingTests {
    @Test("No name, phone, identity number, code or password stands in the file in plain")
    func sealed() async throws {
        try await withDatabaseAddress(.sqlite, migrations: migrations) { address in
            guard case .sqlite(let path) = address else { return }
            let person = Person()
            let database = try address.open()
            var secrets = [person.name, person.phone, person.idNumber, "kite over river 9", "欧阳立"]
            try await withKeys { vaults in
                let house = try house(database, vaults, demo: true)
                let account = try await house.register(person)
                secrets.append(try await house.code(for: "13911112222"))
                secrets.append(try await house.signIn(person))
                try await house.identity.addMandate(
                    account, organisation: "某某商贸有限公司", uscc: try creditCode(), role: .agent, representative: "欧阳立")
                let staff = try await house.hire("li.si", [(.clerk, "market")])
                let viewer = try #require(
                    try await house.staff(try await house.signInStaff("li.si", password: "slow green lantern")))
                try await house.identity.beginTOTP(viewer, house.doing)
                secrets.append(try #require(try await house.identity.pendingTOTP(viewer)).base32)
                #expect(viewer.id == staff)
            }
            await database.close()
            var bytes: [UInt8] = []
            for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
                bytes += try Data(contentsOf: URL(fileURLWithPath: path + suffix))
            }
            let file = Data(bytes)
            // The search itself works: what may stand there is found.
            #expect(file.range(of: Data("某某商贸有限公司".utf8)) != nil)
            #expect(file.range(of: Data("秦*".utf8)) != nil)
            for secret in secrets { #expect(file.range(of: Data(secret.utf8)) == nil, "\(secret)") }
        }
    }
}
