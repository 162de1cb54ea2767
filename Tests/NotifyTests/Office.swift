import Foundation
import Kernel
import Logging
import Storage
import TestKit
import Workflow

@testable import Notify

/// Letters of a case as Workflow posts them.
enum Letters {
    static let jinniu = area("510106")
    static let mingshan = area("511803")
    static let account = "0195f8a0-0000-7000-8000-000000000001"
    static let bucket = AreaCode(bucket: 7)
    static let number = "510106202603120100001"

    static func area(_ text: String) -> AreaCode { AreaCode(text) ?? AreaCode(bucket: 0) }

    static func payload(
        kind: String = "cases.accepted", account: String = account, bucket: AreaCode = bucket, number: String? = number,
        due: String = "2026-03-19"
    ) -> JSON {
        var arguments: [String: JSON] = ["item": "food-business-licence", "due": .string(due)]
        arguments["number"] = number.map(JSON.string)
        return [
            "kind": .string(kind), "stream": "stream-1", "area": "510106", "account": .string(account),
            "bucket": .string(bucket.text), "arguments": .object(arguments),
        ]
    }

    static func post(
        _ payload: JSON = payload(), area: AreaCode = jinniu, dedup: String = "1", at now: Moment,
        _ database: any Database
    ) async throws {
        try await database.write { tx in
            try Outbox.post(channel: "message", area: area, dedup: dedup, payload: payload, at: now, tx)
        }
    }
}

extension Database {
    func waiting(_ channel: String, at now: Moment) async throws -> [Outbox.Letter] {
        try await read { tx in try Outbox.due(channel: channel, at: now, limit: 500, tx) }
    }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
let migrations = WorkflowModule().migrations + [M001.migration]
