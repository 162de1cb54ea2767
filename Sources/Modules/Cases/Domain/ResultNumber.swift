import Kernel

/// Numbers of results by an item's pattern.
enum ResultNumber {
    /// `{n}` becomes n digits: the area's six, the year's last two and the sequence where there is room, else the sequence alone;
    /// `{area}` and `{year}` stand for themselves.
    static func make(_ pattern: String, area: AreaCode, year: Int, sequence: Int) -> String {
        var out = ""
        var rest = Substring(pattern)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open]
            let place = rest[rest.index(after: open)..<close]
            switch place {
            case "area": out += area.text
            case "year": out += String(year)
            default: out += digits(Int(place) ?? 0, area, year, sequence)
            }
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }

    /// Whether numbers of this pattern tell their year; those that do not are counted on through the years, or they would come again.
    static func tellsYear(_ pattern: String) -> Bool {
        pattern.split(separator: "{", omittingEmptySubsequences: false).dropFirst().contains { part in
            let place = part.prefix { $0 != "}" }
            return place == "year" || (Int(place) ?? 0) >= withHead
        }
    }

    /// From so many digits on there is room for the area, the year and a sequence.
    private static let withHead = 13

    private static func digits(_ count: Int, _ area: AreaCode, _ year: Int, _ sequence: Int) -> String {
        let head = count >= withHead ? area.text + String(year % 100 + 100).dropFirst() : ""
        let room = max(1, count - head.count)
        let own = String(sequence)
        return head + String(repeating: "0", count: max(0, room - own.count)) + own
    }
}
