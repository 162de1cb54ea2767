package import Kernel

/// What an area's administrators say otherwise than its pack. It lies over the pack and outlives every load of it.
struct Overlay: Sendable, Hashable, Codable {
    /// One field that was edited.
    struct Edit: Sendable, Hashable, Codable {
        let value: JSON
        /// What the pack said when the edit was made; null for what only the administrator has.
        let base: JSON
    }

    /// What an administrator's act changed, for the journal.
    struct Change: Sendable, Hashable {
        let values: [String: JSON]
        let previous: [String: JSON]
    }

    /// By the target's path, then by field.
    private(set) var edits: [String: [String: Edit]] = [:]

    /// A field that means: the entry is taken out of its list.
    static let removed = "removed"

    // MARK: Reading

    /// The area as it holds: the pack's profile with the edits over it.
    func apply(to profile: AreaProfile) throws -> AreaProfile {
        edits.isEmpty ? profile : try apply(to: AreaTree(profile, years: [])).profile()
    }

    /// The calendar as it holds, by year.
    func apply(to years: [CalendarYear]) throws -> [CalendarYear] {
        guard edits.keys.contains(where: { $0.hasPrefix("years/") }) else { return years }
        return try apply(to: AreaTree(nil, years: years)).years()
    }

    func apply(to tree: AreaTree) -> AreaTree {
        var tree = tree
        // In the order of the paths: a hall comes before its windows.
        for (path, fields) in edits.sorted(by: { $0.key < $1.key }) {
            guard let target = PlaceTarget(path: path) else { continue }
            if fields[Self.removed]?.value == true {
                tree.remove(target)
            } else {
                tree.set(fields.mapValues(\.value), at: target, add: Self.isAddition(fields))
            }
        }
        return tree
    }

    /// What the pack does not have lives by its name (a year by its days off) being the administrator's own; an edit of
    /// something that the pack has since dropped has nothing to lie over.
    private static func isAddition(_ fields: [String: Edit]) -> Bool {
        (fields["name"] ?? fields["off"])?.base.isNull ?? false
    }

    /// The edits of which the pack has since changed its mind, by target and field.
    func conflicts(with pack: AreaTree) -> [PlaceConflict] {
        edits.sorted { $0.key < $1.key }.flatMap { path, fields -> [PlaceConflict] in
            guard let target = PlaceTarget(path: path) else { return [] }
            let entry = pack[target]
            return fields.sorted { $0.key < $1.key }.compactMap { field, edit in
                let now = entry?[field] ?? .null
                guard now != edit.base, now != edit.value else { return nil }
                return PlaceConflict(path: path, field: field, pack: now, kept: edit.value)
            }
        }
    }

    /// True where the field's value is an administrator's.
    func isEdited(_ target: PlaceTarget) -> Bool { edits[target.path] != nil }

    // MARK: Editing

    /// Puts an administrator's values over the pack's; nil where nothing is other than before.
    ///
    /// A value that is the pack's own is no edit. Saving a field once more settles its conflict with the pack.
    mutating func save(_ values: [String: JSON], at target: PlaceTarget, over pack: AreaTree) -> Change? {
        let loaded = pack[target]
        let holding = apply(to: pack)[target]
        var fields = edits[target.path] ?? [:]
        var change: [String: JSON] = [:]
        var previous: [String: JSON] = [:]
        for (field, value) in values {
            let base = loaded?[field] ?? .null
            let before = holding?[field] ?? .null
            let known = fields[field]
            fields[field] = value == base ? nil : Edit(value: value, base: base)
            if value != before || fields[field] != known {
                change[field] = value
                previous[field] = before
            }
        }
        edits[target.path] = fields.isEmpty ? nil : fields
        return change.isEmpty ? nil : Change(values: change, previous: previous)
    }
}

/// A field that an administrator edited and that the pack has since changed too: the administrator's value holds.
package struct PlaceConflict: Sendable, Hashable, CustomStringConvertible {
    /// `departments/health`; "" for the area itself, `years/2027` for a year of the calendar.
    package let path: String
    package let field: String
    /// What the pack says now.
    package let pack: JSON
    /// What the administrator said, and what holds.
    package let kept: JSON

    package var description: String {
        "\(path.isEmpty ? "area" : path) \(field): kept \(kept.canonical), the pack says \(pack.canonical)"
    }
}
