package import Kernel
import Storage
import Workflow

/// What a resident's account knows of a case in some area: 我的办件 of all areas without asking every one of them.
package struct Pointer: Sendable, Hashable {
    package let account: String
    let bucket: AreaCode
    package let area: AreaCode
    package let id: String
    package let number: String
    package let item: String
    package let openedAt: Moment

    static let channel = "my-case"

    /// Goes out with the case's own transaction; another one takes it to the account's bucket.
    ///
    /// - Parameter dedup: the case's id where nothing else is said.
    func post(dedup: String? = nil, at now: Moment, _ tx: Transaction) throws {
        let payload: JSON = [
            "account": .string(account), "bucket": .string(bucket.text), "id": .string(id), "number": .string(number),
            "item": .string(item), "openedAt": .int(openedAt.milliseconds),
        ]
        try Outbox.post(channel: Self.channel, area: area, dedup: dedup ?? id, payload: payload, at: now, tx)
    }

    /// Takes a pointer away again, in the same way.
    static func withdraw(
        _ id: String, of account: String, bucket: AreaCode, area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws {
        let payload: JSON = [
            "account": .string(account), "bucket": .string(bucket.text), "id": .string(id), "withdrawn": true,
        ]
        try Outbox.post(
            channel: channel, area: area, dedup: "\(id)/\(account)/withdrawn", payload: payload, at: now, tx)
    }

    init(
        account: String, bucket: AreaCode, area: AreaCode, id: String, number: String, item: String, openedAt: Moment
    ) {
        self.account = account
        self.bucket = bucket
        self.area = area
        self.id = id
        self.number = number
        self.item = item
        self.openedAt = openedAt
    }

    /// Nil for a letter that is no pointer.
    init?(_ letter: Outbox.Letter) {
        let payload = letter.payload
        guard let account = payload["account"].text, let bucket = payload["bucket"].text.flatMap({ AreaCode($0) }),
            bucket.isBucket, let id = payload["id"].text, let number = payload["number"].text,
            let item = payload["item"].text,
            let openedAt = payload["openedAt"].integer
        else { return nil }
        self.init(
            account: account, bucket: bucket, area: letter.area, id: id, number: number, item: item,
            openedAt: Moment(milliseconds: openedAt))
    }
}

extension CasesAPI {
    /// Takes the pointers that wait to their accounts' buckets: one area a transaction, and twice is as good as once.
    package func movePointers(at now: Moment) async throws {
        let letters = try await database.read { tx in try Outbox.due(channel: Pointer.channel, at: now, limit: 200, tx)
        }
        for letter in letters {
            guard try await database.write({ tx in try Outbox.claim(letter, at: now, tx) }) else { continue }
            let payload = letter.payload
            if payload["withdrawn"] == true, let account = payload["account"].text, let id = payload["id"].text,
                let bucket = payload["bucket"].text.flatMap({ AreaCode($0) })
            {
                try await database.write { tx in
                    try PointerStore.remove(id, of: account, caseArea: letter.area, bucket: bucket, tx)
                }
                try await database.write { tx in try Outbox.delivered(letter, tx) }
                continue
            }
            guard let pointer = Pointer(letter) else {
                try await database.write { tx in try Outbox.failed(letter, fault: "no pointer", at: now, tx) }
                continue
            }
            try await database.write { tx in try PointerStore.put(pointer, tx) }
            try await database.write { tx in try Outbox.delivered(letter, tx) }
        }
    }
}
