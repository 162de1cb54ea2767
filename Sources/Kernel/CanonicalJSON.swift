/// Canonical JSON of anything `Encodable`: sorted keys, no spaces, slashes as they are.
///
/// Every act journals and seals several such texts; they are written straight into bytes, without the detours of an encoder for all
/// purposes.
package enum CanonicalJSON {
    /// The text of a value.
    ///
    /// - Throws: `EncodingError` for a number that JSON does not have, and what the value's own `encode` throws.
    package static func text(of value: some Encodable) throws -> String {
        let place = Place()
        try place.put(value, path: [])
        var out: [UInt8] = []
        out.reserveCapacity(1024)
        place.content.write(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// The same as a value to be looked at, without a text between.
    ///
    /// - Throws: as `text(of:)`.
    package static func value(of value: some Encodable) throws -> JSON {
        let place = Place()
        try place.put(value, path: [])
        return place.content.json
    }
}

/// What stands at one place of the text.
private enum Piece {
    case json(JSON)
    case text(String)
    case integer(String)
    /// Filled by a container that is still open.
    case place(Place)

    func write(to out: inout [UInt8]) {
        switch self {
        case .json(let value): value.write(to: &out)
        case .text(let text): JSON.quote(text, to: &out)
        case .integer(let digits): out += digits.utf8
        case .place(let place): place.content.write(to: &out)
        }
    }

    var json: JSON {
        switch self {
        case .json(let value): value
        case .text(let text): .string(text)
        case .integer(let digits): Int64(digits).map(JSON.int) ?? .double(Double(digits) ?? .infinity)
        case .place(let place): place.content.json
        }
    }
}

private enum Content {
    case nothing
    case one(Piece)
    case list([Piece])
    case members([(key: String, piece: Piece)])

    var json: JSON {
        switch self {
        case .nothing: .object([:])
        case .one(let piece): piece.json
        case .list(let pieces): .array(pieces.map(\.json))
        case .members(let members):
            .object(Dictionary(members.map { ($0.key, $0.piece.json) }) { _, last in last })
        }
    }

    func write(to out: inout [UInt8]) {
        switch self {
        // An object without members is what encodes nothing.
        case .nothing: out += "{}".utf8
        case .one(let piece): piece.write(to: &out)
        case .list(let pieces):
            out.append(UInt8(ascii: "["))
            for (index, piece) in pieces.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                piece.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .members(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
                .enumerated()
            {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                JSON.quote(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                member.piece.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }
}

private final class Place {
    var content = Content.nothing

    func put<Value: Encodable>(_ value: Value, path: [any CodingKey]) throws {
        content = .one(try Self.piece(value, path: path))
    }

    static func piece<Value: Encodable>(_ value: Value, path: [any CodingKey]) throws -> Piece {
        if let json = value as? JSON { return .json(json) }
        let place = Place()
        try value.encode(to: CanonicalEncoder(place: place, codingPath: path))
        if case .one(let piece) = place.content { return piece }
        return .place(place)
    }

    static func piece(_ value: Double, path: [any CodingKey]) throws -> Piece {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: path, debugDescription: "JSON has no such number"))
        }
        return .json(.double(value))
    }

    func append(_ piece: Piece) {
        if case .list(var pieces) = content {
            content = .nothing
            pieces.append(piece)
            content = .list(pieces)
        } else {
            content = .list([piece])
        }
    }

    func set(_ piece: Piece, for key: any CodingKey) {
        if case .members(var members) = content {
            content = .nothing
            members.append((key.stringValue, piece))
            content = .members(members)
        } else {
            content = .members([(key.stringValue, piece)])
        }
    }
}

private struct CanonicalEncoder: Encoder {
    let place: Place
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .members = place.content {} else { place.content = .members([]) }
        return KeyedEncodingContainer(Members<Key>(place: place, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .list = place.content {} else { place.content = .list([]) }
        return Elements(place: place, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { One(place: place, codingPath: codingPath) }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let place: Place
    let codingPath: [any CodingKey]

    mutating func encodeNil(forKey key: Key) throws { place.set(.json(.null), for: key) }
    mutating func encode(_ value: Bool, forKey key: Key) throws { place.set(.json(.bool(value)), for: key) }
    mutating func encode(_ value: String, forKey key: Key) throws { place.set(.text(value), for: key) }
    mutating func encode(_ value: Double, forKey key: Key) throws {
        place.set(try Place.piece(value, path: codingPath + [key]), for: key)
    }
    mutating func encode(_ value: Float, forKey key: Key) throws { try encode(Double(value), forKey: key) }
    mutating func encode(_ value: Int, forKey key: Key) throws { place.set(.json(.int(Int64(value))), for: key) }
    mutating func encode(_ value: Int8, forKey key: Key) throws { place.set(.integer(String(value)), for: key) }
    mutating func encode(_ value: Int16, forKey key: Key) throws { place.set(.integer(String(value)), for: key) }
    mutating func encode(_ value: Int32, forKey key: Key) throws { place.set(.integer(String(value)), for: key) }
    mutating func encode(_ value: Int64, forKey key: Key) throws { place.set(.json(.int(value)), for: key) }
    mutating func encode(_ value: UInt, forKey key: Key) throws { place.set(.integer(String(value)), for: key) }
    mutating func encode(_ value: UInt8, forKey key: Key) throws { place.set(.integer(String(value)), for: key) }
    mutating func encode(_ value: UInt16, forKey key: Key) throws { place.set(.integer(String(value)), for: key) }
    mutating func encode(_ value: UInt32, forKey key: Key) throws { place.set(.integer(String(value)), for: key) }
    mutating func encode(_ value: UInt64, forKey key: Key) throws { place.set(.integer(String(value)), for: key) }
    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        place.set(try Place.piece(value, path: codingPath + [key]), for: key)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key)
        -> KeyedEncodingContainer<Nested>
    {
        nested(key).container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        nested(key).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { nested(SuperKey()) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    private func nested(_ key: any CodingKey) -> CanonicalEncoder {
        let inner = Place()
        place.set(.place(inner), for: key)
        return CanonicalEncoder(place: inner, codingPath: codingPath + [key])
    }
}

private struct SuperKey: CodingKey {
    var stringValue: String { "super" }
    var intValue: Int? { nil }
    init() {}
    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
}

private struct Elements: UnkeyedEncodingContainer {
    let place: Place
    let codingPath: [any CodingKey]

    var count: Int { if case .list(let pieces) = place.content { pieces.count } else { 0 } }

    mutating func encodeNil() throws { place.append(.json(.null)) }
    mutating func encode(_ value: String) throws { place.append(.text(value)) }
    mutating func encode<Value: Encodable>(_ value: Value) throws {
        place.append(try Place.piece(value, path: codingPath))
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { nested() }

    private func nested() -> CanonicalEncoder {
        let inner = Place()
        place.append(.place(inner))
        return CanonicalEncoder(place: inner, codingPath: codingPath)
    }
}

private struct One: SingleValueEncodingContainer {
    let place: Place
    let codingPath: [any CodingKey]

    private func put(_ piece: Piece) { place.content = .one(piece) }

    mutating func encodeNil() throws { put(.json(.null)) }
    mutating func encode(_ value: Bool) throws { put(.json(.bool(value))) }
    mutating func encode(_ value: String) throws { put(.text(value)) }
    mutating func encode(_ value: Double) throws { put(try Place.piece(value, path: codingPath)) }
    mutating func encode(_ value: Float) throws { put(try Place.piece(Double(value), path: codingPath)) }
    mutating func encode(_ value: Int) throws { put(.json(.int(Int64(value)))) }
    mutating func encode(_ value: Int8) throws { put(.integer(String(value))) }
    mutating func encode(_ value: Int16) throws { put(.integer(String(value))) }
    mutating func encode(_ value: Int32) throws { put(.integer(String(value))) }
    mutating func encode(_ value: Int64) throws { put(.json(.int(value))) }
    mutating func encode(_ value: UInt) throws { put(.integer(String(value))) }
    mutating func encode(_ value: UInt8) throws { put(.integer(String(value))) }
    mutating func encode(_ value: UInt16) throws { put(.integer(String(value))) }
    mutating func encode(_ value: UInt32) throws { put(.integer(String(value))) }
    mutating func encode(_ value: UInt64) throws { put(.integer(String(value))) }
    mutating func encode<Value: Encodable>(_ value: Value) throws { put(try Place.piece(value, path: codingPath)) }
}
