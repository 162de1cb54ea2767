import Kernel
import Workflow

/// What a letter in the outbox says: a message to an account, in the words of its kind.
struct MessageLetter: Sendable, Hashable {
    let id: String
    let kind: String
    let caseArea: AreaCode
    let stream: String
    let account: String
    let bucket: AreaCode
    let arguments: [String: String]
    let at: Moment

    /// A letter that no message can be made of.
    struct Malformed: Error, CustomStringConvertible {
        let member: String
        var description: String { "the letter has no \(member)" }
    }

    /// Reads a letter of the channel `message`. The message has the letter's id: brought twice, it is there once.
    init(_ letter: Outbox.Letter, at now: Moment) throws(Malformed) {
        func text(_ member: String) throws(Malformed) -> String {
            guard let text = letter.payload[member].text, !text.isEmpty else { throw Malformed(member: member) }
            return text
        }
        id = letter.id
        kind = try text("kind")
        caseArea = letter.area
        stream = try text("stream")
        account = try text("account")
        guard let bucket = AreaCode(try text("bucket")), bucket.isBucket else { throw Malformed(member: "bucket") }
        self.bucket = bucket
        arguments = (letter.payload["arguments"].members ?? [:]).compactMapValues(\.text)
        at = now
    }

    /// What goes on to an adapter: no phone, no name.
    var followUp: JSON {
        [
            "kind": .string(kind), "account": .string(account), "bucket": .string(bucket.text),
            "arguments": .object(arguments.mapValues(JSON.string)),
        ]
    }
}

extension OutgoingLetter {
    /// Reads a letter that `MessageLetter.followUp` was posted with, or one whose words lie in a vault.
    init(_ letter: Outbox.Letter) throws(MessageLetter.Malformed) {
        guard let kind = letter.payload["kind"].text else { throw MessageLetter.Malformed(member: "kind") }
        if let vault = letter.payload["vault"].text, let slot = letter.payload["slot"].text {
            self.init(
                id: letter.dedup, channel: letter.channel, area: letter.area, kind: kind, account: "",
                bucket: letter.area, sealed: SealedLetter(vault: vault, slot: slot), arguments: [:],
                attempt: letter.attempt + 1)
            return
        }
        guard let account = letter.payload["account"].text else { throw MessageLetter.Malformed(member: "account") }
        guard let bucket = letter.payload["bucket"].text.flatMap({ AreaCode($0) }) else {
            throw MessageLetter.Malformed(member: "bucket")
        }
        self.init(
            id: letter.dedup, channel: letter.channel, area: letter.area, kind: kind, account: account, bucket: bucket,
            sealed: nil, arguments: (letter.payload["arguments"].members ?? [:]).compactMapValues(\.text),
            attempt: letter.attempt + 1)
    }
}
