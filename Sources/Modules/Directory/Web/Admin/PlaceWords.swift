import Kernel
import Web

/// Journaled edits and conflicts in the reader's words.
struct PlaceWords {
    let exchange: Exchange
    let profile: AreaProfile

    func target(_ target: PlaceTarget) -> String {
        switch target {
        case .area: return exchange.text("directory.admin.thisArea")
        case .department(let id): return profile.department(id).map { $0.name[exchange.language] } ?? id
        case .hall(let id): return hall(id)
        case .window(let hall, let id):
            let known = profile.halls.first { $0.id == hall }?.windows.first { $0.id == id }
            return self.hall(hall) + " · " + (known.map(window) ?? id)
        case .year(let year): return exchange.text("directory.admin.year", ["year": String(year)])
        }
    }

    func window(_ window: AreaProfile.Window) -> String {
        [window.number, window.name[exchange.language]].compactMap { $0 }.joined(separator: " ")
    }

    /// `咨询电话：12345 → 028-87705000`, by field.
    func lines(_ change: Overlay.Change) -> [View] {
        change.values.sorted { $0.key < $1.key }.map { field, value in
            if field == Overlay.removed { return View(["text": exchange.text("directory.admin.removed")]) }
            let before = change.previous[field] ?? .null
            let label = exchange.text("directory.field.\(field)")
            let words = [
                "field": label, "before": self.value(before, of: field), "after": self.value(value, of: field),
            ]
            let key = before.isNull ? "set" : before == value ? "kept" : "changed"
            return View(["text": exchange.text("directory.admin.line.\(key)", words)])
        }
    }

    func conflict(_ conflict: PlaceConflict) -> String {
        exchange.text(
            "directory.admin.conflict",
            [
                "field": exchange.text("directory.field.\(conflict.field)"),
                "pack": value(conflict.pack, of: conflict.field), "kept": value(conflict.kept, of: conflict.field),
            ])
    }

    func days(_ days: [CivilDate], in year: Int) -> String {
        let language = exchange.language
        return DayList(days).ranges.map { range in
            let near = CivilDate(year: year, month: 1, day: 1)
            let first = range.lowerBound.words(in: language, near: near)
            guard range.lowerBound != range.upperBound else { return first }
            let last = range.upperBound
            let sameMonth = language != .en && last.month == range.lowerBound.month
            return first + (language == .en ? " – " : "至 ")
                + (sameMonth ? "\(last.day) 日" : last.words(in: language, near: near))
        }.joined(separator: language == .en ? ", " : "、")
    }

    func value(_ value: JSON, of field: String) -> String {
        let nothing = exchange.text("directory.admin.nothing")
        if value.isNull { return nothing }
        switch field {
        case "hours":
            let hours = (try? value.decoded(as: [AreaProfile.Hours].self)) ?? []
            return hours.isEmpty ? nothing : hours.map(exchange.words).joined(separator: "、")
        case "departments":
            let names = (value.elements ?? []).compactMap(\.text).map {
                profile.departmentName($0, in: exchange.language)
            }
            return names.isEmpty ? exchange.text("directory.halls.anything") : names.joined(separator: "、")
        case "off", "work":
            let dates = (try? value.decoded(as: [CivilDate].self)) ?? []
            return dates.isEmpty ? nothing : days(dates, in: dates.last?.year ?? 0)
        default:
            if let text = value.text { return text }
            guard let text = try? value.decoded(as: LocalizedText.self) else { return value.canonical }
            return [text.zh, text.en].compactMap { $0 }.joined(separator: " / ")
        }
    }

    private func hall(_ id: String) -> String { profile.halls.first { $0.id == id }?.name[exchange.language] ?? id }
}
