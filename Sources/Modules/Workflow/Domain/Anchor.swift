import Cryptography
package import Kernel

/// A closed stretch of an area's time, signed: from now on nothing in it can be changed, taken out or put in unnoticed by
/// whoever keeps an anchor outside.
///
/// The root covers the last entry of every journal written to in that time. The leaves name them, so that what is missing can
/// be named; their hashes are shortened to 16 digits, since the root covers them whole.
package struct Anchor: Sendable, Hashable {
    /// The last entry of one journal.
    package struct Leaf: Sendable, Hashable {
        package let stream: String
        package let seq: Int
        /// The entry's hash; its first 16 digits where it was read from a line.
        package let head: String

        var short: String { String(head.prefix(16)) }
    }

    /// An entry that was written after the hour it belongs to was closed: a limit that ran out while no server was up.
    package struct Late: Sendable, Hashable {
        package let leaf: Leaf
        package let at: Moment
    }

    package let area: AreaCode
    /// First moment, included.
    package let since: Moment
    /// Last moment, excluded.
    package let until: Moment
    /// Entries in that time when it was closed.
    package let entries: Int
    package let leaves: [Leaf]
    package let late: [Late]
    /// Merkle root over leaves and late entries, 64 hexadecimal digits.
    package let root: String
    /// The digest of the anchor before it; 64 zeros for an area's first.
    package let previous: String
    let signature: ServiceSignature

    /// Closed 10 minutes after the hour: no unit of work takes that long.
    package static let grace: Int64 = 600

    /// The beginning of the hour a moment lies in.
    static func hour(of moment: Moment) -> Moment {
        Moment(milliseconds: moment.milliseconds - moment.milliseconds % 3_600_000)
    }

    /// What is signed.
    static func text(
        area: AreaCode, since: Moment, until: Moment, streams: Int, entries: Int, root: String, previous: String
    ) -> [UInt8] {
        Array(
            """
            tongban-anchor 1
            \(area.text)
            \(since.milliseconds)
            \(until.milliseconds)
            \(streams)
            \(entries)
            \(root)
            \(previous)
            """.utf8)
    }

    var text: [UInt8] {
        Self.text(
            area: area, since: since, until: until, streams: leaves.count, entries: entries, root: root,
            previous: previous)
    }

    /// What the next anchor of the area names as the one before it.
    var digest: String { Hex.encode(Digest.sha256(text + signature.bytes)) }

    /// The Merkle root (pairs from the left, a single one goes up as it is) over leaves in their order.
    static func root(of leaves: [Leaf], late: [Late]) -> String {
        func hash(_ kind: String, _ text: String) -> [UInt8] { Digest.sha256("\(kind)\u{0}\(text)".utf8) }
        var row =
            leaves.map { hash("leaf", "\($0.stream)\u{0}\($0.seq)\u{0}\($0.head)") }
            + late.map { hash("late", "\($0.leaf.stream)\u{0}\($0.leaf.seq)\u{0}\($0.leaf.head)") }
        if row.isEmpty { return JournalEntry.zero }
        while row.count > 1 {
            row = stride(from: 0, to: row.count, by: 2).map { index in
                index + 1 < row.count ? Digest.sha256([1] + row[index] + row[index + 1]) : row[index]
            }
        }
        return Hex.encode(row[0])
    }
}

extension Anchor {
    /// One line of the anchors' file: canonical JSON.
    package var line: String {
        let members: [String: JSON] = [
            "kind": "anchor", "area": .string(area.text), "since": .int(since.milliseconds),
            "until": .int(until.milliseconds), "entries": .int(Int64(entries)),
            "leaves": .array(leaves.map { .string("\($0.stream) \($0.seq) \($0.short)") }),
            "late": .array(
                late.map { .string("\($0.leaf.stream) \($0.leaf.seq) \($0.leaf.short) \($0.at.milliseconds)") }),
            "root": .string(root), "previous": .string(previous), "key": .int(Int64(signature.keyVersion)),
            "signature": .string(Hex.encode(signature.bytes)),
        ]
        return JSON.object(members).canonical
    }

    /// Reads a line; nil where it is none.
    package init?(_ json: JSON) {
        guard json["kind"].text == "anchor", let area = json["area"].text.flatMap({ AreaCode($0) }),
            let since = json["since"].integer, let until = json["until"].integer, let entries = json["entries"].integer,
            let root = json["root"].text, let previous = json["previous"].text, let key = json["key"].integer,
            let version = UInt32(exactly: key), let signature = json["signature"].text.flatMap({ Hex.decode($0) }),
            let leaves = json["leaves"].elements, let late = json["late"].elements
        else { return nil }
        func leaf(_ text: String?, parts: Int) -> (Leaf, [Substring])? {
            guard let words = text?.split(separator: " "), words.count == parts, let seq = Int(words[1]) else {
                return nil
            }
            return (Leaf(stream: String(words[0]), seq: seq, head: String(words[2])), words)
        }
        let read = leaves.compactMap { leaf($0.text, parts: 3)?.0 }
        let readLate = late.compactMap { element -> Late? in
            guard let (leaf, words) = leaf(element.text, parts: 4), let at = Int64(words[3]) else { return nil }
            return Late(leaf: leaf, at: Moment(milliseconds: at))
        }
        guard read.count == leaves.count, readLate.count == late.count else { return nil }
        self.init(
            area: area, since: Moment(milliseconds: since), until: Moment(milliseconds: until), entries: Int(entries),
            leaves: read, late: readLate, root: root, previous: previous,
            signature: ServiceSignature(keyVersion: version, bytes: signature))
    }
}
