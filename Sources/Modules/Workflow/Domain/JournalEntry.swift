import Cryptography
package import Kernel

/// One line of the journal, bound to the one before it by its hash.
package struct JournalEntry: Sendable, Equatable {
    package let area: AreaCode
    package let cohort: Int
    package let stream: String
    /// 1, 2, 3 … within the stream.
    package let seq: Int
    package let at: Moment
    /// Canonical JSON of the actor: who, on whose behalf, by which channel.
    package let actor: String
    /// The id of the request that caused it.
    package let request: String
    package let name: String
    package let data: String
    /// Hash of the entry before, 64 hexadecimal digits; of the first entry all zeros.
    package let previous: String
    package let hash: String

    /// The hash before the first entry.
    package static let zero = String(repeating: "0", count: 64)

    /// An entry of what happens now.
    package init(
        area: AreaCode, cohort: Int, stream: String, seq: Int, at: Moment, actor: String, request: String, name: String,
        data: String, previous: String
    ) {
        self.area = area
        self.cohort = cohort
        self.stream = stream
        self.seq = seq
        self.at = at
        self.actor = actor
        self.request = request
        self.name = name
        self.data = data
        self.previous = previous
        hash = Self.hash(area, cohort, stream, seq, at, actor, request, name, data, previous)
    }

    /// An entry as it was read; `isGenuine` tells whether its hash fits.
    package init(
        area: AreaCode, cohort: Int, stream: String, seq: Int, at: Moment, actor: String, request: String, name: String,
        data: String, previous: String, hash: String
    ) {
        self.area = area
        self.cohort = cohort
        self.stream = stream
        self.seq = seq
        self.at = at
        self.actor = actor
        self.request = request
        self.name = name
        self.data = data
        self.previous = previous
        self.hash = hash
    }

    /// True where nothing that the hash covers was changed.
    package var isGenuine: Bool {
        hash == Self.hash(area, cohort, stream, seq, at, actor, request, name, data, previous)
    }

    /// SHA-256 over every field, each with its length before it, and the algorithm's name.
    private static func hash(
        _ area: AreaCode, _ cohort: Int, _ stream: String, _ seq: Int, _ at: Moment, _ actor: String, _ request: String,
        _ name: String, _ data: String, _ previous: String
    ) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320 + actor.utf8.count + data.utf8.count)
        func add(_ text: String) {
            let count = UInt32(text.utf8.count)
            withUnsafeBytes(of: count.bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text.utf8)
        }
        add("sha256/1")
        add(area.text)
        add(String(cohort))
        add(stream)
        add(String(seq))
        add(String(at.milliseconds))
        add(actor)
        add(request)
        add(name)
        add(data)
        add(previous)
        return Hex.encode(Digest.sha256(bytes))
    }
}
