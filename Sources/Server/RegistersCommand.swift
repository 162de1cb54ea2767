import ArgumentParser
import Catalogue
import Composition
import Foundation
import Kernel
import Registers
import Storage
import Web
import Workflow

/// `tongban registers …`
struct RegistersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registers", abstract: "Brings departments' lists, on which decisions without a person rely.",
        subcommands: [Import.self, List.self])

    /// `tongban registers import`
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a list (CSV) in place of the one before it: all of it, or nothing.",
            discussion:
                "The first line names the columns: `key`, and the register's fields. Wrong lines are named, never repeated."
        )
        @OptionGroup var options: Options
        @Argument(help: "The list, UTF-8 or GB18030.", completion: .file()) var file: String
        @Option(help: "The area (six digits).") var area: String
        @Option(help: "The register, as pack.yaml names it.") var register: String
        @Option(help: "The day of which the list speaks: 2026-03-12.") var dated: String

        func run() async throws {
            guard let code = AreaCode(area), !code.isBucket else { throw ValidationError("--area takes six digits") }
            guard let day = CivilDate(dated) else { throw ValidationError("--dated takes a day such as 2026-03-12") }
            guard let data = FileManager.default.contents(atPath: file) else {
                throw ValidationError("the file “\(file)” does not exist or cannot be read; give the list's path")
            }
            let bytes = [UInt8](data)
            guard bytes.count <= RegistersAPI.mostBytesByHand else {
                throw ValidationError("the list is larger than \(RegistersAPI.mostBytesByHand >> 20) MB")
            }
            let house = try options.house()
            try await explained(house) {
                let occasion = Occasion(
                    area: code, at: house.time.now(), actor: Actor(.os, id: NSUserName(), channel: .system),
                    request: "registers-import")
                do {
                    let done = try await house.registers.importList(bytes, into: register, datedOn: day, occasion)
                    print("list \(done.edition): \(done.entries) entries")
                } catch let fault as RegisterListFault {
                    for (line, message) in fault.lines {
                        print("\(file):\(line): \(house.context.pages.locales.text(message, in: .en))")
                    }
                    throw ExitCode(1)
                } catch DomainError.notFound {
                    throw ValidationError(
                        "area \(area) has no register “\(register)”; tongban registers list --area \(area) names them")
                }
            }
            await house.database.close()
        }
    }

    /// `tongban registers list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Says which lists an area's registers have.")
        @OptionGroup var options: Options
        @Option(help: "The area (six digits).") var area: String

        func run() async throws {
            guard let code = AreaCode(area), !code.isBucket else { throw ValidationError("--area takes six digits") }
            let house = try options.house()
            try await explained(house) {
                let registers: [RegisterType]
                do { registers = try await house.catalogue.index(of: code).registers } catch DomainError.notFound {
                    throw ValidationError("there is no area \(area) here; tongban catalogue load brings one")
                }
                for register in registers {
                    let current = try await house.registers.editions(of: register.id, area: code).first {
                        $0.state == .current
                    }
                    let standing = current.map { "list \($0.edition) of \($0.datedOn), \($0.entries) entries" }
                    print("\(register.id): \(standing ?? "no list")")
                }
            }
            await house.database.close()
        }
    }
}
