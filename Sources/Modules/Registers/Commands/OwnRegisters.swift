import Catalogue
import Cryptography
import Foundation
import Kernel
import Storage
import Workflow

/// Registers from the lists that departments brought.
struct OwnRegisters: RegisterSource {
    static let purpose = MACPurpose("lookup.register")

    let database: any Database
    let vaults: Vaults

    /// Two are enough to say that a number is ambiguous.
    func entries(of register: RegisterType, key: String, fields: [String], area: AreaCode) async throws
        -> RegisterReply
    {
        let codes = try vaults.lookupCodes("\(register.id) \(key)", Self.purpose).map(\.code)
        let slots = codes.flatMap { [Self.slot($0, 0), Self.slot($0, 1)] }
        let found = try await database.read { tx -> (RegisterEdition, SealedBundle)? in
            guard let edition = try RegisterStore.current(register.id, area: area, tx), let vault = edition.vault,
                let bundle = try VaultStore.read(vault, area: area, slots: slots, tx)
            else { return nil }
            return (edition, bundle)
        }
        guard let (edition, bundle) = found else { throw RegisterFault.empty }
        let vault = try vaults.open(bundle)
        let entries = try bundle.parts.values.map { part -> [String: JSON] in
            guard case .object(let facts) = try JSON(parsing: try vault.text(part)) else {
                throw RegisterFault.unreadable
            }
            // No fact leaves the list that was not asked for.
            return facts.filter { fields.contains($0.key) }
        }
        return RegisterReply(asOf: edition.datedOn, edition: edition.edition, entries: entries)
    }

    /// Where the n-th entry of a number lies.
    static func slot(_ code: String, _ index: Int) -> String { "\(code)/\(index)" }
}
