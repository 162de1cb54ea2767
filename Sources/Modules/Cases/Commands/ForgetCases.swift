import Documents
package import Kernel
import Storage
import Workflow

extension CasesAPI {
    /// Destroys the personal part of cases whose time is over, by the rule of the item they were applied for under: key, sealed
    /// parts, names, look-up codes, files, and the way to them from the account (个人信息保护法 art. 47).
    ///
    /// Journal, state and notices' numbers stay and verify. Each case is a transaction of its own; a second run, or another
    /// server, finds nothing to do.
    /// - Returns: how many cases were forgotten.
    @discardableResult
    package func forgetEnded(at now: Moment) async throws -> Int {
        var count = 0
        while true {
            let due = try await database.read { tx in try CasesStore.toForget(at: now, limit: Self.forgetBatch, tx) }
            for line in due where try await forget(line.id, area: line.area, at: now) { count += 1 }
            if due.count < Self.forgetBatch { return count }
        }
    }

    /// What stands in the log of looks where a personal part was destroyed.
    static let forgottenSlot = "forgotten"
    private static let forgetBatch = 200

    private func forget(_ id: String, area: AreaCode, at now: Moment) async throws -> Bool {
        let freed = try await database.write { tx -> [String]? in
            guard try CasesStore.forget(id, area: area, dueBy: now, tx) else { return nil }
            let occasion = Occasion(area: area, at: now, actor: .system("retention"), request: "retention-\(id)")
            try AccessLog.record(occasion, stream: id, slot: Self.forgottenSlot, tx)
            if let party = try PartyStore.party("applicant", of: id, area: area, tx), let account = party.account,
                let bucket = party.bucket.flatMap({ AreaCode($0) })
            {
                try Pointer.withdraw(id, of: account, bucket: bucket, area: area, at: now, tx)
            }
            try VaultStore.forget(id, area: area, tx)
            try DraftStore.removeOfCase(id, area: area, tx)
            try RemoteLinkStore.remove(of: id, area: area, tx)
            return try DocumentsStore.removeFiles(of: id, area: area, tx)
        }
        guard let freed else { return false }
        try await notices.discard(freed)
        return true
    }

    /// Tells staff of a case's department that its personal part was destroyed; for others there is no such case.
    func tellForgotten(_ number: String, _ departments: Set<String>?, area: AreaCode) async throws {
        let line = try await database.read { tx -> CaseLine? in
            guard let line = try CasesStore.line(number: number, area: area, tx),
                try ForgottenStore.contains(line.id, area: area, tx)
            else { return nil }
            return line
        }
        guard let line, departments?.contains(line.department) ?? true else { return }
        throw DomainError.refused(
            Message("cases.refused.forgotten", ["number": CaseNumber.grouped(line.number)]))
    }
}
