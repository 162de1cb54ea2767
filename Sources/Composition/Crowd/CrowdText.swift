import Cryptography

/// What stands in a real case for this case alone, and is another thing in each made after it.
enum CrowdPiece: Hashable, Sendable {
    case bytes([UInt8])
    /// One of the ids that occur nowhere else.
    case id(Int)
    /// A moment of an act, in milliseconds; ends of limits stay where they are.
    case moment(Int64)
    case owner, bucket, number, name, phone, identity, code, printedCode
    /// The hash of a sealed part.
    case seal(Int)
}

/// A text of a real case, taken apart.
struct CrowdText: Sendable {
    let pieces: [CrowdPiece]

    /// The one piece of a text that is nothing else.
    var only: CrowdPiece? { pieces.count == 1 ? pieces[0] : nil }

    init(_ text: some Sequence<UInt8>, _ tokens: CrowdTokens) {
        let text = Array(text)
        var pieces: [CrowdPiece] = []
        var plain: [UInt8] = []
        var place = 0
        while place < text.count {
            guard let (piece, length) = tokens.match(text, place) else {
                plain.append(text[place])
                place += 1
                continue
            }
            if !plain.isEmpty { pieces.append(.bytes(plain)) }
            plain = []
            pieces.append(piece)
            place += length
        }
        if !plain.isEmpty || pieces.isEmpty { pieces.append(.bytes(plain)) }
        self.pieces = pieces
    }

    /// The text as it stands in another case.
    func bytes(_ values: CrowdValues) -> [UInt8] {
        var out: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .bytes(let bytes): out += bytes
            case .id(let index): out += values.ids[index]
            case .moment(let moment): out += String(moment + values.later).utf8
            case .owner: out += values.person.account.utf8
            case .bucket: out += values.person.bucket.utf8
            case .number: out += values.number
            case .name: out += values.person.name.utf8
            case .phone: out += values.person.phone.utf8
            case .identity: out += values.person.idNumber.utf8
            case .code: out += values.code.text.utf8
            case .printedCode: out += values.code.description.utf8
            case .seal(let index): out += values.seals[index]
            }
        }
        return out
    }
}

/// What to look for in a case's texts.
struct CrowdTokens: Sendable {
    private var byFirst: [UInt8: [(bytes: [UInt8], piece: CrowdPiece)]] = [:]

    mutating func add(_ text: String, _ piece: CrowdPiece) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first else { return }
        byFirst[first, default: []].append((bytes, piece))
        byFirst[first]?.sort { $0.bytes.count > $1.bytes.count }
    }

    func match(_ text: [UInt8], _ place: Int) -> (CrowdPiece, Int)? {
        let first = text[place]
        if let candidates = byFirst[first] {
            for (bytes, piece) in candidates where place + bytes.count <= text.count {
                if text[place..<place + bytes.count].elementsEqual(bytes) { return (piece, bytes.count) }
            }
        }
        guard first == UInt8(ascii: "1"), place + 13 <= text.count, place == 0 || !Self.isDigit(text[place - 1]),
            place + 13 == text.count || !Self.isDigit(text[place + 13])
        else { return nil }
        var number: Int64 = 0
        for byte in text[place..<place + 13] {
            guard Self.isDigit(byte) else { return nil }
            number = number * 10 + Int64(byte - 48)
        }
        return Self.isAct(number) ? (.moment(number), 13) : nil
    }

    /// Acts never happen upon a whole second in what is taken for a pattern; days and limits end upon one.
    static func isAct(_ milliseconds: Int64) -> Bool {
        milliseconds % 1000 != 0 && (1_000_000_000_000..<2_000_000_000_000).contains(milliseconds)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// The ids (RFC 9562) in a text.
    static func ids(in text: String) -> [String] {
        var found: [String] = []
        let bytes = Array(text.utf8)
        var place = 0
        while place + 36 <= bytes.count {
            if bytes[place + 8] == 45, bytes[place + 13] == 45, bytes[place + 18] == 45, bytes[place + 23] == 45 {
                found.append(String(decoding: bytes[place..<place + 36], as: UTF8.self))
                place += 36
            } else {
                place += 1
            }
        }
        return found
    }
}
