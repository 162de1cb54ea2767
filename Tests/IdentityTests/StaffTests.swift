import Cryptography
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Identity

@Suite("At the desk's door")
struct StaffTests {
    @Test("Posts give permissions and queues", arguments: Backend.all)
    func posts(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            try await house.hire("wang", [(.clerk, "market"), (.approver, "transport")])
            let viewer = try #require(
                try await house.staff(try await house.signInStaff("Wang", password: "slow green lantern")))
            #expect(viewer.queues == ["market/clerk", "transport/approver"])
            #expect(viewer.departments == ["market", "transport"])
            #expect(viewer.permissions == Role.clerk.permissions.union(Role.approver.permissions))
            #expect(!viewer.permissions.contains(Permission("cases.review")))
        }
    }

    @Test("Half an hour without a request ends a session", arguments: Backend.all)
    func idle(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            try await house.hire("wang", [(.clerk, "market")])
            let cookie = try await house.signInStaff("wang", password: "slow green lantern")
            house.time.advance(seconds: 1799)
            #expect(try await house.staff(cookie) != nil)
            house.time.advance(seconds: 1800)
            #expect(try await house.staff(cookie) == nil)
        }
    }

    @Test("A session is good in its own area only", arguments: [Backend.sqlite])
    func ownArea(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            try await house.hire("wang", [(.clerk, "market")])
            let cookie = try await house.signInStaff("wang", password: "slow green lantern")
            let other = try #require(AreaCode("370213"))
            #expect(try await house.identity.staff(cookie: cookie, area: other, at: house.time.now) == nil)
            let moved = cookie.replacing("510106", with: "370213")
            #expect(try await house.identity.staff(cookie: moved, area: other, at: house.time.now) == nil)
        }
    }

    @Test("Outside a demonstration nothing is done before password and one-time code are set", arguments: Backend.all)
    func heldBack(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            try await house.hire("wang", [(.clerk, "market")])
            let cookie = try await house.signInStaff("wang", password: "slow green lantern")
            let viewer = try #require(try await house.staff(cookie))
            #expect(viewer.permissions.isEmpty && viewer.queues.isEmpty)

            let fresh = try await house.identity.changePassword(
                of: viewer, current: "slow green lantern", password: "paper boat at dawn",
                repeated: "paper boat at dawn",
                house.doing)
            #expect(try await house.staff(fresh)?.permissions.isEmpty == true)

            try await house.identity.beginTOTP(viewer, house.doing)
            let totp = try #require(try await house.identity.pendingTOTP(viewer))
            let code = totp.code(step: TOTP.step(at: house.time.now))
            try await house.identity.confirmTOTP(viewer, code: code, house.doing)
            #expect(try await house.staff(fresh)?.permissions == Role.clerk.permissions)

            // The code is asked for from now on, and none works twice.
            func enter(_ code: String) async throws -> SignInAnswer {
                try await house.identity.signInStaff(
                    house.area, login: "wang", password: "paper boat at dawn", code: code, device: "", house.doing)
            }
            #expect(try await enter("").isWrong)
            #expect(try await enter(code).isWrong)
            house.time.advance(seconds: 60)
            let next = totp.code(step: TOTP.step(at: house.time.now))
            #expect(try await enter(next).cookie != nil)
            #expect(try await enter(next).isWrong)
        }
    }

    @Test("Wrong codes lock as wrong passwords do; another administrator opens the lock", arguments: Backend.all)
    func lock(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let id = try await house.hire("wang", [(.clerk, "market")])
            let admin = try await house.hire("admin", [(.sysadmin, "")])
            for _ in 0..<5 {
                _ = try await house.identity.signInStaff(
                    house.area, login: "wang", password: "no", code: "", device: "", house.doing)
            }
            let closed = try await house.identity.signInStaff(
                house.area, login: "wang", password: "slow green lantern", code: "", device: "", house.doing)
            #expect(closed.lockedUntil != nil)
            await #expect(throws: DomainError.refused(Message("identity.staff.own"))) {
                try await house.identity.administer(.unlock, staff: id, house.area, house.doing(as: id))
            }
            try await house.identity.administer(.unlock, staff: id, house.area, house.doing(as: admin))
            _ = try await house.signInStaff("wang", password: "slow green lantern")
        }
    }

    @Test("A disabled account is out at once and stays out", arguments: Backend.all)
    func disabled(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let id = try await house.hire("wang", [(.clerk, "market")])
            let cookie = try await house.signInStaff("wang", password: "slow green lantern")
            try await house.identity.administer(.disable, staff: id, house.area, house.doing(as: "admin"))
            #expect(try await house.staff(cookie) == nil)
            let answer = try await house.identity.signInStaff(
                house.area, login: "wang", password: "slow green lantern", code: "", device: "", house.doing)
            #expect(answer.isWrong)
            #expect(try await house.identity.staffMembers(house.area).isEmpty)
            try await house.identity.administer(.enable, staff: id, house.area, house.doing(as: "admin"))
            #expect(try await house.staff(cookie) == nil)
            _ = try await house.signInStaff("wang", password: "slow green lantern")
        }
    }

    @Test("The last five passwords do not come back", arguments: [Backend.sqlite])
    func history(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            try await house.hire("wang", [(.clerk, "market")], password: "paper boat 0")
            var cookie = try await house.signInStaff("wang", password: "paper boat 0")
            for number in 1...6 {
                house.time.advance(seconds: 1)
                let viewer = try #require(try await house.staff(cookie))
                cookie = try await house.identity.changePassword(
                    of: viewer, current: "paper boat \(number - 1)", password: "paper boat \(number)",
                    repeated: "paper boat \(number)", house.doing)
            }
            let viewer = try #require(try await house.staff(cookie))
            func change(to password: String) async throws {
                _ = try await house.identity.changePassword(
                    of: viewer, current: "paper boat 6", password: password, repeated: password, house.doing)
            }
            for number in 1...6 {
                await #expect(throws: DomainError.invalid("password", "identity.password.former")) {
                    try await change(to: "paper boat \(number)")
                }
            }
            try await change(to: "paper boat 0")
        }
    }

    @Test("Accounts nobody uses for 90 days are closed, but never the last administrator's", arguments: Backend.all)
    func dormant(_ backend: Backend) async throws {
        try await withHouse(backend, demo: false) { house in
            try await house.hire("wang", [(.clerk, "market")])
            try await house.hire("admin", [(.sysadmin, "")])
            house.time.advance(days: 89)
            try await house.identity.sweep(at: house.time.now)
            #expect(try await house.identity.staffMembers(house.area).count == 2)
            house.time.advance(days: 2)
            try await house.identity.sweep(at: house.time.now)
            #expect(try await house.identity.staffMembers(house.area).map(\.name) == ["员工admin"])
        }
    }

    @Test("What has ended is swept away, what is good stays", arguments: Backend.all)
    func sweep(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let person = Person()
            _ = try await house.register(person)
            _ = try await house.signIn(person)
            try await house.hire("wang", [(.clerk, "market")])
            _ = try await house.signInStaff("wang", password: "slow green lantern")
            _ = try await house.code(for: "13911112222")
            house.time.advance(seconds: 13 * 3600)
            let cookie = try await house.signIn(person)
            try await house.identity.sweep(at: house.time.now)
            let counts = try await house.database.read { tx in
                try ["session", "staff_session", "phone_code", "vault"].map { name in
                    try tx.value("SELECT COUNT(*) FROM \(SQL.name(name))", as: Int.self) ?? -1
                }
            }
            // Of vaults the account's own stays.
            #expect(counts == [1, 0, 0, 1])
            #expect(try await house.resident(cookie) != nil)
        }
    }
}
