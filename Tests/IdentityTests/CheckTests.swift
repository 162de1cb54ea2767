import Cryptography
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Identity

extension House {
    /// The area's security log, newest first.
    func log(kinds: [String] = [], area other: AreaCode? = nil) async throws -> [SecurityEvent] {
        let place = other ?? area
        return try await database.read { tx in
            try SecurityLog.list(.init(kinds: kinds), area: place, before: nil, limit: 500, tx)
        }
    }

    /// What waits at the area's windows.
    func waiting(_ other: AreaCode? = nil) async throws -> [CheckRow] {
        let place = other ?? area
        return try await database.read { tx in try CheckStore.waiting(area: place, after: nil, limit: 100, tx) }
    }

    /// In-app messages on their way to an account.
    func messages(_ account: AccountReference) async throws -> [String] {
        let now = time.now
        return try await database.read { tx in
            try Outbox.due(channel: "message", at: now, limit: 100, tx)
                .filter { $0.payload["account"].text == account.id }.compactMap { $0.payload["kind"].text }
        }
    }

    /// Registers through this area's page.
    func registerHere(_ person: Person) async throws -> AccountReference {
        let number = try #require(MobileNumber(person.phone))
        _ = try await identity.sendCode(to: number, for: .register, doing)
        let code = try await sentCode(number, .register)
        return try await identity.register(person.form(code: code), in: area, doing)
    }

    /// The code in the letter by SMS.
    func sentCode(_ phone: MobileNumber, _ purpose: CodePurpose) async throws -> String {
        let lookup = try identity.lookupCode(phone)
        let bundle = try await database.read { tx in
            let pending = try CodeStore.pending(lookup, purpose: purpose.rawValue, tx)
            return try pending.flatMap { try VaultStore.read($0.id, area: lookup.bucket, tx) }
        }
        let whole = try #require(bundle)
        let part = try #require(whole.parts[Slot.sms])
        let letter = try JSON(parsing: try identity.vaults.open(whole).text(part))
        return try #require(letter["code"].text)
    }
}

@Suite("Papers at the window")
struct CheckTests {
    private static func person(_ account: AccountReference) -> CheckClaim {
        CheckClaim(account: account.id, mandate: nil)
    }

    @Test("Who registered waits at the area's windows with masks, and is confirmed there", arguments: Backend.all)
    func confirmed(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            let person = Person()
            let account = try await house.registerHere(person)
            let row = try #require(try await house.waiting().first)
            #expect(row.claim == Self.person(account))
            #expect(row.mask == "秦*" && row.numberMask == Mask.identity(person.idNumber))
            #expect(try await house.identity.readAccount(account).assurance == .pending)

            let clerk = house.doing(as: "clerk")
            let seen = try await house.identity.look(at: account, area: house.area, clerk)
            #expect(seen.person.name == person.name && seen.person.idNumber == person.idNumber)
            let looks = try await house.database.read { tx in
                try AccessLog.looks(at: account.id, area: house.area, limit: 10, tx)
            }
            #expect(looks.map(\.actor) == ["staff:clerk"])

            try await house.identity.decide(Self.person(account), .confirmed, area: house.area, clerk)
            #expect(try await house.identity.readAccount(account).assurance == .confirmed)
            #expect(try await house.waiting().isEmpty)
            #expect(try await house.messages(account) == ["identity.personConfirmed"])
            #expect(try await house.log(kinds: ["check.confirmed"]).map(\.actor) == ["staff:clerk"])
            await #expect(throws: DomainError.conflict(Message("identity.check.moved"))) {
                try await house.identity.decide(Self.person(account), .confirmed, area: house.area, clerk)
            }
        }
    }

    @Test("A refusal says why; the name put right waits again", arguments: Backend.all)
    func refused(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            var person = Person(name: "秦小蛮")
            let account = try await house.registerHere(person)
            try await house.identity.decide(
                Self.person(account), .refused(.name), area: house.area, house.doing(as: "clerk"))
            let row = try await house.identity.readAccount(account)
            #expect(row.assurance == .refused && row.reason == .name)
            #expect(try await house.messages(account) == ["identity.personRefused"])

            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            person.name = "秦小满"
            func correct(_ password: String) async throws -> Identity.Confirmation {
                try await house.identity.correctPerson(
                    of: viewer, name: person.name, idNumber: person.idNumber, password: password, area: house.area,
                    house.doing)
            }
            await #expect(throws: DomainError.invalid("password", "identity.password.current")) {
                try await correct("wrong")
            }
            #expect(try await correct("kite over river 9") == .pending)
            #expect(try await house.waiting().count == 1)
            #expect(try await house.identity.readAccount(account).reason == nil)
            #expect(try await house.identity.person(of: account).name == "秦小满")
            try await house.identity.decide(
                Self.person(account), .confirmed, area: house.area, house.doing(as: "clerk"))
            await #expect(throws: DomainError.refused(Message("identity.correct.confirmed"))) {
                try await correct("kite over river 9")
            }
        }
    }

    @Test("Found by phone, identity number and credit code; every search is written down", arguments: Backend.all)
    func find(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            let person = Person()
            let account = try await house.registerHere(person)
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            let uscc = try creditCode()
            #expect(try await house.claim(viewer, uscc: uscc) == .pending)
            let clerk = house.doing(as: "clerk")
            for number in [person.phone, person.idNumber, person.idNumber.lowercased(), uscc] {
                #expect(try await house.identity.findAccounts(number, area: house.area, clerk) == [account])
            }
            #expect(try await house.identity.findAccounts("13900000000", area: house.area, clerk).isEmpty)
            #expect(try await house.log(kinds: ["check.searched"]).count == 5)
            await #expect(throws: DomainError.invalid("q", "identity.check.find.form")) {
                try await house.identity.findAccounts("秦小满", area: house.area, clerk)
            }
        }
    }

    @Test("A company is confirmed after the person, and only then acted for", arguments: Backend.all)
    func company(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            let person = Person()
            let account = try await house.registerHere(person)
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            let uscc = try creditCode()
            let subject = IdentityAPI.subject(of: uscc)
            #expect(try await house.claim(viewer, uscc: uscc) == .pending)
            let row = try #require(try await house.waiting().first { $0.organisation != nil })
            #expect(row.organisation == "某某公司" && row.role == .representative)
            let clerk = house.doing(as: "clerk")
            await #expect(throws: DomainError.refused(Message("identity.check.personFirst"))) {
                try await house.identity.decide(row.claim, .confirmed, area: house.area, clerk)
            }
            try await house.identity.decide(Self.person(account), .confirmed, area: house.area, clerk)
            try await house.identity.decide(row.claim, .confirmed, area: house.area, clerk)
            let cookie = try await house.identity.switchIdentity(viewer, to: subject, house.doing)
            #expect(try await house.resident(cookie)?.organisation == "某某公司")

            // Shown to have ended, it is acted for no longer, in sessions that are open too.
            try await house.identity.endMandate(row.claim, area: house.area, clerk)
            #expect(try await house.resident(cookie)?.isOrganisation == false)
            #expect(
                Set(try await house.messages(account)) == [
                    "identity.personConfirmed", "identity.mandateConfirmed", "identity.mandateEnded",
                ])
        }
    }

    @Test("Papers may be shown in another area than the one registered in", arguments: Backend.all)
    func elsewhere(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            let account = try await house.registerHere(Person())
            let other = try #require(AreaCode("370213"))
            try await house.identity.decide(Self.person(account), .confirmed, area: other, house.doing(as: "far"))
            #expect(try await house.identity.readAccount(account).assurance == .confirmed)
            #expect(try await house.waiting().isEmpty)
            #expect(try await house.waiting(other).isEmpty)
        }
    }

    @Test("Taken back by the resident, a company waits no longer", arguments: [Backend.sqlite])
    func withdrawn(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            let person = Person()
            _ = try await house.registerHere(person)
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            let uscc = try creditCode()
            _ = try await house.claim(viewer, uscc: uscc)
            // Said again with another name: one waits, not two.
            _ = try await house.claim(viewer, organisation: "某某有限公司", uscc: uscc)
            #expect(try await house.waiting().compactMap(\.organisation) == ["某某有限公司"])
            try await house.identity.removeMandate(viewer, subject: IdentityAPI.subject(of: uscc), house.doing)
            #expect(try await house.waiting().allSatisfy { $0.organisation == nil })
        }
    }

    @Test("The legal representative sees and ends an agent's authorisation; nobody else does", arguments: Backend.all)
    func revoke(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let (boss, agent) = (Person(), Person(name: "方经办", phone: "13900009876", birth: "19910418"))
            _ = try await house.register(boss)
            let agentAccount = try await house.register(agent)
            let uscc = try creditCode()
            let subject = IdentityAPI.subject(of: uscc)
            let bossViewer = try #require(try await house.resident(try await house.signIn(boss)))
            let agentViewer = try #require(try await house.resident(try await house.signIn(agent)))
            #expect(try await house.claim(bossViewer, uscc: uscc) == .confirmed)
            #expect(
                try await house.claim(
                    agentViewer, uscc: uscc, role: .agent, representative: "秦小满",
                    until: house.time.now.date.adding(days: 30)) == .confirmed)
            func acting(_ viewer: ResidentViewer) async throws -> ResidentViewer {
                let cookie = try await house.identity.switchIdentity(viewer, to: subject, house.doing)
                return try #require(try await house.resident(cookie))
            }
            let agentActing = try await acting(agentViewer)
            #expect(try await house.identity.agents(for: agentActing).isEmpty)
            await #expect(throws: DomainError.forbidden) {
                try await house.identity.revokeAgent(
                    bossViewer.account, by: agentActing, area: house.area, house.doing)
            }
            let bossActing = try await acting(bossViewer)
            #expect(try await house.identity.agents(for: bossActing).map(\.mask) == ["方*"])
            try await house.identity.revokeAgent(agentAccount.id, by: bossActing, area: house.area, house.doing)
            #expect(try await house.identity.agents(for: bossActing).isEmpty)
            await #expect(throws: DomainError.refused(Message("identity.acting.pending"))) {
                try await house.identity.switchIdentity(agentViewer, to: subject, house.doing)
            }
            #expect(try await house.messages(agentAccount) == ["identity.mandateEnded"])
        }
    }

    @Test("An agent names the legal representative and the last day", arguments: [Backend.sqlite])
    func agentFaults(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            _ = try await house.register(person)
            let viewer = try #require(try await house.resident(try await house.signIn(person)))
            let error = await #expect(throws: DomainError.self) {
                _ = try await house.claim(viewer, uscc: "123", role: .agent)
            }
            guard case .invalid(let faults) = error else { throw try #require(error) }
            #expect(faults.map(\.field) == ["uscc", "representative", "until"])
        }
    }

    @Test("Events keep their names and form")
    func golden() throws {
        let claim = CheckClaim(account: "a1", mandate: "m1")
        let events: [(CheckProceeding.Event, String, String)] = [
            (.opened(.init(claim: claim)), "opened", #"{"claim":{"account":"a1","mandate":"m1"}}"#),
            (.confirmed(.init(by: "staff:b")), "confirmed", #"{"by":"staff:b"}"#),
            (.refused(.init(by: "staff:b", reason: .paper)), "refused", #"{"by":"staff:b","reason":"paper"}"#),
            (.withdrawn(.init(by: "system:x")), "withdrawn", #"{"by":"system:x"}"#),
        ]
        for (event, name, data) in events {
            #expect(event.name == name)
            #expect(try event.encoded() == data)
            #expect(try CheckProceeding.Event(name: name, data: data) == event)
        }
        #expect(throws: JournalError.unknown("gone")) { try CheckProceeding.Event(name: "gone", data: "{}") }
    }

    @Test("A reason fits what was checked")
    func reasons() throws {
        let context = CheckProceeding.Context(actor: "staff:b")
        let person = CheckProceeding.State(
            claim: CheckClaim(account: "a", mandate: nil), status: .waiting, reason: nil)
        #expect(throws: DomainError.invalid("reason", "identity.check.reasonEmpty")) {
            try CheckProceeding.decide(.refuse(.authorisation), person, context)
        }
        #expect(try CheckProceeding.decide(.refuse(.person), person, context).count == 1)
    }
}
