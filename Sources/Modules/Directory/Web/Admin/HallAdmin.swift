import Hummingbird
import Kernel
import Web

/// Who: an administrator. Why: halls with address, phone and opening hours; their windows are listed below each.
struct HallAdmin: Sendable {
    let pages: PlacePages

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let places = try await pages.directory.places(of: area)
        let words = PlaceWords(exchange: exchange, profile: places.profile)
        let language = exchange.language
        let halls = PlacePages.Table(
            heads: [
                "directory.field.name", "directory.field.address", "directory.field.phone", "directory.field.hours",
            ],
            rows: places.profile.halls.map { hall in
                PlacePages.row(
                    DirectoryPaths.hall.url(area, hall.id), hall.name[language],
                    [[hall.address?[language]], [hall.phone], hall.hours.map(exchange.words)],
                    tags: pages.tags(exchange, places, .hall(hall.id)))
            }, add: (DirectoryPaths.newHall.url(area), exchange.text("directory.admin.newHall")))
        let windows = places.profile.halls.map { hall in
            PlacePages.Table(
                title: exchange.text("directory.admin.windowsOf", ["hall": hall.name[language]]),
                heads: ["directory.halls.window", "directory.halls.takes"],
                rows: hall.windows.map { window in
                    let departments = JSON.array(window.departments.map { .string($0) })
                    return PlacePages.row(
                        DirectoryPaths.window.url(area, hall.id, window.id), words.window(window),
                        [[words.value(departments, of: "departments")]],
                        tags: pages.tags(exchange, places, .window(hall: hall.id, window.id)))
                }, add: (DirectoryPaths.newWindow.url(area, hall.id), exchange.text("directory.admin.newWindow")))
        }
        return try await pages.list(exchange, area, .halls, places, [halls] + windows)
    }

    @Sendable func new(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await form(exchange, area, nil, [], nil)
    }

    @Sendable func create(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let read = try reader(exchange, nil)
        return try await pages.save(exchange, area, .halls, .numbered { .hall($0) }, read) {
            try await form(exchange, area, nil, $0, $1)
        }
    }

    @Sendable func edit(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        try await form(exchange, area, id, [], nil)
    }

    @Sendable func save(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let known = try await pages.directory.places(of: area).profile.halls.first { $0.id == id }
        let goal = PlaceGoal.known(.hall(id), seen: exchange.form.text("seen"))
        return try await pages.save(exchange, area, .halls, goal, try reader(exchange, known)) {
            try await form(exchange, area, id, $0, $1)
        }
    }

    private func reader(_ exchange: Exchange, _ known: AreaProfile.Hall?) throws -> PlaceReader {
        var read = PlaceReader(exchange.form)
        try read.localized("name", known: known?.name)
        try read.localized("address", known: known?.address, optional: true)
        read.phone("phone", optional: true)
        try read.hours()
        return read
    }

    private func form(
        _ exchange: Exchange, _ area: AreaCode, _ id: String?, _ faults: [FieldFault], _ clash: PlaceClash?
    ) async throws -> Response {
        let places = try await pages.directory.places(of: area)
        let known = places.profile.halls.first { $0.id == id }
        if id != nil, known == nil { throw DomainError.notFound }
        let fields = PlaceFields(exchange, faults)
        return try await pages.show(
            exchange, area, places,
            PlacePages.Form(
                title: known?.name[exchange.language] ?? exchange.text("directory.admin.newHall"),
                target: known.map { .hall($0.id) },
                fields: fields.localized("name", known?.name)
                    + fields.localized("address", known?.address, optional: true)
                    + [fields.phone("phone", known?.phone, optional: true), fields.hours(known?.hours ?? [])],
                page: .halls, hint: "directory.admin.hallHint"),
            faults: faults, clash: clash)
    }
}

extension PlaceFields {
    /// Opening hours, one row for each span of time and an empty one; a row left empty is none.
    func hours(_ hours: [AreaProfile.Hours]) -> View {
        let sent = (0..<PlaceReader.mostHours).prefix { exchange.form.has("hours.\($0).time") }.count
        let count = sent > 0 ? sent : min(hours.count + 1, PlaceReader.mostHours)
        let days = (1...7).map { (value: String($0), label: exchange.text("directory.day.\($0)")) }
        let rows = (0..<count).map { index in
            let known = index < hours.count ? hours[index] : nil
            let name = "hours.\(index)"
            return View([
                "legend": exchange.text("directory.admin.span", ["number": String(index + 1)]), "removable": false,
                "removeValue": nil,
                "fields": [
                    boxes(
                        "\(name).days", label: "directory.admin.days", days,
                        ticked: Set((known?.days ?? []).map { String($0) })),
                    text(
                        "\(name).time", known.map { "\(clockText($0.from))—\(clockText($0.to))" },
                        label: "directory.admin.time", width: "w8"),
                    boxes(
                        "\(name).extra", label: "directory.admin.kind",
                        [(value: "yes", label: exchange.text("directory.admin.extra"))],
                        ticked: known?.extra == true ? ["yes"] : [], optional: true),
                ],
            ])
        }
        return table("hours", rows: rows, hint: "directory.admin.hoursHint")
    }
}

extension PlaceReader {
    /// Spans of time that a form can have.
    static let mostHours = 12

    /// Reads the opening hours; spans of one day must not overlap.
    mutating func hours() throws {
        var spans: [AreaProfile.Hours] = []
        for index in 0..<Self.mostHours where form.has("hours.\(index).time") {
            let name = "hours.\(index)"
            let days = Set(form.all("\(name).days").compactMap { Int($0) }).filter { (1...7).contains($0) }.sorted()
            let typed = form.text("\(name).time")
            if days.isEmpty, typed.isEmpty { continue }
            let time = PlaceRules.span(typed)
            if days.isEmpty { fault("\(name).days", "directory.fault.noDays") }
            if time == nil { fault("\(name).time", "directory.fault.clock") }
            guard let (from, to) = time, !days.isEmpty else { continue }
            if from >= to {
                fault("\(name).time", "directory.fault.order")
            } else if spans.contains(where: { $0.from < to && from < $0.to && !Set($0.days).isDisjoint(with: days) }) {
                fault("\(name).time", "directory.fault.overlap")
            }
            spans.append(AreaProfile.Hours(days: days, from: from, to: to, extra: form.has("\(name).extra")))
        }
        try set("hours", spans)
    }
}
