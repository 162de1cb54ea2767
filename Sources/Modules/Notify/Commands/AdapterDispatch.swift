import Kernel
import Logging
import Storage
import Workflow

/// Hands the letters of one channel to its adapter, as many at once as it takes; what fails is tried again by the outbox's rules.
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
            for start in stride(from: 0, to: letters.count, by: adapter.atOnce) {
                let count = try await send(Array(letters[start..<min(start + adapter.atOnce, letters.count)]), at: now)
                sent += count
                progress = progress || count > 0
            }
            if letters.count < Self.batch || !progress { return sent }
        }
    }

    private func send(_ letters: [Outbox.Letter], at now: Moment) async throws -> Int {
        let claimed = try await database.write { tx in try letters.filter { try Outbox.claim($0, at: now, tx) } }
        var taken: [Outbox.Letter] = []
        var outgoing: [OutgoingLetter] = []
        for letter in claimed {
            do {
                outgoing.append(try OutgoingLetter(letter))
                taken.append(letter)
            } catch {
                try await failed([letter], error, at: now)
            }
        }
        guard !taken.isEmpty else { return 0 }
        do {
            try await adapter.send(outgoing)
        } catch is LetterGone where taken.count == 1 {
            for letter in taken {
                logger.info(
                    "letter no longer needed", metadata: ["channel": "\(letter.channel)", "letter": "\(letter.id)"])
            }
        } catch {
            try await failed(taken, error, at: now)
            return 0
        }
        try await database.write { [taken] tx in for letter in taken { try Outbox.delivered(letter, tx) } }
        return taken.count
    }

    private func failed(_ letters: [Outbox.Letter], _ error: any Error, at now: Moment) async throws {
        let fault = "\(error)"
        for letter in letters {
            logger.warning(
                "letter not sent",
                metadata: ["channel": "\(letter.channel)", "letter": "\(letter.id)", "error": "\(fault)"])
        }
        try await database.write { tx in
            for letter in letters { try Outbox.failed(letter, fault: fault, at: now, tx) }
        }
    }
}
