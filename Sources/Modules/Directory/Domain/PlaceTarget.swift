/// What an edit is about: the area itself, something in one of its lists, or a year of its calendar.
enum PlaceTarget: Sendable, Hashable {
    case area
    case department(String)
    case hall(String)
    case window(hall: String, String)
    case year(Int)

    /// Where it lies in the tree of an area (`AreaTree`): `halls/centre/windows/w01`; "" for the area.
    var path: String {
        switch self {
        case .area: ""
        case .department(let id): "departments/\(id)"
        case .hall(let id): "halls/\(id)"
        case .window(let hall, let id): "halls/\(hall)/windows/\(id)"
        case .year(let year): "years/\(year)"
        }
    }

    init?(path: String) {
        let parts = path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case (nil, 0): self = .area
        case ("departments", 2): self = .department(parts[1])
        case ("halls", 2): self = .hall(parts[1])
        case ("halls", 4) where parts[2] == "windows": self = .window(hall: parts[1], parts[3])
        case ("years", 2):
            guard let year = Int(parts[1]) else { return nil }
            self = .year(year)
        default: return nil
        }
    }

    /// The page it is edited on.
    var page: PlacePage {
        switch self {
        case .area: .areas
        case .department: .departments
        case .hall, .window: .halls
        case .year: .calendars
        }
    }
}

/// The four pages of an administrator; also the kind under which an edit is journaled.
enum PlacePage: String, Sendable, Hashable, CaseIterable {
    case areas, departments, halls, calendars
}
