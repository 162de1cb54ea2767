import Cryptography
import Kernel
import Storage
import Web
import Workflow

/// What a person types to have an account.
struct RegistrationForm: Sendable {
    var phone: String
    var code: String
    var name: String
    var idNumber: String
    var password: String
    var repeated: String
    var hasConsented: Bool
}

extension IdentityAPI {
    /// Opens an account for the owner of a phone.
    ///
    /// - Parameter area: whose windows look at the papers.
    /// - Throws: `.invalid` with every fault, `.refused` where name and number do not belong together.
    func register(_ form: RegistrationForm, in area: AreaCode? = nil, _ doing: Doing) async throws -> AccountReference {
        var faults: [FieldFault] = []
        let claim = PersonRules.claim(
            name: form.name, idNumber: form.idNumber, phone: form.phone, on: doing.at.date, &faults)
        let phone = MobileNumber(form.phone)
        var code: String?
        if let phone { code = try await checkCode(form.code, of: phone, for: .register, at: doing.at) }
        if code == nil { faults.insert(FieldFault("code", Message("identity.code.wrong")), at: 0) }
        faults += Self.passwordFaults(
            form.password, form.repeated, shortest: PasswordRules.residentLength, known: [form.phone, form.idNumber])
        if !form.hasConsented { faults.append(FieldFault("consent", Message("identity.register.consent"))) }
        guard faults.isEmpty, let claim, let code, let phone else { throw DomainError.invalid(faults) }
        // The code proved that the phone is the caller's, so he may know that it has an account.
        if try await account(of: phone) != nil { throw DomainError.invalid("phone", "identity.register.taken") }
        let assurance = try await provider.confirm(claim)
        if assurance == .refused { throw DomainError.invalid("idNumber", "identity.id.refused") }
        let hash = try await passwords.hash(form.password)
        return try await store(claim, password: hash, assurance: assurance, area: area, consumed: code, doing)
    }

    /// A new password for who has the phone and knows the number on his identity card. All sessions end.
    func resetPassword(
        phone typed: String, code: String, idNumber: String, password: String, repeated: String, _ doing: Doing
    ) async throws {
        guard let phone = MobileNumber(typed) else { throw DomainError.invalid("phone", "identity.phone.form") }
        var faults = Self.passwordFaults(
            password, repeated, shortest: PasswordRules.residentLength, known: [typed, idNumber])
        let account = try await account(of: phone)
        let consumed = try await checkCode(code, of: phone, for: .forgot, at: doing.at)
        if account == nil || consumed == nil {
            faults.insert(FieldFault("code", Message("identity.code.wrong")), at: 0)
        } else if let account, try await person(of: account).idNumber != CitizenID(idNumber)?.text {
            faults.insert(FieldFault("idNumber", Message("identity.forgot.id")), at: 0)
            let lookup = try lookupCode(phone)
            try await database.write { tx in try CodeStore.countTry(lookup, purpose: CodePurpose.forgot.rawValue, tx) }
        }
        guard faults.isEmpty, let account, let consumed else { throw DomainError.invalid(faults) }
        let hash = try await passwords.hash(password)
        let lookup = try lookupCode(phone)
        // The code may lie in another bucket than the account, after a new look-up key: one area a transaction.
        let isFirst = try await database.write { tx in
            try CodeStore.remove(id: consumed, phone: lookup, purpose: CodePurpose.forgot.rawValue, tx)
        }
        guard isFirst else { throw DomainError.invalid("code", "identity.code.wrong") }
        try await database.write { tx in
            _ = try AccountStore.setPassword(account, hash, tx)
            try SecurityLog.record("password.reset", subject: account.id, area: account.bucket, doing, tx)
        }
    }

    /// A resident's new password ends all other sessions; answers this one's new cookie.
    func changePassword(
        of viewer: ResidentViewer, current: String, password: String, repeated: String, _ doing: Doing
    ) async throws -> String {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let row = try await readAccount(account)
        let person = try await person(of: account)
        var faults = Self.passwordFaults(
            password, repeated, shortest: PasswordRules.residentLength, known: [person.phone, person.idNumber])
        if try await !passwords.verify(current, row.password) {
            faults.insert(FieldFault("current", Message("identity.password.current")), at: 0)
        }
        guard faults.isEmpty else { throw DomainError.invalid(faults) }
        let hash = try await passwords.hash(password)
        let token = Token.random()
        try await database.write { tx in
            let epoch = try AccountStore.setPassword(account, hash, tx)
            try SessionStore.renew(id: viewer.session, of: account, hash: token.storageHash, epoch: epoch, tx)
            try SecurityLog.record("password.changed", subject: account.id, area: account.bucket, doing, tx)
        }
        return "\(account.bucket.text).\(token.text)"
    }

    static func passwordFaults(_ password: String, _ repeated: String, shortest: Int, known: [String]) -> [FieldFault] {
        if let fault = PasswordRules.fault(of: password, shortest: shortest, not: known) {
            return [FieldFault("password", fault)]
        }
        return password == repeated ? [] : [FieldFault("repeated", Message("identity.password.differ"))]
    }
}
