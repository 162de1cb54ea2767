import Composition
import Kernel
import Storage
import Testing
import Web

@Suite("Routes")
struct RouteTests {
    private func entries() async throws -> [RouteEntry] {
        try await Program.with { program in
            _ = try program.house.router()
            return program.house.routes.entries
        }
    }

    /// What the router sees of a pattern: names of places do not matter.
    private func shape(_ entry: RouteEntry) -> String {
        let segments = entry.pattern.split(separator: "/").map { $0.hasPrefix(":") ? "*" : String($0) }
        return "\(entry.method) /\(segments.joined(separator: "/"))"
    }

    @Test("No two routes have the same shape")
    func unique() async throws {
        let entries = try await entries()
        #expect(entries.count > 60)
        for (shape, same) in Dictionary(grouping: entries, by: shape) {
            #expect(same.count == 1, "\(shape): \(same.map(\.pattern))")
        }
    }

    @Test("Every permission a route asks for is held by a role, and declared by a module")
    func permissions() async throws {
        let roles = try #require(Tree.sources.first { $0.path.hasSuffix("Identity/Domain/Roles.swift") })
        let held = Set(roles.literals.map(\.text).filter { $0.contains(".") })
        #expect(held.count > 10)
        let declared = try await Program.with { program in Set(program.house.modules.flatMap(\.permissions).map(\.name))
        }
        for entry in try await entries() {
            let asked: String? =
                switch entry.access {
                case .permission(let permission), .residentOr(let permission): permission.name
                case .open, .resident, .applicant, .staff: nil
                }
            guard let asked else { continue }
            #expect(held.contains(asked), "\(entry.pattern) asks for \(asked), which no role holds")
            #expect(declared.contains(asked), "\(entry.pattern) asks for \(asked), which no module declares")
        }
    }

    @Test("The desk is for staff, what is one's own for residents, and nothing is open but by name")
    func access() async throws {
        for entry in try await entries() {
            let segments = entry.pattern.split(separator: "/").map(String.init)
            if segments.count > 2, segments[0] == ":area", segments[1] == "desk", !Self.doors.contains(segments[2]) {
                switch entry.access {
                case .staff, .permission: break
                case .open, .resident, .applicant, .residentOr:
                    Issue.record("\(entry.method) \(entry.pattern) is \(entry.access)")
                }
            }
            if segments.count > 1, segments[0] == ":area", segments[1] == "my" {
                switch entry.access {
                case .resident, .applicant, .residentOr: break
                case .open, .staff, .permission: Issue.record("\(entry.method) \(entry.pattern) is \(entry.access)")
                }
            }
            let reads = ["GET", "HEAD"].contains("\(entry.method)")
            if !reads, entry.access == .open {
                #expect(
                    Self.openCommands.contains(entry.pattern), "\(entry.method) \(entry.pattern) is open to everybody")
            }
        }
    }

    /// Pages of the desk before somebody is signed in.
    private static let doors: Set<String> = ["sign-in", "sign-out"]

    /// Commands that nobody needs to be signed in for. To be extended with care.
    private static let openCommands: Set<String> = [
        "/preferences", "/:area/sign-in", "/:area/sign-out", "/:area/register", "/:area/forgot", "/:area/desk/sign-in",
        "/:area/desk/sign-out", "/:area/items/:slug/apply", "/:area/progress", "/api/v1/token",
        "/:area/publicity/:number", "/:area/remote-check/:token", "/:area/remote-check/:token/video",
        "/:area/scan/:token", "/:area/objections", "/api/v1/areas/:area/publicity/:number/objections",
        "/api/v1/areas/:area/objections",
    ]
}
