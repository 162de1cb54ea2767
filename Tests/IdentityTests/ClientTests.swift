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

    @Test(
        "A good token is good for nothing from another address, and that is written down once", arguments: Backend.all)
    func elsewhere(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let (id, secret) = try await register(house)
            let issued = try #require(try await take(id, secret, house))
            #expect(try await call(issued, house.area, house) != nil)
            #expect(try await call(issued, house.area, house, address: "::ffff:10.0.0.8") != nil)
            for _ in 0..<3 { #expect(try await call(issued, house.area, house, address: "10.0.0.9") == nil) }
            #expect(try await call(issued, house.area, house, address: "local") == nil)
            let seen = try await house.log(kinds: ["client.elsewhere"])
            #expect(seen.count == 1)
        }
    }

    @Test(
        "A system works after a second administrator confirmed it, and not after it was revoked", arguments: Backend.all
    )
    func two(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let first = house.doing(as: "a")
            let second = house.doing(as: "b")
            let form = ClientForm(
                name: "某局业务系统", scopes: ["cases.view"], areas: [house.area.text], addresses: "10.0.0.0/24\n192.168.1.7",
                until: nil, hasUntil: false)
            let id = try await house.identity.proposeClient(form, house.area, known: [house.area], first)
            await #expect(throws: DomainError.refused(Message("identity.client.notGood"))) {
                try await house.identity.addSecret(of: id, house.area, first)
            }
            await #expect(throws: DomainError.refused(Message("identity.client.second"))) {
                try await house.identity.confirmClient(id, house.area, first)
            }
            try await house.identity.confirmClient(id, house.area, second)
            let secret = try await house.identity.addSecret(of: id, house.area, first)
            let whole = "\(house.area).\(id)"
            let issued = try #require(try await take(whole, secret, house))
            #expect(try await call(issued, house.area, house, address: "10.0.0.200") != nil)
            #expect(try await call(issued, house.area, house, address: "192.168.1.7") != nil)
            #expect(try await call(issued, house.area, house, address: "10.0.1.8") == nil)
            try await house.identity.revokeClient(id, house.area, first)
            #expect(try await call(issued, house.area, house) == nil)
            #expect(try await take(whole, secret, house) == nil)
        }
    }

    @Test("Rights of administrators, unknown areas and addresses that are none are refused, all at once")
    func faults() async throws {
        try await withHouse(.sqlite) { house in
            let form = ClientForm(
                name: "x", scopes: ["cases.view", "identity.admin"], areas: ["999999"], addresses: "10.0.0.8/24",
                until: house.time.now.date.adding(days: -1), hasUntil: true)
            let error = await #expect(throws: DomainError.self) {
                try await house.identity.proposeClient(form, house.area, known: [house.area], house.doing)
            }
            guard case .invalid(let faults) = error else { throw try #require(error) }
            #expect(faults.map(\.field) == ["name", "scopes", "areas", "addresses", "until"])
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

    private func call(
        _ token: String, _ area: AreaCode, _ house: House, address: String = "10.0.0.8"
    ) async throws -> ClientViewer? {
        try await house.identity.client(bearer: token, area: area, address: address, at: house.time.now)
    }
}

@Suite("From where a system may call")
struct AddressRuleTests {
    @Test(
        "Addresses and networks, old and new",
        arguments: [
            ("10.0.0.8", "10.0.0.8", true), ("10.0.0.8", "10.0.0.9", false), ("10.8.0.0/16", "10.8.255.1", true),
            ("10.8.0.0/16", "10.9.0.1", false), ("10.8.0.0/15", "10.9.0.1", true), ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false), ("10.0.0.8", "::ffff:10.0.0.8", true), ("::1", "::1", true),
            ("10.0.0.8", "local", false),
        ])
    func contains(_ rule: String, _ address: String, _ isIn: Bool) throws {
        #expect(try #require(AddressRule(rule)).contains(address) == isIn)
    }

    @Test(
        "What is none is refused",
        arguments: [
            "", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.8/24", "10.0.0.0/", "a.b.c.d", "::/129", "1/2/3",
        ])
    func refused(_ text: String) { #expect(AddressRule(text) == nil) }
}

@Suite("Which passwords are taken")
struct PasswordRulesTests {
    @Test(
        "What an attacker tries first is refused",
        arguments: [
            "12345678", "87654321", "password1", "Password!", "qwertyuiop", "1qaz2wsx", "11111111", "abcabcabc",
            "19900307",
            "admin123456", "P@ssw0rd", "woaini520", "iloveyou!!", "aaaabbbb", "zxcvbnm,", "short7!", "5201314520",
            "root1root1", "11223344", "wang123456", "a19900307",
            "147258369", "Qwe123123", "woaini1314", "1qaz1qaz", "zhang@2024", "abcd1234", "88886666",
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
