import ArgumentParser
import Composition
import Foundation
import Identity
import Kernel
import Storage
import Web

/// `tongban user …`
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Makes staff accounts and clients of the API.",
        subcommands: [AddStaff.self, AddClient.self])

    /// `tongban user add-staff`
    struct AddStaff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add-staff",
            abstract: "Opens an account for a member of staff, as for the first administrators.",
            discussion:
                "The password is read from standard input. Roles: sysadmin, secadmin, auditor (business roles are given at the desk)."
        )
        @OptionGroup var options: Options
        @Option(help: "The area (six digits).") var area: String
        @Option(help: "Name to sign in with.") var login: String
        @Option(help: "The person's name.") var name: String
        @Option(help: "Role to give.") var role: String

        func run() async throws {
            guard let code = AreaCode(area), !code.isBucket else { throw ValidationError("--area takes six digits") }
            guard let role = Role(rawValue: role) else {
                throw ValidationError("--role is one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            note("Password: ")
            guard let password = readLine(), !password.isEmpty else {
                throw ValidationError("no password on standard input")
            }
            let house = try options.house()
            try await explained(house) {
                let actor = Actor(.os, id: NSUserName(), channel: .system)
                let id = try await house.identity.createStaff(
                    code, login: login, name: name, password: password, by: actor)
                try await house.identity.grant(code, staff: id, role: role, by: actor)
                print(id)
            }
            await house.database.close()
        }
    }

    /// `tongban user add-client`
    struct AddClient: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add-client", abstract: "Registers a system that calls the API; prints its id and secret once."
        )
        @OptionGroup var options: Options
        @Option(help: "The area that answers for it (six digits).") var area: String
        @Option(help: "The system's name.") var name: String
        @Option(help: "Permissions, such as cases.view.") var scope: [String]

        func run() async throws {
            guard let code = AreaCode(area), !code.isBucket else { throw ValidationError("--area takes six digits") }
            let house = try options.house()
            try await explained(house) {
                let (id, secret) = try await house.identity.createClient(
                    code, name: name, scopes: Set(scope.map { Permission($0) }), areas: [code],
                    by: Actor(.os, id: NSUserName(), channel: .system))
                print("client_id=\(id)\nclient_secret=\(secret)")
            }
            await house.database.close()
        }
    }
}

/// `tongban demo`
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fills a data folder for a demonstration: schema, packs, accounts. Run again, it changes nothing.")
    @OptionGroup var options: Options
    @Option(help: "Folder of packs.") var packs = "Packs"
    @Flag(help: "Accounts and packs only, no applications under way.") var empty = false

    func run() async throws {
        let house = try options.house { $0.demo = true }
        try await explained(house) {
            for name in try await house.migrate() { note("applied \(name)") }
            try await house.loadPacks(packs, areas: nil) { note($0) }
            try await house.seedDemo { note($0) }
            if !empty { try await house.seedPackages { note($0) } }
        }
        await house.database.close()
    }
}
