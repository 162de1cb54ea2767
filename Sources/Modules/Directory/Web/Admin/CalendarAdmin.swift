import Hummingbird
import Kernel
import Web

/// Who: an administrator. Why: the days off and make-up days of each year (国务院办公厅关于部分节假日安排的通知).
struct CalendarAdmin: Sendable {
    let pages: PlacePages

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let places = try await pages.directory.places(of: area)
        let words = PlaceWords(exchange: exchange, profile: places.profile)
        let known = Dictionary(places.years.map { ($0.year, $0) }, uniquingKeysWith: { first, _ in first })
        let now = exchange.now.date.year
        let first = min(known.keys.min() ?? now, now)
        let last = max(known.keys.max() ?? now, now + 1)
        let rows = (first...last).reversed().map { year in
            let notice = known[year]
            var tags = pages.tags(exchange, places, .year(year))
            if notice == nil { tags.insert((exchange.text("directory.admin.provisional"), "tag-must"), at: 0) }
            return PlacePages.row(
                DirectoryPaths.calendar.url(area, year), exchange.text("directory.admin.year", ["year": String(year)]),
                [
                    [notice.map { words.days($0.off, in: year) } ?? exchange.text("directory.admin.provisionalText")],
                    [notice.map { words.days($0.work, in: year) }],
                    [
                        exchange.text(
                            "directory.admin.workingDays", ["count": String(places.calendar.workingDays(in: year))])
                    ],
                ], tags: tags)
        }
        let table = PlacePages.Table(
            heads: [
                "directory.admin.yearHead", "directory.field.off", "directory.field.work",
                "directory.admin.workingDaysHead",
            ], rows: rows, add: nil)
        return try await pages.list(exchange, area, .calendars, places, [table])
    }

    @Sendable func edit(_ exchange: Exchange, _ area: AreaCode, _ year: Int) async throws -> Response {
        try await form(exchange, area, year, [], nil)
    }

    @Sendable func save(_ exchange: Exchange, _ area: AreaCode, _ year: Int) async throws -> Response {
        let places = try await pages.directory.places(of: area)
        guard Self.isEditable(year, exchange.now.date) else { throw DomainError.notFound }
        var read = PlaceReader(exchange.form)
        if let off = read.days("off"), let work = read.days("work") {
            try Self.take(off: off, work: work, of: year, isLoaded: places.loaded[.year(year)] != nil, &read)
        }
        let goal = PlaceGoal.known(.year(year), seen: exchange.form.text("seen"))
        return try await pages.save(exchange, area, .calendars, goal, read) {
            try await form(exchange, area, year, $0, $1)
        }
    }

    /// Both lists left empty take back what an administrator entered for a year of which the pack knows nothing.
    private static func take(
        off: [CivilDate], work: [CivilDate], of year: Int, isLoaded: Bool, _ read: inout PlaceReader
    ) throws {
        if off.isEmpty {
            if isLoaded || !work.isEmpty { read.fault("off", "directory.fault.noDaysOff") }
            return try ["off", "work"].forEach { try read.set($0, JSON.null) }
        }
        // A make-up day on a working day is a slip of the pen, and the day that was meant would be missing.
        if let weekday = work.first(where: { $0.weekday <= 5 && $0.year == year && !off.contains($0) }) {
            read.fault("work", "directory.fault.weekday", ["date": weekday.description])
        }
        try read.set("off", off)
        try read.set("work", work)
    }

    private static func isEditable(_ year: Int, _ today: CivilDate) -> Bool { (2000...today.year + 2).contains(year) }

    private func form(
        _ exchange: Exchange, _ area: AreaCode, _ year: Int, _ faults: [FieldFault], _ clash: PlaceClash?
    ) async throws -> Response {
        guard Self.isEditable(year, exchange.now.date) else { throw DomainError.notFound }
        let places = try await pages.directory.places(of: area)
        let known = places.years.first { $0.year == year }
        let fields = PlaceFields(exchange, faults)
        let name = exchange.text("directory.admin.year", ["year": String(year)])
        return try await pages.show(
            exchange, area, places,
            PlacePages.Form(
                title: exchange.text("directory.admin.calendarTitle", ["year": name]), target: .year(year),
                fields: [
                    fields.lines("off", known.map { DayList($0.off).text }, rows: 10),
                    fields.lines("work", known.map { DayList($0.work).text }, rows: 8, optional: true),
                ], page: .calendars,
                hint: known == nil ? "directory.admin.calendarHintNew" : "directory.admin.calendarHint"),
            faults: faults, clash: clash)
    }
}
