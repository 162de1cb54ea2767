import Kernel
import Storage

/// A resident's account as it is kept: masks only; name and numbers stand in the vault of the same id.
struct AccountRow: Sendable {
    let id: String
    let bucket: AreaCode
    let password: String?
    let mask: String
    let phoneMask: String
    let epoch: Int
    let failures: Int
    let lockedUntil: Moment?
    let assurance: Confirmation
    /// The area whose windows look at the papers.
    let checkedIn: AreaCode?
    /// Why the identity was not confirmed.
    let reason: CheckReason?
    let createdAt: Moment
    let signedInAt: Moment?

    var reference: AccountReference { AccountReference(id: id, bucket: bucket) }
}

/// Accounts, logins, consents, grants, codes by SMS: all of one bucket.
enum AccountStore {
    static func insert(
        _ account: AccountReference, password: String?, mask: String, phoneMask: String, assurance: Confirmation,
        provider: String, checkedIn: AreaCode?, at now: Moment, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO account (area, id, password, mask, phone_mask, epoch, failures, assurance, provider, checked_in,
                                 created_at)
            VALUES (\(account.bucket), \(account.id), \(password), \(mask), \(phoneMask), 1, 0,
                    \(assurance.rawValue), \(provider), \(checkedIn), \(now))
            """)
    }

    static func addLogin(_ code: LookupCode, for account: AccountReference, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO login (area, key_version, mac, account, bucket)
            VALUES (\(code.bucket), \(code.version), \(code.text), \(account.id), \(account.bucket))
            """)
    }

    /// The account a phone's code leads to.
    static func login(_ code: LookupCode, _ tx: Transaction) throws -> AccountReference? {
        try tx.row(
            """
            SELECT account, bucket FROM login
            WHERE area = \(code.bucket) AND key_version = \(code.version) AND mac = \(code.text)
            """, as: String.self, AreaCode.self
        ).map { AccountReference(id: $0.0, bucket: $0.1) }
    }

    static func account(_ account: AccountReference, _ tx: Transaction) throws -> AccountRow? {
        var found: AccountRow?
        try tx.forEach(
            """
            SELECT password, mask, phone_mask, epoch, failures, locked_until_at, assurance, created_at, signed_in_at,
                   checked_in, reason
            FROM account WHERE area = \(account.bucket) AND id = \(account.id)
            """
        ) { row in
            let assurance: String = try row.value(6)
            let reason: String? = try row.value(10)
            found = AccountRow(
                id: account.id, bucket: account.bucket, password: try row.value(0), mask: try row.value(1),
                phoneMask: try row.value(2), epoch: try row.value(3), failures: try row.value(4),
                lockedUntil: try row.value(5), assurance: Confirmation(rawValue: assurance) ?? .pending,
                checkedIn: try row.value(9), reason: reason.flatMap(CheckReason.init),
                createdAt: try row.value(7), signedInAt: try row.value(8))
        }
        return found
    }

    static func fail(_ account: AccountReference, failures: Int, lockedUntil: Moment?, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE account SET failures = \(failures), locked_until_at = \(lockedUntil)
            WHERE area = \(account.bucket) AND id = \(account.id)
            """)
    }

    static func signedIn(_ account: AccountReference, at now: Moment, rehashed: String?, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE account SET failures = 0, locked_until_at = \(Moment?.none), signed_in_at = \(now),
                password = COALESCE(\(rehashed), password)
            WHERE area = \(account.bucket) AND id = \(account.id)
            """)
    }

    /// A new password ends every session: the epoch grows. Answers the new epoch.
    static func setPassword(_ account: AccountReference, _ hash: String, _ tx: Transaction) throws -> Int {
        try tx.value(
            """
            UPDATE account SET password = \(hash), epoch = epoch + 1, failures = 0, locked_until_at = \(Moment?.none)
            WHERE area = \(account.bucket) AND id = \(account.id) RETURNING epoch
            """) ?? 0
    }

    /// What the papers showed.
    static func setAssurance(
        _ assurance: Confirmation, _ account: AccountReference, reason: CheckReason?, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE account SET assurance = \(assurance.rawValue), reason = \(reason?.rawValue)
            WHERE area = \(account.bucket) AND id = \(account.id)
            """)
    }

    /// A corrected name or number: the claim waits again, in an area.
    static func claimAgain(
        _ account: AccountReference, mask: String, checkedIn: AreaCode, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE account SET assurance = 'pending', reason = \(String?.none), mask = \(mask), checked_in = \(checkedIn)
            WHERE area = \(account.bucket) AND id = \(account.id)
            """)
    }

    /// Another phone: every session but one ends. Answers the new epoch.
    static func setPhone(_ account: AccountReference, mask: String, keeping kept: String?, _ tx: Transaction) throws {
        let epoch = try tx.value(
            """
            UPDATE account SET phone_mask = \(mask), epoch = epoch + 1, failures = 0, locked_until_at = \(Moment?.none)
            WHERE area = \(account.bucket) AND id = \(account.id) RETURNING epoch
            """, as: Int.self)
        guard let epoch, let kept else { return }
        try tx.execute(
            """
            UPDATE session SET epoch = \(epoch)
            WHERE area = \(account.bucket) AND id = \(kept) AND account = \(account.id)
            """)
    }

    /// A phone that leads to the account no longer.
    static func removeLogin(_ code: LookupCode, of account: AccountReference, _ tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM login
            WHERE area = \(code.bucket) AND key_version = \(code.version) AND mac = \(code.text) AND account = \(account.id)
            """)
    }

    static func consent(
        _ account: AccountReference, to document: String, version: String, at now: Moment, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO consent (area, account, document, version, at)
            VALUES (\(account.bucket), \(account.id), \(document), \(version), \(now))
            ON CONFLICT (area, account, document, version) DO NOTHING
            """)
    }

    static func consents(_ account: AccountReference, _ tx: Transaction) throws -> [(
        document: String, version: String, at: Moment
    )] {
        try tx.rows(
            """
            SELECT document, version, at FROM consent WHERE area = \(account.bucket) AND account = \(account.id)
            ORDER BY at, document
            """, as: String.self, String.self, Moment.self
        ).map { (document: $0.0, version: $0.1, at: $0.2) }
    }

    static func setGrant(_ account: AccountReference, client: String, allowed: Bool, at now: Moment, _ tx: Transaction)
        throws
    {
        if allowed {
            try tx.execute(
                """
                INSERT INTO resident_grant (area, account, client, at)
                VALUES (\(account.bucket), \(account.id), \(client), \(now)) ON CONFLICT (area, account, client) DO NOTHING
                """)
        } else {
            try tx.execute(
                """
                DELETE FROM resident_grant
                WHERE area = \(account.bucket) AND account = \(account.id) AND client = \(client)
                """)
        }
    }

    static func grants(_ account: AccountReference, _ tx: Transaction) throws -> [(client: String, at: Moment)] {
        try tx.rows(
            """
            SELECT client, at FROM resident_grant WHERE area = \(account.bucket) AND account = \(account.id)
            ORDER BY at, client
            """, as: String.self, Moment.self
        ).map { (client: $0.0, at: $0.1) }
    }

    /// The account's mask where it allowed the client to act for it.
    static func grantedMask(_ account: AccountReference, client: String, _ tx: Transaction) throws -> String? {
        try tx.value(
            """
            SELECT a.mask FROM resident_grant g JOIN account a ON a.area = \(account.bucket) AND a.id = g.account
            WHERE g.area = \(account.bucket) AND g.account = \(account.id) AND g.client = \(client)
            """)
    }
}

/// A phone's keyed look-up code, and the bucket it falls into.
struct LookupCode: Sendable, Hashable {
    let version: Int
    /// Hexadecimal.
    let text: String

    var bucket: AreaCode { Bucket.of(code: text) }
}
