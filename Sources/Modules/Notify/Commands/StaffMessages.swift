package import Kernel
package import Storage

/// Messages to members of staff: they lie in the staff's own area, beside nothing of a resident.
package enum StaffMessages {
    /// Puts a message into the boxes of these people, in the unit of what it tells; the same `id` only once.
    ///
    /// - Parameters:
    ///   - id: a UUIDv7 of whatever caused it.
    ///   - kind: `cases.urged`: its texts are `notify.<kind>.title` and `.text`.
    ///   - arguments: without personal data: `number`, `item` (a slug).
    package static func put(
        _ id: String, kind: String, stream: String, arguments: [String: String], to staff: Set<String>, area: AreaCode,
        at now: Moment, _ tx: Transaction
    ) throws {
        for person in staff.sorted() {
            try MessageStore.put(
                MessageLetter(
                    id: id, kind: kind, caseArea: area, stream: stream, account: person, bucket: area,
                    arguments: arguments, at: now), tx)
        }
    }
}
