import Foundation
import Kernel

/// An area's profile and calendar as one tree of JSON, so that an overlay needs no rule for each field.
///
/// Lists hold entries with an `id`; the years of the calendar are the list `years`, their ids the years in digits.
struct AreaTree: Sendable, Hashable {
    private(set) var root: JSON

    init(_ profile: AreaProfile?, years: [CalendarYear]) throws {
        var members = try profile.map { try JSON(encoding: $0).members ?? [:] } ?? [:]
        members["years"] = .array(
            try years.map { year in
                // In order, so that the same days are the same value.
                let sorted = CalendarYear(year: year.year, off: year.off.sorted(), work: year.work.sorted())
                var entry = try JSON(encoding: sorted).members ?? [:]
                entry["id"] = .string(String(year.year))
                return .object(entry)
            })
        root = .object(members)
    }

    func profile() throws -> AreaProfile { try root.decoded() }

    func years() throws -> [CalendarYear] {
        try (root["years"].elements ?? []).map { try $0.decoded(as: CalendarYear.self) }.sorted { $0.year < $1.year }
    }

    /// What stands at a target; nil where there is nothing.
    subscript(target: PlaceTarget) -> JSON? {
        var node = root
        var path = target.path.split(separator: "/")[...]
        while let list = path.popFirst(), let id = path.popFirst() {
            guard let entry = node[String(list)].elements?.first(where: { $0["id"].text == String(id) }) else {
                return nil
            }
            node = entry
        }
        return node
    }

    /// Replaces fields of what stands at a target; where `add` says so, it is made first if it is missing.
    mutating func set(_ fields: [String: JSON], at target: PlaceTarget, add: Bool) {
        root = Self.set(fields, at: target.path.split(separator: "/").map(String.init)[...], in: root, add: add)
    }

    /// Takes an entry out of its list.
    mutating func remove(_ target: PlaceTarget) {
        root = Self.set(nil, at: target.path.split(separator: "/").map(String.init)[...], in: root, add: false)
    }

    /// - Parameter fields: nil takes the entry away.
    private static func set(_ fields: [String: JSON]?, at path: ArraySlice<String>, in node: JSON, add: Bool) -> JSON {
        guard case .object(var members) = node else { return node }
        guard let list = path.first, let id = path.dropFirst().first else {
            return .object(members.merging(fields ?? [:]) { _, new in new })
        }
        var entries = members[list]?.elements ?? []
        let rest = path.dropFirst(2)
        if let index = entries.firstIndex(where: { $0["id"].text == id }) {
            if fields == nil, rest.isEmpty {
                entries.remove(at: index)
            } else {
                entries[index] = set(fields, at: rest, in: entries[index], add: add)
            }
        } else if add, rest.isEmpty {
            entries.append(set(fields, at: rest, in: blank(list, id), add: add))
        }
        members[list] = .array(entries)
        return .object(members)
    }

    /// A new entry of a list, with the lists it must have.
    private static func blank(_ list: String, _ id: String) -> JSON {
        switch list {
        case "halls": ["id": .string(id), "hours": [], "windows": []]
        case "windows": ["id": .string(id), "departments": []]
        case "years": ["id": .string(id), "year": .int(Int64(id) ?? 0), "off": [], "work": []]
        default: ["id": .string(id)]
        }
    }
}

extension JSON {
    /// A value as its `Codable` form.
    init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode([value])).elements?.first ?? .null
    }

    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(canonical.utf8))
    }
}
