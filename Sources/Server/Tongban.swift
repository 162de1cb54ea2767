import ArgumentParser

/// The program: one executable, a subcommand for each thing an operator does.
@main
struct Tongban: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tongban",
        abstract: "Tongban 通办: service items, applications and decisions of a district government.",
        discussion: """
            Data (database, keys, files) is kept in one folder, ./data unless --data says otherwise. With --database
            postgres://… the database is PostgreSQL; keys and files stay in the folder.
            """,
        subcommands: [
            Serve.self, Migrate.self, CatalogueCommand.self, UserCommand.self, RegistersCommand.self, Verify.self,
            PrintAnchors.self,
            MakeBackup.self, RestoreBackup.self, KeysCommand.self, DescribeAPI.self, Demo.self,
        ])
}
