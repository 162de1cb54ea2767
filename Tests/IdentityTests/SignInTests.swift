import Cryptography
import Kernel
import Storage
import TestKit
import Testing
import Web

@testable import Identity

@Suite("At the residents' door")
struct SignInTests {
    @Test(
        "Five wrong passwords close the account for a quarter of an hour, for the right one too", arguments: Backend.all
    )
    func lock(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            _ = try await house.register(person)
            for count in 1...5 {
                let answer = try await house.identity.signIn(
                    phone: person.phone, password: "wrong", device: "", house.doing)
                #expect(answer.isWrong == (count < 5))
            }
            let closed = try await house.identity.signIn(
                phone: person.phone, password: "kite over river 9", device: "", house.doing)
            #expect(closed.lockedUntil == house.time.now.adding(seconds: 900))
            house.time.advance(seconds: 900)
            let open = try await house.identity.signIn(
                phone: person.phone, password: "kite over river 9", device: "", house.doing)
            #expect(open.before?.failures == 5)
        }
    }

    @Test("An account that does not exist answers like one that does", arguments: [Backend.sqlite])
    func unknown(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            for count in 1...6 {
                let answer = try await house.identity.signIn(
                    phone: "13700000000", password: "x", device: "", house.doing)
                #expect(answer.isWrong == (count < 5))
                if count >= 5 { #expect(answer.lockedUntil == house.time.now.adding(seconds: 900)) }
            }
        }
    }

    @Test("The last time is told at the next", arguments: [Backend.sqlite])
    func lastTime(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            _ = try await house.register(person)
            let first = try await house.identity.signIn(
                phone: person.phone, password: "kite over river 9", device: "", house.doing)
            #expect(first.before?.at == nil)
            let then = house.time.now
            house.time.advance(seconds: 500)
            _ = try await house.identity.signIn(phone: person.phone, password: "no", device: "", house.doing)
            let second = try await house.identity.signIn(
                phone: "+86 138-0000-5678", password: "kite over river 9", device: "", house.doing)
            #expect(second.before?.at == then)
            #expect(second.before?.failures == 1)
        }
    }

    @Test("A session ends by itself: unused for two hours, or twelve hours old", arguments: Backend.all)
    func ends(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            _ = try await house.register(person)
            let cookie = try await house.signIn(person)
            house.time.advance(seconds: 7199)
            #expect(try await house.resident(cookie) != nil)
            house.time.advance(seconds: 7199)
            #expect(try await house.resident(cookie) != nil)
            house.time.advance(seconds: 7201)
            #expect(try await house.resident(cookie) == nil)

            let another = try await house.signIn(person)
            for _ in 0..<11 {
                house.time.advance(seconds: 3600)
                #expect(try await house.resident(another) != nil)
            }
            house.time.advance(seconds: 3601)
            #expect(try await house.resident(another) == nil)
        }
    }

    @Test("The last use is written at most once a minute", arguments: [Backend.sqlite])
    func touches(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            let account = try await house.register(person)
            let cookie = try await house.signIn(person)
            let start = house.time.now
            house.time.advance(seconds: 59)
            _ = try await house.resident(cookie)
            #expect(try await seen(account, house) == start)
            house.time.advance(seconds: 1)
            _ = try await house.resident(cookie)
            #expect(try await seen(account, house) == house.time.now)
        }
    }

    private func seen(_ account: AccountReference, _ house: House) async throws -> Moment? {
        let now = house.time.now
        return try await house.database.read { tx in
            try SessionStore.list(account, at: now, idle: 9999, tx).first?.seenAt
        }
    }

    @Test("One device is signed out and the other stays; nobody signs out a stranger's", arguments: Backend.all)
    func revoke(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let (person, stranger) = (Person(), Person(phone: "13700001111", birth: "19850505"))
            _ = try await house.register(person)
            _ = try await house.register(stranger)
            let phone = try #require(try await house.resident(try await house.signIn(person)))
            let cookie = try await house.signIn(person)
            let computer = try #require(try await house.resident(cookie))
            let other = try #require(try await house.resident(try await house.signIn(stranger)))
            #expect(try await !house.identity.endSession(computer.session, of: other, house.doing))
            #expect(try await house.resident(cookie) != nil)
            #expect(try await house.identity.endSession(computer.session, of: phone, house.doing))
            #expect(try await house.resident(cookie) == nil)
        }
    }

    @Test("A new password ends all sessions but the one it was changed in, whose token changes", arguments: Backend.all)
    func epoch(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            _ = try await house.register(person)
            let old = try await house.signIn(person)
            let mine = try await house.signIn(person)
            let viewer = try #require(try await house.resident(mine))
            let fresh = try await house.identity.changePassword(
                of: viewer, current: "kite over river 9", password: "two red boats 4", repeated: "two red boats 4",
                house.doing)
            #expect(try await house.resident(old) == nil)
            #expect(try await house.resident(mine) == nil)
            #expect(try await house.resident(fresh)?.session == viewer.session)
        }
    }

    @Test("A hash made cheaper than today's is made again", arguments: [Backend.sqlite])
    func rehash(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            let account = try await house.register(person)
            let cheap = try PasswordHash.hash("kite over river 9", parameters: .init(logN: 3, r: 1, p: 1))
            _ = try await house.database.write { tx in
                try tx.execute(
                    "UPDATE account SET password = \(cheap) WHERE area = \(account.bucket) AND id = \(account.id)")
            }
            _ = try await house.signIn(person)
            let kept = try await house.identity.readAccount(account).password
            #expect(PasswordHash.needsRehash(try #require(kept), parameters: .quick) == false)
            _ = try await house.signIn(person)
        }
    }

    @Test(
        "Cookies of other forms are nobody's",
        arguments: ["", ".", "@12", "@12.", "@99.abc", "510106.x", "@00.\(Token.random().text)"])
    func forms(_ cookie: String) async throws {
        try await withHouse(.sqlite) { house in
            let resident = try await house.resident(cookie)
            let staff = try await house.staff(cookie)
            let client = try await house.identity.client(
                bearer: cookie, area: nil, address: "10.0.0.8", at: house.time.now)
            #expect(resident == nil && staff == nil && client == nil)
        }
    }
}

@Suite("Acting for a company")
struct MandateTests {
    @Test(
        "A legal representative switches to the company and back, with another token each time", arguments: Backend.all)
    func switches(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            _ = try await house.register(person)
            let cookie = try await house.signIn(person)
            let viewer = try #require(try await house.resident(cookie))
            let uscc = try creditCode()
            let answer = try await house.claim(
                viewer, organisation: "某某商贸有限公司", uscc: uscc.lowercased())
            #expect(answer == .confirmed)
            let subject = IdentityAPI.subject(of: uscc)
            let company = try await house.identity.switchIdentity(viewer, to: subject, house.doing)
            #expect(try await house.resident(cookie) == nil)
            let acting = try #require(try await house.resident(company))
            #expect(acting.isOrganisation)
            #expect(acting.organisation == "某某商贸有限公司")
            #expect(acting.subject == subject)
            let profile = try await house.identity.profile(of: acting)
            #expect(profile.kind == .organisation)
            #expect(profile.organisation?.uscc == uscc)
            #expect(profile.organisation?.representative == person.name)

            let back = try await house.identity.switchIdentity(acting, to: nil, house.doing)
            #expect(try await house.resident(back)?.isOrganisation == false)
        }
    }

    @Test("Outside a demonstration a company waits for a clerk, and nobody acts for it", arguments: [Backend.sqlite])
    func pending(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            let person = Person()
            _ = try await house.identity.createResident(
                phone: person.phone, name: person.name, idNumber: person.idNumber, password: "kite over river 9")
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            let uscc = try creditCode()
            #expect(
                try await house.claim(viewer, organisation: "某某公司", uscc: uscc) == .pending
            )
            await #expect(throws: DomainError.refused(Message("identity.acting.pending"))) {
                try await house.identity.switchIdentity(viewer, to: IdentityAPI.subject(of: uscc), house.doing)
            }
        }
    }

    @Test("A confirmed mandate is not made pending again by asking once more", arguments: [Backend.sqlite])
    func confirmedStays(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            let person = Person()
            let account = try await house.identity.createResident(
                phone: person.phone, name: person.name, idNumber: person.idNumber, password: "kite over river 9")
            let uscc = try creditCode()
            let subject = try await house.identity.addMandate(
                account, organisation: "某某公司", uscc: uscc, role: .agent, representative: "欧阳立")
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            _ = try? await house.claim(viewer, organisation: "别的名称", uscc: uscc)
            let company = try await house.identity.switchIdentity(viewer, to: subject, house.doing)
            let acting = try #require(try await house.resident(company))
            #expect(acting.organisation == "某某公司")
            #expect(try await house.identity.profile(of: acting).organisation?.representative == "欧阳立")
        }
    }

    @Test("A mandate that ran out acts for the person again, and opens no company's data", arguments: Backend.all)
    func lapses(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            let account = try await house.register(person)
            let today = house.time.now.date
            let subject = try await house.identity.addMandate(
                account, organisation: "某某公司", uscc: try creditCode(), role: .agent, representative: "欧阳立", until: today
            )
            // 23:30 of the last day.
            house.time.advance(seconds: 14 * 3600)
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            let night = try await house.identity.switchIdentity(viewer, to: subject, house.doing)
            let acting = try #require(try await house.resident(night))
            #expect(acting.isOrganisation)
            house.time.advance(seconds: 3600)
            #expect(house.time.now.date == today.adding(days: 1))
            #expect(try await house.resident(night)?.isOrganisation == false)
            #expect(try await house.resident(night)?.subject == account.id)
            await #expect(throws: DomainError.forbidden) { try await house.identity.profile(of: acting) }
        }
    }
}
