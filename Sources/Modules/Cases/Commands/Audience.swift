import Catalogue
import Kernel
import Web

extension ItemDefinition {
    /// Why the one acted for cannot apply for the item: it is for organisations, or for persons. Nil where it is for both, or
    /// says nothing of it.
    func misfit(_ viewer: ResidentViewer) -> Message? {
        guard !audience.isEmpty else { return nil }
        if viewer.isOrganisation { return servesOrganisations ? nil : Message("cases.refused.forPersons") }
        return servesPersons ? nil : Message("cases.refused.forOrganisations")
    }
}
