package import Kernel
package import Storage

/// A resident's messages, for the frame of every page and for other modules.
package final class NotifyAPI: Sendable {
    let database: any Database
    let time: TimeSource

    package init(database: any Database, time: TimeSource) {
        self.database = database
        self.time = time
    }

    /// How many messages the account has not opened; counting stops at 99. One look into an index.
    package func unread(account: String, bucket: AreaCode) async throws -> Int {
        try await database.read { tx in try MessageStore.unread(account: account, bucket: bucket, tx) }
    }

    /// The account's messages, those not opened first, each part newest first.
    ///
    /// - Parameter place: the last message of the page before.
    package func list(
        account: String, bucket: AreaCode, after place: MessagePlace? = nil, limit: Int = 50
    ) async throws -> [ReceivedMessage] {
        try await database.read { tx in
            try MessageStore.list(account: account, bucket: bucket, after: place, limit: limit, tx)
        }
    }

    /// Marks a message as opened and answers it; the first time counts.
    ///
    /// - Throws: `.notFound` where the account has no such message.
    package func markRead(_ id: String, account: String, bucket: AreaCode) async throws -> ReceivedMessage {
        let now = time.now()
        let message = try await database.write { tx in
            try MessageStore.markRead(id, account: account, bucket: bucket, at: now, tx)
            return try MessageStore.message(id, account: account, bucket: bucket, tx)
        }
        guard let message else { throw DomainError.notFound }
        return message
    }

    /// Marks all messages as opened; answers how many were not.
    @discardableResult
    package func markAllRead(account: String, bucket: AreaCode) async throws -> Int {
        let now = time.now()
        return try await database.write { tx in
            try MessageStore.markAllRead(account: account, bucket: bucket, at: now, tx)
        }
    }
}

/// A message as the resident has it.
package struct ReceivedMessage: Sendable, Hashable {
    package let id: String
    /// `cases.accepted`: names the texts.
    package let kind: String
    /// Where the proceeding is.
    package let area: AreaCode
    /// The proceeding's or draft's id.
    package let stream: String
    /// Parameters without personal data: `number`, `item` (a slug), `due` (a day).
    package let arguments: [String: String]
    package let at: Moment
    package let readAt: Moment?

    /// Where a page that ends with this message goes on.
    package var place: MessagePlace { MessagePlace(isRead: readAt != nil, id: id) }
}

/// A place in the list of messages.
package struct MessagePlace: Sendable, Hashable {
    package let isRead: Bool
    package let id: String
}

/// Names of items for messages; filled by the composition root from the catalogue.
package protocol ItemNames: Sendable {
    /// Names by slug; what is unknown is left out.
    func names(of slugs: Set<String>, area: AreaCode) async throws -> [String: LocalizedText]
}

/// A way out of the program: SMS, WeChat, e-mail.
package protocol MessageAdapter: Sendable {
    /// The outbox channel it serves, such as `sms`.
    var channel: String { get }
    /// Whether every message to an account goes this way as well; false where only letters made for the channel do.
    var carriesMessages: Bool { get }
    /// Sends one letter; the same `id` may come again after a failure nobody could see. What it throws is kept with the
    /// letter, so it must not name a person.
    ///
    /// - Throws: `LetterGone` where nobody needs the letter any more: it is struck off.
    func send(_ letter: OutgoingLetter) async throws
    /// How many letters it takes at once. Where the program ends in between, all of them may be sent again: one for what a person
    /// reads.
    var atOnce: Int { get }
    /// Sends all of them, or throws; never more than `atOnce`. `LetterGone` is understood for a single one only.
    func send(_ letters: [OutgoingLetter]) async throws
}

extension MessageAdapter {
    package var atOnce: Int { 1 }
    package func send(_ letters: [OutgoingLetter]) async throws {
        for letter in letters { try await send(letter) }
    }
}

/// What a letter holds was destroyed, or has ended: there is nothing left to send.
package struct LetterGone: Error {
    package init() {}
}

/// What an adapter sends.
package struct OutgoingLetter: Sendable, Hashable {
    /// For whom it is.
    package enum Recipient: Sendable, Hashable {
        /// An account in its bucket: the adapter looks up the phone or the WeChat id itself.
        case account(String, bucket: AreaCode)
        /// Address and words lie sealed in a vault of the letter's area.
        case sealed(vault: String, slot: String)
    }

    /// The message's id; the receiver knows a repetition by it.
    package let id: String
    package let channel: String
    package let area: AreaCode
    /// `cases.accepted`: its texts are `notify.<kind>.title` and `.text`.
    package let kind: String
    package let recipient: Recipient
    package let arguments: [String: String]
    /// 1 at the first try.
    package let attempt: Int
}
