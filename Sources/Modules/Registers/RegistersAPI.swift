package import Catalogue
package import Directory
package import Identity
package import Kernel
package import Storage
package import Workflow

/// Registers for other modules: asked at a decision, filled by their departments.
package final class RegistersAPI: Sendable {
    let database: any Database
    let vaults: Vaults
    let catalogue: CatalogueAPI
    let directory: DirectoryAPI
    let identity: IdentityAPI
    let time: TimeSource
    /// Registers that somebody else answers for, by their slug; all others are the house's own.
    let sources: [String: any RegisterSource]
    let own: any RegisterSource
    /// How long a decision waits for a register.
    let patience: Duration

    /// - Parameters:
    ///   - sources: systems of departments by the register's slug, in place of the lists kept here.
    ///   - patience: after it a register counts as unavailable.
    package init(
        database: any Database, vaults: Vaults, catalogue: CatalogueAPI, directory: DirectoryAPI,
        identity: IdentityAPI, time: TimeSource, sources: [String: any RegisterSource] = [:],
        patience: Duration = .milliseconds(1_500)
    ) {
        self.database = database
        self.vaults = vaults
        self.catalogue = catalogue
        self.directory = directory
        self.identity = identity
        self.time = time
        self.sources = sources
        self.patience = patience
        own = OwnRegisters(database: database, vaults: vaults)
    }
}
