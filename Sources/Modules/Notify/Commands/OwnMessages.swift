package import Identity
package import Kernel

/// The messages a resident got, for himself.
package struct OwnMessages: OwnData {
    package let key = "messages"
    private let notify: NotifyAPI
    private static let pageSize = 200

    package init(notify: NotifyAPI) { self.notify = notify }

    /// Every message, those not opened first.
    package func data(of account: AccountReference, at now: Moment) async throws -> JSON {
        var found: [JSON] = []
        var place: MessagePlace?
        while true {
            let page = try await notify.list(
                account: account.id, bucket: account.bucket, after: place, limit: Self.pageSize)
            found += page.map { message in
                [
                    "kind": .string(message.kind), "area": .string(message.area.text),
                    "at": .string(message.at.description),
                    "readAt": message.readAt.map { .string($0.description) } ?? .null,
                    "arguments": .object(message.arguments.mapValues(JSON.string)),
                ]
            }
            guard page.count == Self.pageSize, let last = page.last else { return .array(found) }
            place = last.place
        }
    }
}
