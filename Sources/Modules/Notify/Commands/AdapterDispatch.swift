import Kernel
import Logging
import Storage
import Workflow

/// Hands the letters of one channel to its adapter, one by one; what fails is tried again by the outbox's rules.
struct AdapterDispatch: Sendable {
    let database: any Database
    let adapter: any MessageAdapter
    let logger: Logger

    private static let batch = 50

    /// Sends what is due; answers how many letters went out.
    @discardableResult
    func run(at now: Moment) async throws -> Int {
        let channel = adapter.channel
        var sent = 0
        while true {
            let letters = try await database.read { tx in
                try Outbox.due(channel: channel, at: now, limit: Self.batch, tx)
            }
            var progress = false
            for letter in letters where try await send(letter, at: now) {
                sent += 1
                progress = true
            }
            if letters.count < Self.batch || !progress { return sent }
        }
    }

    private func send(_ letter: Outbox.Letter, at now: Moment) async throws -> Bool {
        guard try await database.write({ tx in try Outbox.claim(letter, at: now, tx) }) else { return false }
        do {
            try await adapter.send(try OutgoingLetter(letter))
        } catch is LetterGone {
            logger.info(
                "letter no longer needed", metadata: ["channel": "\(letter.channel)", "letter": "\(letter.id)"])
        } catch {
            logger.warning(
                "letter not sent",
                metadata: ["channel": "\(letter.channel)", "letter": "\(letter.id)", "error": "\(error)"])
            let fault = "\(error)"
            try await database.write { tx in try Outbox.failed(letter, fault: fault, at: now, tx) }
            return false
        }
        try await database.write { tx in try Outbox.delivered(letter, tx) }
        return true
    }
}
