import Kernel
import Storage
import Workflow

// 请假交接: who is away names a deputy, who serves his queues on those days and gets his tasks.

extension IdentityAPI {
    /// Announces an absence; answers how many tasks went to the deputy at once (those of a later absence go on its first day).
    func announceAbsence(
        _ area: AreaCode, staff: String, deputy: String, from: CivilDate?, to: CivilDate?, _ doing: Doing
    ) async throws -> Int {
        let today = doing.at.date
        var faults: [FieldFault] = []
        if from == nil { faults.append(FieldFault("from", Message("identity.absence.date"))) }
        if to == nil { faults.append(FieldFault("to", Message("identity.absence.date"))) }
        if let from, from < today { faults.append(FieldFault("from", Message("identity.absence.past"))) }
        if let from, let to, to < from { faults.append(FieldFault("to", Message("identity.absence.order"))) }
        if deputy.isEmpty || deputy == staff { faults.append(FieldFault("deputy", Message("identity.absence.deputy"))) }
        guard faults.isEmpty, let from, let to else { throw DomainError.invalid(faults) }
        let absence = AbsenceRow(
            id: ID<AbsenceRow>(at: doing.at).description, staff: staff, deputy: deputy, from: from, to: to)
        return try await database.write { [self] tx in
            guard let other = try StaffStore.staff(id: deputy, area: area, tx), other.disabledAt == nil,
                try StaffStore.staff(id: staff, area: area, tx) != nil
            else { throw DomainError.invalid("deputy", "identity.absence.deputy") }
            let roles = try PostStore.open(area: area, staff: [deputy], on: today, tx).filter { $0.status == .held }
            if roles.isEmpty || roles.contains(where: { $0.post.role.isAdministrator }) {
                throw DomainError.invalid("deputy", "identity.absence.unfit")
            }
            let known = try AbsenceStore.list(area: area, staff: staff, from: from, tx)
            if known.contains(where: { $0.from <= to }) { throw DomainError.invalid("from", "identity.absence.twice") }
            let begins = from <= today
            try AbsenceStore.insert(
                absence, area: area, by: doing.actor.id, moved: begins ? doing.at : nil, at: doing.at, tx)
            try SecurityLog.record("absence.announced", subject: staff, area: area, doing, tx)
            let occasion = Occasion(area: area, at: doing.at, actor: doing.actor, request: doing.request)
            return begins ? try move(absence, occasion, tx) : 0
        }
    }

    /// Takes an absence back, or ends it yesterday where it has begun.
    func endAbsence(_ id: String, _ area: AreaCode, staff: String, _ doing: Doing) async throws {
        try await database.write { tx in
            guard try AbsenceStore.end(id: id, area: area, staff: staff, before: doing.at.date, tx) else {
                throw DomainError.notFound
            }
            try SecurityLog.record("absence.ended", subject: staff, area: area, doing, tx)
        }
    }

    /// Moves the tasks of those whose absence begins today.
    func moveTasksOfAbsent(at now: Moment) async throws {
        let due = try await database.read { tx in try AbsenceStore.toMove(on: now.date, limit: 100, tx) }
        for (area, absence) in due {
            let occasion = Occasion(area: area, at: now, actor: .system("absence"), request: absence.id)
            try await database.write { [self] tx in
                guard try AbsenceStore.markMoved(id: absence.id, area: area, at: now, tx), absence.to >= now.date else {
                    return
                }
                _ = try move(absence, occasion, tx)
            }
        }
    }

    /// To the end of the chain of deputies; where all of them are away, back to the queues.
    private func move(_ absence: AbsenceRow, _ occasion: Occasion, _ tx: Transaction) throws -> Int {
        let deputy = try AbsenceStore.deputy(of: absence.staff, area: occasion.area, on: occasion.at.date, tx)
        return try tasks.move(from: absence.staff, to: deputy, occasion, tx)
    }
}
