import Hummingbird
import Kernel
import Web

/// Who: an administrator. Why: a window of a hall, and whose items it takes.
struct WindowAdmin: Sendable {
    let pages: PlacePages

    @Sendable func new(_ exchange: Exchange, _ area: AreaCode, _ hall: String) async throws -> Response {
        try await form(exchange, area, hall, nil, [], nil)
    }

    @Sendable func create(_ exchange: Exchange, _ area: AreaCode, _ hall: String) async throws -> Response {
        let profile = try await pages.directory.places(of: area).profile
        guard profile.halls.contains(where: { $0.id == hall }) else { throw DomainError.notFound }
        let read = try reader(exchange, profile, nil)
        return try await pages.save(exchange, area, .halls, .numbered { .window(hall: hall, $0) }, read) {
            try await form(exchange, area, hall, nil, $0, $1)
        }
    }

    @Sendable func edit(_ exchange: Exchange, _ area: AreaCode, _ hall: String, _ id: String) async throws -> Response {
        try await form(exchange, area, hall, id, [], nil)
    }

    /// Saves the window; or asks whether to take it away, and does.
    @Sendable func save(_ exchange: Exchange, _ area: AreaCode, _ hall: String, _ id: String) async throws -> Response {
        let profile = try await pages.directory.places(of: area).profile
        let known = profile.halls.first { $0.id == hall }?.windows.first { $0.id == id }
        var read = PlaceReader(exchange.form)
        let action = exchange.form.text("action")
        if action == "remove" { return try await form(exchange, area, hall, id, [], nil, isRemoving: true) }
        if action == "confirm" {
            try read.set(Overlay.removed, true)
        } else {
            read = try reader(exchange, profile, known)
        }
        let goal = PlaceGoal.known(.window(hall: hall, id), seen: exchange.form.text("seen"))
        return try await pages.save(exchange, area, .halls, goal, read) {
            try await form(exchange, area, hall, id, $0, $1)
        }
    }

    private func reader(
        _ exchange: Exchange, _ profile: AreaProfile, _ known: AreaProfile.Window?
    ) throws -> PlaceReader {
        var read = PlaceReader(exchange.form)
        read.text("number", limit: 10)
        try read.localized("name", known: known?.name)
        // In the order of the area's list; what was chosen before and is no longer on it is left out.
        let chosen = Set(exchange.form.all("departments"))
        try read.set("departments", profile.departments.map(\.id).filter { chosen.contains($0) })
        // The same choice in another order is no edit.
        if let known, Set(known.departments) == chosen { try read.set("departments", known.departments) }
        return read
    }

    private func form(
        _ exchange: Exchange, _ area: AreaCode, _ hall: String, _ id: String?, _ faults: [FieldFault],
        _ clash: PlaceClash?, isRemoving: Bool = false
    ) async throws -> Response {
        let places = try await pages.directory.places(of: area)
        guard let home = places.profile.halls.first(where: { $0.id == hall }) else { throw DomainError.notFound }
        let known = home.windows.first { $0.id == id }
        if id != nil, known == nil { throw DomainError.notFound }
        let fields = PlaceFields(exchange, faults)
        let language = exchange.language
        let words = PlaceWords(exchange: exchange, profile: places.profile)
        return try await pages.show(
            exchange, area, places,
            PlacePages.Form(
                title: home.name[language] + " · "
                    + (known.map(words.window) ?? exchange.text("directory.admin.newWindow")),
                target: known.map { .window(hall: hall, $0.id) },
                fields: [fields.text("number", known?.number, width: "w4", optional: true)]
                    + fields.localized("name", known?.name)
                    + [
                        fields.boxes(
                            "departments",
                            places.profile.departments.map {
                                (value: $0.id, label: ($0.shortName ?? $0.name)[language])
                            },
                            ticked: Set(known?.departments ?? []), hint: "directory.admin.departmentsHint",
                            optional: true)
                    ],
                page: .halls, canRemove: known != nil, isRemoving: isRemoving),
            faults: faults, clash: clash)
    }
}
