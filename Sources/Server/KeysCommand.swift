import ArgumentParser
import Composition
import Cryptography
import Foundation
import Storage

/// `tongban keys`
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Shows the master keys by version and algorithm; changes the algorithms.",
        subcommands: [Show.self, Change.self], defaultSubcommand: Show.self)

    /// `tongban keys show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Lists what each key is for, its version and its algorithm; never a key.")
        @OptionGroup var options: Options

        func run() async throws {
            let house = try options.house()
            await house.database.close()
            for line in house.keyLines { print(line) }
        }
    }

    /// `tongban keys change`
    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "change", abstract: "Seals, codes and signs in other algorithms from now on.",
            discussion: """
                --suite gm: SM4-CTR with HMAC-SM3, look-up codes by HMAC-SM3, signatures by SM2 with SM3. --suite \
                international: AES-256-GCM, HMAC-SHA256, Ed25519. Works while the program serves: running servers see it \
                at once. What was made before says itself in which algorithms, and is read as before. Keep a new copy \
                of the file `keys` afterwards: backups of before and after need it.
                """)
        @OptionGroup var options: Options
        @Option(help: "gm or international.") var suite: String

        func run() async throws {
            let suites: [String: Seal.Suite] = ["gm": .sm4CTRHMACSM3, "international": .aes256GCM]
            guard let chosen = suites[suite] else { throw ValidationError("--suite is gm or international") }
            let house = try options.house()
            let changed = try await explained(house) { try house.changeAlgorithms(to: chosen) }
            await house.database.close()
            if changed == 0 { print("Nothing to change: every newest key is of this suite.") }
            for line in house.keyLines { print(line) }
        }
    }
}
