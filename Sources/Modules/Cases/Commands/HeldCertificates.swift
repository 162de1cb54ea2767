import Catalogue
import Kernel
import Storage
import Web
import Workflow

extension CasesAPI {
    /// Types of certificates that the applicant holds from this area and that hold on that day: made by cases that were completed,
    /// not revoked, withdrawn or annulled, not expired. Rules read them as `certificate.TYPE`.
    func certificates(of viewer: ResidentViewer, area: AreaCode, on day: CivilDate) async throws -> Set<String> {
        let (owner, subject) = (viewer.account, viewer.subject)
        let states = try await database.read { [office] tx in
            try CasesStore.owned(by: owner, area: area, stage: .completed, limit: 200, tx).compactMap {
                try office.state(of: $0.id, area: area, tx)?.state
            }
        }
        var held: Set<String> = []
        for state in states where state.subject == subject && state.holds(on: day) {
            let item = try await catalogue.item(state.item, version: state.itemVersion, area: area)
            held.formUnion(item.definition.outcome.compactMap(\.certificate))
        }
        return held
    }
}

extension CaseState {
    /// What came out holds on that day.
    func holds(on day: CivilDate) -> Bool {
        guard stage == .completed, afterwards == nil, let result else { return false }
        return result.on <= day && (result.until.map { $0 >= day } ?? true)
    }
}
