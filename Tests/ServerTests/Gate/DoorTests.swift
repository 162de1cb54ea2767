import Composition
import Cryptography
import Foundation
import HTTPTypes
import Kernel
import TestKit
import Testing
import Web

@testable import Identity

/// What is tried at the doors: planted and stolen sessions, guesses, and questions about who has an account.
@Suite("Attacks at the doors")
struct DoorTests {
    private static let portal = "__Host-tongban"
    private static let desk = "__Host-tongban-desk"
    private static let area = "/\(Office.area)"

    @Test("A session planted before the sign-in is not the one after it", arguments: Backend.all)
    func fixation(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let attacker = Client(office)
            _ = try await attacker.signInResident("13800000002")
            let planted = try #require(attacker.cookies[Self.portal])
            let bucket = planted.prefix { $0 != "." }
            for value in [planted, "\(bucket).\(String(repeating: "A", count: 43))", "@00.x", "x"] {
                let victim = Client(office)
                victim.plant(Self.portal, value)
                let page = Self.area + (value == planted ? "/my/account" : "/sign-in")
                let before = try await victim.token(of: page)
                let answer = try await victim.post(
                    Self.area + "/sign-in", ["phone": "13800000001", "password": House.demoPassword, "csrf": before])
                #expect(answer.status == 303, "\(answer.status)")
                let after = try #require(victim.cookies[Self.portal])
                #expect(after != value)
                // The attacker's browser is still the attacker's, and what was made up is nobody's.
                let seen = try await office.resident(attacker)
                #expect(seen.resident != nil)
                let mine = try await office.resident(victim)
                #expect(mine.resident?.account != seen.resident?.account)
                // A token of before the sign-in is worth nothing after it.
                let form = try await victim.post(Self.area + "/my/messages/read", ["csrf": before])
                #expect(form.status == 422, "\(form.status)")
            }
        }
    }

    @Test("A cookie stolen before the sign-out or a change of password opens nothing after it", arguments: Backend.all)
    func stolen(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let thief = Client(office)
            thief.plant(Self.portal, try #require(owner.cookies[Self.portal]))
            #expect(try await thief.get(Self.area + "/my/cases").status == 200)
            _ = try await owner.post(Self.area + "/sign-out", from: Self.area + "/my/account")
            #expect(try await thief.get(Self.area + "/my/cases").asksToSignIn)

            let second = Client(office)
            _ = try await owner.signInResident("13800000001")
            _ = try await second.signInResident("13800000001")
            thief.plant(Self.portal, try #require(second.cookies[Self.portal]))
            let changed = try await owner.post(
                Self.area + "/my/account/password",
                ["current": House.demoPassword, "password": "kite over river 9", "repeated": "kite over river 9"],
                from: Self.area + "/my/account")
            #expect(changed.status == 303, "\(changed.text)")
            #expect(try await thief.get(Self.area + "/my/cases").asksToSignIn)
            #expect(try await owner.get(Self.area + "/my/cases").status == 200)

            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk")
            thief.plant(Self.desk, try #require(clerk.cookies[Self.desk]))
            #expect(try await thief.get(Self.area + "/desk/tasks").status == 200)
            _ = try await clerk.post(Self.area + "/desk/sign-out", from: Self.area + "/desk/account")
            #expect(try await thief.get(Self.area + "/desk/tasks").asksToSignIn)
        }
    }

    @Test("Who does not exist costs the same password work as who does, at both doors", arguments: Backend.all)
    func work(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let identity = office.house.identity
            let doing = Doing(
                actor: Actor(.system, id: "test", channel: .web), request: "test", at: office.time.source.now())
            var spent: [Int] = []
            func counting(_ act: () async throws -> SignInAnswer) async throws {
                let before = identity.passwords.begun
                let answer = try await act()
                if case .done = answer { Issue.record("a wrong password opened the door") }
                spent.append(identity.passwords.begun - before)
            }
            for phone in ["13800000001", "13700000009", "no phone", ""] {
                try await counting {
                    try await identity.signIn(phone: phone, password: "wrong", device: "", doing)
                }
            }
            let area = try #require(AreaCode(Office.area))
            for login in ["demo.clerk", "nobody.here", "' OR 1=1 --"] {
                try await counting {
                    try await identity.signInStaff(area, login: login, password: "wrong", code: "1", device: "", doing)
                }
            }
            #expect(spent == Array(repeating: 1, count: 7))
        }
    }

    @Test("Guessing a query code is answered alike for any number, and slowed down", arguments: Backend.all)
    func queryCode(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            let guesser = Client(office)
            let page = Self.area + "/progress"
            let token = try await guesser.token(of: page)
            func ask(_ number: String, _ code: String) async throws -> Client.Answer {
                try await guesser.post(page, ["number": number, "code": code, "csrf": token])
            }
            let absent = Things.nothing(like: number)
            let known = try await ask(number, "ABCDEFGH")
            let unknown = try await ask(absent, "ABCDEFGH")
            #expect(known.status == 422 && unknown.status == 422)
            let same =
                known.neutral(page).replacing(number, with: "N") == unknown.neutral(page).replacing(absent, with: "N")
            #expect(same, "the answer tells that the number exists")
            var answers: [Int] = []
            for guess in 0..<12 { answers.append(try await ask(number, "ABCDEFG\(guess % 10)").status) }
            #expect(answers.contains(429) && answers.last == 429)
            // From another address the number itself stays closed for a while.
            let status = try await ask(number, "ABCDEFGH").status
            #expect(status == 429)
        }
    }

    @Test(
        "Guessing one-time codes at the desk closes the account, however right the password is", arguments: Backend.all)
    func secondFactor(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk")
            let page = Self.area + "/desk/account"
            let begun = try await clerk.post(page, ["action": "begin"], from: page)
            let shown = begun.status == 303 ? try await clerk.get(page) : begun
            let secret = try #require(
                shown.text.firstMatch(of: /[A-Z2-7]{4}( ?[A-Z2-7]{4}){7}/).map { String($0.0).filter { $0 != " " } },
                "\(shown.status)")
            let totp = try #require(Base32.decode(secret).flatMap { TOTP(secret: $0) })
            let code = totp.code(step: office.time.source.now().milliseconds / 30_000)
            let confirmed = try await clerk.post(page, ["action": "confirm", "code": code], from: page)
            #expect(confirmed.status == 303, "\(confirmed.status)")
            let thief = Client(office)
            let door = Self.area + "/desk/sign-in"
            var answers: [Int] = []
            for guess in 0..<6 {
                office.time.advance(seconds: 31)
                answers.append(
                    try await thief.post(
                        door, ["login": "demo.clerk", "password": House.demoPassword, "code": "00000\(guess)"],
                        from: door
                    ).status)
            }
            #expect(answers == [422, 422, 422, 422, 429, 429])
            #expect(try await office.staff(thief).staff == nil)
        }
    }

    @Test(
        "Whether a phone has an account is told neither at the sign-in nor where a password was forgotten",
        arguments: Backend.all)
    func accounts(_ backend: Backend) async throws {
        try await Office.open(backend, inEarnest: true) { office in
            let (known, unknown) = ("13800000001", "13700000009")
            for (page, fields) in [
                ("/sign-in", ["password": "wrong"]), ("/forgot", ["action": "send"]),
                (
                    "/forgot",
                    [
                        "action": "reset", "code": "123456", "idNumber": "11010519491231002X",
                        "password": "kite over river 9", "repeated": "kite over river 9",
                    ]
                ),
            ] {
                var seen: [String] = []
                for phone in [known, unknown] {
                    let client = Client(office)
                    let place = Self.area + page
                    let answer = try await client.post(place, fields.merging(["phone": phone]) { $1 }, from: place)
                    seen.append("\(answer.status) " + answer.neutral(place).replacing(phone, with: "PHONE"))
                }
                #expect(seen[0] == seen[1], "\(page) \(fields) tells who is known")
            }
        }
    }
}
