import Kernel
import Storage
import TestKit
import Testing
import Web

@testable import Identity

@Suite("Systems that call the API")
struct ClientTests {
    private static let scope = Permission("cases.view")

    @Test("Id and secret give a token for an hour, in the areas it was registered for", arguments: Backend.all)
    func token(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let (id, secret) = try await register(house)
            let issued = try #require(try await take(id, secret, house))
            let client = try #require(try await call(issued, house.area, house))
            #expect(client.id == id)
            #expect(client.permissions == [Self.scope])
            #expect(client.resident == nil)
            let elsewhere = try #require(AreaCode("370213"))
            #expect(try await call(issued, elsewhere, house) == nil)
            house.time.advance(seconds: 3600)
            #expect(try await call(issued, house.area, house) == nil)
        }
    }

    @Test("A wrong secret, another address and a client past its day get none", arguments: Backend.all)
    func refusals(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let (id, secret) = try await register(house, until: house.time.now.date)
            #expect(try await take(id, String(secret.reversed()), house) == nil)
            #expect(try await take("510106.\(ID<ClientRow>(at: house.time.now))", secret, house) == nil)
            #expect(try await take(id, secret, house, address: "10.0.0.9") == nil)
            let issued = try #require(try await take(id, secret, house))
            house.time.advance(seconds: 15 * 3600)
            #expect(try await take(id, secret, house) == nil)
            #expect(try await call(issued, house.area, house) == nil)
        }
    }

    @Test("Two secrets are good at a time; a third ends the oldest and its tokens", arguments: Backend.all)
    func secrets(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let (id, first) = try await register(house)
            let old = try #require(try await take(id, first, house))
            house.time.advance(seconds: 1)
            let second = try await house.identity.addSecret(of: id, by: .system("test"))
            let newer = try #require(try await take(id, second, house))
            #expect(try await take(id, first, house) != nil)
            house.time.advance(seconds: 1)
            let third = try await house.identity.addSecret(of: id, by: .system("test"))
            #expect(try await take(id, first, house) == nil)
            #expect(try await call(old, house.area, house) == nil)
            #expect(try await call(newer, house.area, house) != nil)
            #expect(try await take(id, third, house) != nil)
        }
    }

    @Test("Acting for a resident needs his word, and ends when he takes it back", arguments: Backend.all)
    func resident(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let (id, secret) = try await register(house)
            let account = try await house.register(Person())
            let name = "\(account.bucket).\(account.id)"
            await #expect(throws: DomainError.forbidden) { try await take(id, secret, house, resident: name) }
            try await house.identity.allow(id, for: account, allowed: true, by: .system("test"))
            let issued = try #require(try await take(id, secret, house, resident: name))
            #expect(try await call(issued, house.area, house)?.resident?.account == account.id)
            try await house.identity.allow(id, for: account, allowed: false, by: .system("test"))
            #expect(try await call(issued, house.area, house) == nil)
        }
    }

    private func register(_ house: House, until: CivilDate? = nil) async throws -> (id: String, secret: String) {
        try await house.identity.createClient(
            house.area, name: "某省平台", scopes: [Self.scope], areas: [house.area], addresses: ["10.0.0.8"], until: until)
    }

    private func take(
        _ id: String, _ secret: String, _ house: House, resident: String? = nil, address: String = "10.0.0.8"
    ) async throws -> String? {
        try await house.identity.issueToken(
            client: id, secret: secret, resident: resident, address: address, house.doing)?.token
    }

    private func call(_ token: String, _ area: AreaCode, _ house: House) async throws -> ClientViewer? {
        try await house.identity.client(bearer: token, area: area, at: house.time.now)
    }
}

@Suite("Which passwords are taken")
struct PasswordRulesTests {
    @Test(
        "What an attacker tries first is refused",
        arguments: [
            "12345678", "87654321", "password1", "Password!", "qwertyuiop", "1qaz2wsx", "11111111", "abcabcabc",
            "19900307",
            "admin123456", "P@ssw0rd", "woaini520", "iloveyou!!", "aaaabbbb", "zxcvbnm,", "short7!",
        ])
    func weak(_ password: String) {
        #expect(PasswordRules.fault(of: password, shortest: 8, not: []) != nil)
    }

    @Test("Words and sentences are taken", arguments: ["kite over river 9", "correct-horse", "73519462", "春眠不觉晓处处闻啼鸟"])
    func strong(_ password: String) {
        #expect(PasswordRules.fault(of: password, shortest: 8, not: ["13800005678"]) == nil)
    }

    @Test("The account's own name is no password")
    func known() {
        #expect(
            PasswordRules.fault(of: "my13800005678", shortest: 8, not: ["13800005678"])
                == Message("identity.password.known"))
    }
}
