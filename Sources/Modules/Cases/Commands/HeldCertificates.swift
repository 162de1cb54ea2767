import Catalogue
import Kernel
import Storage
import Workflow

extension CasesAPI {
    /// Certificates that the applicant of a case holds and that hold on that day: made by cases that were completed, not revoked,
    /// withdrawn or annulled, not expired. Rules read them as `certificate.TYPE`.
    ///
    /// Read outside of every unit of work, one area at a time. A pointer in the account's bucket only says in which areas to look;
    /// whose a certificate is, the case itself says there.
    /// - Parameter anywhere: those of other areas of this installation too.
    func certificates(of state: CaseState, area: AreaCode, anywhere: Bool, on day: CivilDate) async throws
        -> [HeldCertificate]
    {
        var areas = [area]
        if anywhere, let bucket = AreaCode(state.bucket) {
            let owner = state.owner
            let pointers = try await database.read { tx in
                try PointerStore.owned(by: owner, bucket: bucket, limit: 500, tx)
            }
            for pointer in pointers where !areas.contains(pointer.area) { areas.append(pointer.area) }
        }
        var held: [HeldCertificate] = []
        for area in areas { held += try await certificates(of: state.owner, state.subject, area: area, on: day) }
        return held
    }

    private func certificates(of owner: String, _ subject: String, area: AreaCode, on day: CivilDate) async throws
        -> [HeldCertificate]
    {
        let states = try await database.read { [office] tx in
            try CasesStore.owned(by: owner, area: area, stage: .completed, limit: 200, tx).compactMap {
                try office.state(of: $0.id, area: area, tx)?.state
            }
        }
        var held: [HeldCertificate] = []
        for state in states where state.subject == subject && state.holds(on: day) {
            let item = try await catalogue.item(state.item, version: state.itemVersion, area: area)
            held += item.definition.outcome.compactMap(\.certificate).map {
                HeldCertificate(type: $0, area: area, number: state.number)
            }
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
