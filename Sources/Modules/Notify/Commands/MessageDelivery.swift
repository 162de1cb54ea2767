import Kernel
import Logging
import Storage
import Workflow

/// Brings letters of the channel `message` into the buckets of their accounts.
///
/// One area a transaction: letters are taken in their area, messages written in the bucket, and only then the letters are
/// struck off and passed on to the adapters. Whatever breaks in between is done again and changes nothing twice.
struct MessageDelivery: Sendable {
    let database: any Database
    /// Of the adapters that every message also goes to.
    let channels: [String]
    let logger: Logger

    private static let batch = 100

    /// Delivers what is due; answers how many letters.
    @discardableResult
    func run(at now: Moment) async throws -> Int {
        var delivered = 0
        while true {
            let letters = try await database.read { tx in
                try Outbox.due(channel: "message", at: now, limit: Self.batch, tx)
            }
            let count = try await deliver(letters, at: now)
            delivered += count
            if letters.count < Self.batch || count == 0 { return delivered }
        }
    }

    private func deliver(_ letters: [Outbox.Letter], at now: Moment) async throws -> Int {
        var delivered = 0
        for (area, inArea) in Dictionary(grouping: letters, by: \.area).sorted(by: { $0.key < $1.key }) {
            let taken = try await database.write { tx in
                try inArea.filter { try Outbox.claim($0, at: now, tx) }
            }
            if taken.isEmpty { continue }
            let (messages, faults) = await write(taken, at: now)
            delivered += messages.count
            let channels = channels
            try await database.write { tx in
                for (letter, message) in messages {
                    for channel in channels {
                        try Outbox.post(
                            channel: channel, area: area, dedup: message.id, payload: message.followUp, at: now, tx)
                    }
                    try Outbox.delivered(letter, tx)
                }
                for (letter, fault) in faults { try Outbox.failed(letter, fault: fault, at: now, tx) }
            }
        }
        return delivered
    }

    /// Writes the messages, one transaction a bucket; a bucket that cannot be reached leaves the others alone.
    private func write(
        _ letters: [Outbox.Letter], at now: Moment
    ) async -> (messages: [(Outbox.Letter, MessageLetter)], faults: [(Outbox.Letter, String)]) {
        var messages: [(Outbox.Letter, MessageLetter)] = []
        var faults: [(Outbox.Letter, String)] = []
        for letter in letters {
            do throws(MessageLetter.Malformed) {
                messages.append((letter, try MessageLetter(letter, at: now)))
            } catch {
                faults.append((letter, error.description))
            }
        }
        var written: [(Outbox.Letter, MessageLetter)] = []
        for (bucket, group) in Dictionary(grouping: messages, by: \.1.bucket).sorted(by: { $0.key < $1.key }) {
            do {
                let rows = group.map(\.1)
                try await database.write { tx in for row in rows { try MessageStore.put(row, tx) } }
                written += group
            } catch {
                logger.error("messages not written", metadata: ["bucket": "\(bucket)", "error": "\(error)"])
                faults += group.map { ($0.0, "\(error)") }
            }
        }
        return (written, faults)
    }
}
