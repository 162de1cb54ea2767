import Cryptography
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Identity

/// Identity over a database of its own, with quick password hashes.
struct House {
    let identity: IdentityAPI
    let database: any Database
    let time: FixedTime
    let area: AreaCode

    var doing: Doing { Doing(actor: .system("test"), request: "test", at: time.now) }

    func doing(as staff: String) -> Doing {
        Doing(actor: Actor(.staff, id: staff, channel: .window), request: "test", at: time.now)
    }

    /// A phone's code, as the demonstration shows it.
    func code(for phone: String, _ purpose: CodePurpose = .register) async throws -> String {
        let number = try #require(MobileNumber(phone))
        return try #require(try await identity.sendCode(to: number, for: purpose, doing))
    }

    /// Registers a person as the page does.
    func register(_ person: Person, password: String = "kite over river 9") async throws -> AccountReference {
        let code = try await code(for: person.phone)
        return try await identity.register(person.form(code: code, password: password), doing)
    }

    /// Signs a resident in and answers the cookie.
    func signIn(_ person: Person, password: String = "kite over river 9") async throws -> String {
        let answer = try await identity.signIn(phone: person.phone, password: password, device: "Test", doing)
        return try #require(answer.cookie)
    }

    /// Signs a member of staff in and answers the cookie.
    func signInStaff(_ login: String, password: String, code: String = "") async throws -> String {
        let answer = try await identity.signInStaff(
            area, login: login, password: password, code: code, device: "Test", doing)
        return try #require(answer.cookie)
    }

    func resident(_ cookie: String) async throws -> ResidentViewer? {
        try await identity.resident(cookie: cookie, at: time.now)
    }

    func staff(_ cookie: String) async throws -> StaffViewer? {
        try await identity.staff(cookie: cookie, area: area, at: time.now)
    }

    /// A member of staff with posts that are held at once.
    @discardableResult
    func hire(_ login: String, _ posts: [(Role, String)], password: String = "slow green lantern") async throws
        -> String
    {
        let id = try await identity.createStaff(area, login: login, name: "员工" + login, password: password)
        for (role, department) in posts {
            try await identity.grant(area, staff: id, role: role, department: department)
        }
        return id
    }
}

/// Somebody made up.
struct Person {
    var name = "秦小满"
    var phone = "13800005678"
    var birth = "19900307"

    /// A number with the right check character.
    var idNumber: String {
        let body = "510106\(birth)002"
        return body + String(CheckDigit.citizen(body) ?? "?")
    }

    func form(code: String, password: String = "kite over river 9") -> RegistrationForm {
        RegistrationForm(
            phone: phone, code: code, name: name, idNumber: idNumber, password: password, repeated: password,
            hasConsented: true)
    }
}

extension House {
    /// A resident says to be a company's legal representative, as the page does.
    func claim(
        _ viewer: ResidentViewer, organisation: String = "某某公司", uscc: String, role: MandateRole = .representative,
        representative: String = "", until: CivilDate? = nil
    ) async throws -> Identity.Confirmation {
        try await identity.claimCompany(
            viewer,
            CompanyForm(
                organisation: organisation, uscc: uscc, role: role, representative: representative, until: until,
                hasUntil: until != nil), area: area, doing)
    }
}

/// A credit code with right check characters.
func creditCode(_ serial: String = "MA6CXY7K") throws -> String {
    let organisation = serial + String(try #require(CheckDigit.organisation(serial)))
    let body = "91510106" + organisation
    return body + String(try #require(CheckDigit.creditCode(body)))
}

extension SignInAnswer {
    var cookie: String? { if case .done(let cookie, _) = self { cookie } else { nil } }
    var before: Before? { if case .done(_, let before) = self { before } else { nil } }
    var lockedUntil: Moment? { if case .locked(let until) = self { until } else { nil } }
    var isWrong: Bool { if case .wrong = self { true } else { false } }
}

let migrations = WorkflowModule().migrations + [M001.migration]

func withHouse(
    _ backend: Backend, demo: Bool = true, isolation: isolated (any _Concurrency.Actor)? = #isolation,
    _ body: (House) async throws -> Void
) async throws {
    try await withDatabase(backend, migrations: migrations) { database in
        try await withKeys { vaults in try await body(try house(database, vaults, demo: demo)) }
    }
}

func house(_ database: any Database, _ vaults: Vaults, demo: Bool) throws -> House {
    let time = FixedTime()
    let identity = IdentityAPI(
        database: database, vaults: vaults, time: time.source,
        settings: IdentitySettings(demo: demo, scrypt: .quick))
    return House(identity: identity, database: database, time: time, area: try #require(AreaCode("510106")))
}

/// Master keys in a folder that goes away.
func withKeys(
    isolation: isolated (any _Concurrency.Actor)? = #isolation, _ body: (Vaults) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("identity-keys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let keys = try LocalKeyService(path: folder.appendingPathComponent("keys").path)
    try await body(Vaults(keys: keys))
}
