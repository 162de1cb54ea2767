import Cryptography
import Kernel
import Storage
import Synchronization
import Web
import Workflow

/// What became of somebody at the door.
enum SignInAnswer: Sendable {
    /// In: the cookie's value, and what happened at this door before.
    case done(cookie: String, before: Before)
    case wrong
    case locked(until: Moment)

    struct Before: Sendable {
        /// The last time, nil at the first.
        let at: Moment?
        /// Wrong tries since then.
        let failures: Int
        /// Password or second factor have to be set first.
        var isHeldBack = false
    }
}

/// Counts wrong tries at accounts that do not exist, so that nobody learns from a lock which do. In memory, bounded.
final class UnknownLogins: Sendable {
    private let failures = Mutex<[String: (count: Int, until: Moment?, at: Moment)]>([:])

    func fail(_ key: String, at now: Moment) -> SignInAnswer {
        failures.withLock { failures in
            if failures.count > 50_000 {
                failures = failures.filter { now.milliseconds - $0.value.at.milliseconds < 900_000 }
            }
            if failures.count > 50_000 { failures.removeAll() }
            var entry = failures[key] ?? (0, nil, now)
            if let until = entry.until, until > now { return .locked(until: until) }
            entry.count += 1
            entry.at = now
            entry.until = Lock.after(failures: entry.count, at: now)
            failures[key] = entry
            return entry.until.map { .locked(until: $0) } ?? .wrong
        }
    }
}

extension IdentityAPI {
    /// Signs a resident in by phone and password. Takes the same time for accounts that do not exist.
    func signIn(phone typed: String, password: String, device: String, _ doing: Doing) async throws -> SignInAnswer {
        let phone = MobileNumber(typed)
        var account: AccountReference?
        if let phone { account = try await self.account(of: phone) }
        guard let account, let row = try await database.read({ tx in try AccountStore.account(account, tx) }) else {
            _ = try await passwords.verify(password, nil as String?)
            return unknownLogins.fail(phone?.text ?? typed, at: doing.at)
        }
        let isRight = try await passwords.verify(password, row.password)
        var rehashed: String?
        if isRight, let old = row.password, passwords.needsRehash(old) { rehashed = try await passwords.hash(password) }
        return try await enter(
            account, isRight: isRight, sawEpoch: row.epoch, rehashed: rehashed, device: device, doing)
    }

    /// Opens a session for a person whom the province's service has vouched for.
    func enter(_ account: AccountReference, device: String, _ doing: Doing) async throws -> SignInAnswer {
        let row = try await readAccount(account)
        return try await enter(account, isRight: true, sawEpoch: row.epoch, rehashed: nil, device: device, doing)
    }

    private func enter(
        _ account: AccountReference, isRight: Bool, sawEpoch: Int, rehashed: String?, device: String, _ doing: Doing
    ) async throws -> SignInAnswer {
        let token = Token.random()
        let id = ID<SessionRow>(at: doing.at).description
        let life = settings.residentSession
        return try await database.write { tx in
            guard let row = try AccountStore.account(account, tx) else { return .wrong }
            if let until = row.lockedUntil, until > doing.at { return .locked(until: until) }
            // A password changed between the check and now was another one.
            guard isRight, row.epoch == sawEpoch else {
                let until = Lock.after(failures: row.failures + 1, at: doing.at)
                try AccountStore.fail(account, failures: row.failures + 1, lockedUntil: until, tx)
                try SecurityLog.record(
                    until == nil ? "sign-in.failed" : "sign-in.locked", subject: account.id, area: account.bucket,
                    doing, tx)
                return until.map { .locked(until: $0) } ?? .wrong
            }
            try AccountStore.signedIn(account, at: doing.at, rehashed: rehashed, tx)
            let session = NewSession(
                id: id, hash: token.storageHash, epoch: row.epoch, device: device, at: doing.at,
                expiresAt: doing.at.adding(seconds: life))
            try SessionStore.insert(session, for: account, mandate: nil, tx)
            try SecurityLog.record(
                "sign-in.done", subject: account.id, area: account.bucket, doing.by(.resident, account.id), tx)
            return .done(
                cookie: "\(account.bucket.text).\(token.text)",
                before: .init(at: row.signedInAt, failures: row.failures))
        }
    }

    /// Signs a member of staff in by login, password and one-time code.
    func signInStaff(
        _ area: AreaCode, login typed: String, password: String, code: String, device: String, _ doing: Doing
    ) async throws -> SignInAnswer {
        let login = typed.lowercased()
        let (row, bundle) = try await database.read { tx in
            let row = try StaffStore.staff(login: login, area: area, tx)
            return (row, try row.flatMap { try VaultStore.read($0.id, area: area, slots: [Slot.totp], tx) })
        }
        let isRight = try await passwords.verify(password, row?.password)
        guard let row, row.disabledAt == nil else { return unknownLogins.fail("\(area) \(login)", at: doing.at) }
        var step: Int64?
        if row.totpAt != nil {
            guard let bundle, let part = bundle.parts[Slot.totp],
                let totp = TOTP(secret: try vaults.open(bundle).open(part))
            else { throw DomainError.unavailable }
            step = totp.matchingStep(of: code.filter(\.isNumber), at: doing.at, lastUsed: row.totpStep)
        }
        var rehashed: String?
        if isRight, passwords.needsRehash(row.password) { rehashed = try await passwords.hash(password) }
        return try await enterDesk(
            area, row, isRight: isRight && (row.totpAt == nil || step != nil), step: step, rehashed: rehashed,
            device: device,
            doing)
    }

    private func enterDesk(
        _ area: AreaCode, _ seen: StaffRow, isRight: Bool, step: Int64?, rehashed: String?, device: String,
        _ doing: Doing
    ) async throws -> SignInAnswer {
        let token = Token.random()
        let id = ID<SessionRow>(at: doing.at).description
        let (life, demo) = (settings.staffSession, settings.demo)
        return try await database.write { tx in
            guard let row = try StaffStore.staff(id: seen.id, area: area, tx), row.disabledAt == nil else {
                return .wrong
            }
            if let until = row.lockedUntil, until > doing.at { return .locked(until: until) }
            let isFresh = step.map { $0 > row.totpStep ?? .min } ?? true
            guard isRight, isFresh, row.epoch == seen.epoch, row.totpAt == seen.totpAt else {
                let until = Lock.after(failures: row.failures + 1, at: doing.at)
                try StaffStore.fail(id: row.id, area: area, failures: row.failures + 1, lockedUntil: until, tx)
                try SecurityLog.record(
                    until == nil ? "sign-in.failed" : "sign-in.locked", subject: row.id, area: area, doing, tx)
                return until.map { .locked(until: $0) } ?? .wrong
            }
            try StaffStore.signedIn(id: row.id, area: area, at: doing.at, rehashed: rehashed, totpStep: step, tx)
            let session = NewSession(
                id: id, hash: token.storageHash, epoch: row.epoch, device: device, at: doing.at,
                expiresAt: doing.at.adding(seconds: life))
            try StaffSessionStore.insert(session, staff: row.id, area: area, tx)
            try SecurityLog.record("sign-in.done", subject: row.id, area: area, doing.by(.staff, row.id), tx)
            return .done(
                cookie: "\(area.text).\(token.text)",
                before: .init(
                    at: row.signedInAt, failures: row.failures,
                    isHeldBack: !demo && (row.mustChange || row.totpAt == nil)))
        }
    }

    /// Ends a resident's session, this one or another of the same account; false where it is not his.
    func endSession(_ id: String, of viewer: ResidentViewer, _ doing: Doing) async throws -> Bool {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        return try await database.write { tx in
            guard try SessionStore.remove(id: id, of: account, tx) else { return false }
            try SecurityLog.record("session.ended", subject: account.id, area: account.bucket, doing, tx)
            return true
        }
    }

    /// Ends another session of the same member of staff; false where it is not his.
    func endDeskSession(_ id: String, of viewer: StaffViewer, _ doing: Doing) async throws -> Bool {
        try await database.write { tx in
            guard try StaffSessionStore.remove(id: id, of: viewer.id, area: viewer.area, tx) else { return false }
            try SecurityLog.record("session.ended", subject: viewer.id, area: viewer.area, doing, tx)
            return true
        }
    }

    func endDeskSession(_ viewer: StaffViewer, _ doing: Doing) async throws {
        try await database.write { tx in
            try StaffSessionStore.remove(id: viewer.session, area: viewer.area, tx)
            try SecurityLog.record("session.ended", subject: viewer.id, area: viewer.area, doing, tx)
        }
    }
}
