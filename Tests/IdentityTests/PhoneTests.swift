import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Identity

@Suite("Another phone")
struct PhoneTests {
    private static let new = "13912340000"
    private static let password = "kite over river 9"

    /// Up to the code that the new phone got.
    private func begin(_ house: House, _ viewer: ResidentViewer, to phone: String = new) async throws -> String {
        try #require(
            try await house.identity.beginPhoneChange(
                of: viewer, to: phone, password: Self.password, idNumber: "", house.doing))
    }

    @Test("Password and code move the account; sessions elsewhere end, this one goes on", arguments: Backend.all)
    func moves(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            var person = Person()
            let account = try await house.register(person)
            let elsewhere = try await house.signIn(person)
            let here = try await house.signIn(person)
            let viewer = try #require(try await house.resident(here))
            let code = try await begin(house, viewer)
            try await house.identity.confirmPhoneChange(
                of: account, code: code, keeping: viewer.session, area: house.area, house.doing)

            #expect(try await house.resident(here) != nil)
            #expect(try await house.resident(elsewhere) == nil)
            let old = try #require(MobileNumber(person.phone))
            #expect(try await house.identity.account(of: old) == nil)
            #expect(try await house.identity.person(of: account).phone == Self.new)
            #expect(try await house.identity.readAccount(account).phoneMask == Mask.phone(Self.new))
            #expect(try await house.messages(account) == ["identity.phoneChanged"])
            let letters = try await house.database.read { tx in
                try Outbox.due(channel: "sms", at: house.time.now, limit: 50, tx).compactMap {
                    $0.payload["kind"].text
                }
            }
            #expect(letters.contains("identity.phoneLeft"))
            person.phone = Self.new
            _ = try await house.signIn(person)
            // The old number is free for somebody else.
            var next = Person(name: "方新主", birth: "19910418")
            next.phone = old.text
            house.time.advance(seconds: 60)
            _ = try await house.register(next)
        }
    }

    /// Wherever the program stopped, the letter is carried out again and ends at the same place.
    @Test("A crash after any step is made good", arguments: Backend.all, [0, 1, 2])
    func resumes(_ backend: Backend, _ steps: Int) async throws {
        try await withHouse(backend) { house in
            var person = Person()
            let account = try await house.register(person)
            let cookie = try await house.signIn(person)
            let viewer = try #require(try await house.resident(cookie))
            let code = try await begin(house, viewer)
            let wish = try #require(try await house.identity.pendingPhone(of: account, at: house.time.now)).hash
            // What confirming does, up to the letter; then so many steps of carrying it out, and the power fails.
            let phone = try #require(MobileNumber(Self.new))
            #expect(try await house.identity.checkCode(code, of: phone, for: .phone, at: house.time.now) != nil)
            try await house.database.write { tx in
                try IdentityAPI.post(
                    .phone(account: account.id, wish: wish, keeping: viewer.session, area: house.area.text),
                    area: account.bucket, at: house.time.now, tx)
            }
            if steps > 0 { #expect(try await house.identity.enterNewPhone(of: account, wish: wish, house.doing)) }
            if steps > 1 {
                try await house.identity.rewritePhone(
                    of: account, wish: wish, keeping: viewer.session, area: house.area, house.doing)
            }
            // Both numbers lead to the account while it moves: nobody is locked out.
            let old = try #require(MobileNumber(person.phone))
            #expect(try await house.identity.account(of: old) == account)

            house.time.advance(seconds: 120)
            try await house.identity.carryLetters(at: house.time.now)
            #expect(try await house.identity.account(of: old) == nil)
            #expect(try await house.identity.account(of: phone) == account)
            #expect(try await house.resident(cookie) != nil)
            person.phone = Self.new
            _ = try await house.signIn(person)
            #expect(try await house.messages(account) == ["identity.phoneChanged"])
            let waiting = try await house.database.read { tx in
                try Outbox.due(channel: "identity", at: house.time.now.adding(seconds: 86_400), limit: 10, tx)
            }
            #expect(waiting.isEmpty)
        }
    }

    @Test("A wrong password, the same phone and somebody else's phone change nothing", arguments: [Backend.sqlite])
    func refusals(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            let account = try await house.register(person)
            let other = Person(name: "方某人", phone: "13900009876", birth: "19910418")
            _ = try await house.register(other)
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            await #expect(throws: DomainError.invalid("password", "identity.password.current")) {
                try await house.identity.beginPhoneChange(
                    of: viewer, to: Self.new, password: "no", idNumber: "", house.doing)
            }
            await #expect(throws: DomainError.invalid("phone", "identity.phoneChange.same")) {
                _ = try await begin(house, viewer, to: person.phone)
            }
            let code = try await begin(house, viewer, to: other.phone)
            await #expect(throws: DomainError.invalid("code", "identity.phoneChange.taken")) {
                try await house.identity.confirmPhoneChange(
                    of: account, code: code, keeping: nil, area: house.area, house.doing)
            }
            await #expect(throws: DomainError.invalid("code", "identity.code.wrong")) {
                try await house.identity.confirmPhoneChange(
                    of: account, code: code == "000000" ? "111111" : "000000", keeping: nil, area: house.area,
                    house.doing)
            }
            house.time.advance(seconds: 1000)
            await #expect(throws: DomainError.conflict(Message("identity.phoneChange.late"))) {
                try await house.identity.confirmPhoneChange(
                    of: account, code: code, keeping: nil, area: house.area, house.doing)
            }
            #expect(try await house.identity.person(of: account).phone == person.phone)
        }
    }

    @Test("A letter moves to the phone whose code was typed, not to a later wish", arguments: [Backend.sqlite])
    func laterWish(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            let account = try await house.register(person)
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            _ = try await begin(house, viewer)
            let wish = try #require(try await house.identity.pendingPhone(of: account, at: house.time.now)).hash
            _ = try await begin(house, viewer, to: "13700001111")
            try await house.identity.movePhone(
                of: account, wish: wish, keeping: nil, area: house.area, house.doing)
            #expect(try await house.identity.person(of: account).phone == person.phone)
        }
    }

    @Test("At the window the new phone is enough; every session ends", arguments: [Backend.sqlite])
    func window(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            let account = try await house.register(person)
            let cookie = try await house.signIn(person)
            let clerk = house.doing(as: "clerk")
            let code = try #require(try await house.identity.beginPhoneChange(of: account, to: Self.new, clerk))
            try await house.identity.confirmPhoneChange(
                of: account, code: code, keeping: nil, area: house.area, clerk)
            #expect(try await house.resident(cookie) == nil)
            #expect(try await house.identity.person(of: account).phone == Self.new)
            #expect(
                try await house.log(kinds: ["phone.begun"], area: account.bucket).map(\.actor) == ["staff:clerk"])
        }
    }
}
