import Composition
import Foundation
import HTTPTypes
import Identity
import Kernel
import TestKit
import Testing
import Web

/// Every route, asked by everybody: the table of routes itself is the list, so none can be missing.
@Suite("Roles × routes")
struct PermissionMatrixTests {
    @Test("A route lets in those its access names, and nobody else", arguments: Backend.all)
    func matrix(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let entries = office.house.routes.entries
            #expect(entries.count > 60)
            for role in [
                "nobody", "resident", "demo.clerk", "demo.reviewer", "demo.approver", "demo.supervisor", "demo.admin",
            ] {
                let client = Client(office)
                var viewer = Viewer.nobody
                if role == "resident" {
                    let answer = try await client.signInResident("13800000001")
                    #expect(answer.status == 303, "resident could not sign in: \(answer.status)")
                    viewer = try await office.resident(client)
                } else if role != "nobody" {
                    let answer = try await client.signInStaff(role)
                    #expect(answer.status == 303, "\(role) could not sign in: \(answer.status)")
                    viewer = try await office.staff(client)
                }
                // `me` is open to all doors and says itself who is signed in at which.
                for entry in entries where !entry.pattern.contains("sign-") && !entry.pattern.hasSuffix("/me") {
                    let atDesk = entry.pattern.hasPrefix("/:area/desk")
                    let seen = effective(viewer, entry, atDesk: atDesk)
                    let answer = try await client.send(
                        entry.method, path(entry.pattern), [], [.accept: "application/json"])
                    let refused = answer.status == 401 || answer.status == 403
                    let signIn = answer.status == 303 && (answer.location ?? "").hasSuffix("sign-in")
                    if entry.access.admits(seen) {
                        // A command without its token is refused as such (422), never as a matter of rights.
                        #expect(
                            !(refused && answer.text.contains("\"signIn\"")),
                            "\(role) \(entry.method.rawValue) \(entry.pattern) asked to sign in")
                        #expect(
                            answer.status < 500, "\(role) \(entry.method.rawValue) \(entry.pattern): \(answer.status)")
                    } else {
                        let token = answer.status == 422 && answer.text.contains("web.fault.csrf")
                        #expect(
                            refused || signIn || token,
                            "\(role) came in at \(entry.method.rawValue) \(entry.pattern): \(answer.status)")
                    }
                }
            }
        }
    }

    /// Each door has its own cookie: a clerk is nobody in the portal, a resident nobody at the desk.
    private func effective(_ viewer: Viewer, _ entry: RouteEntry, atDesk: Bool) -> Viewer {
        switch (viewer, entry.access) {
        case (.staff, .open), (.staff, .resident): .nobody
        case (.staff, .residentOr): viewer
        case (.resident, _) where atDesk: .nobody
        case (.resident, .staff), (.resident, .permission): .nobody
        default: viewer
        }
    }

    private func path(_ pattern: String) -> String {
        pattern.split(separator: "/", omittingEmptySubsequences: false).map { part -> String in
            switch part {
            case ":area": Office.area
            case let place where place.hasPrefix(":"): "00000000-0000-7000-8000-000000000000"
            default: String(part)
            }
        }.joined(separator: "/")
    }
}

extension Office {
    /// Who a signed-in client is, as the program resolves it.
    func resident(_ client: Client) async throws -> Viewer {
        guard let cookie = client.cookies["__Host-tongban"],
            let viewer = try await house.identity.resident(cookie: cookie, at: time.source.now())
        else { return .nobody }
        return .resident(viewer)
    }

    func staff(_ client: Client) async throws -> Viewer {
        guard let cookie = client.cookies["__Host-tongban-desk"], let area = AreaCode(Office.area),
            let viewer = try await house.identity.staff(cookie: cookie, area: area, at: time.source.now())
        else { return .nobody }
        return .staff(viewer)
    }
}
