import Hummingbird
import Kernel
import Web

/// Who: an administrator. Why: departments and their phones. None can be removed: items name them.
struct DepartmentAdmin: Sendable {
    let pages: PlacePages

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let places = try await pages.directory.places(of: area)
        let language = exchange.language
        let rows = places.profile.departments.map { department in
            PlacePages.row(
                DirectoryPaths.department.url(area, department.id), department.name[language],
                [[department.shortName?[language]], [department.phone], [department.id]],
                tags: pages.tags(exchange, places, .department(department.id)))
        }
        let table = PlacePages.Table(
            heads: [
                "directory.field.name", "directory.field.shortName", "directory.field.phone", "directory.field.id",
            ], rows: rows, add: (DirectoryPaths.newDepartment.url(area), exchange.text("directory.admin.newDepartment"))
        )
        return try await pages.list(exchange, area, .departments, places, [table])
    }

    @Sendable func new(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await form(exchange, area, nil, [], nil)
    }

    @Sendable func create(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let id = exchange.form.text("id")
        var read = try reader(exchange, nil)
        if !PlaceRules.isSlug(id) { read.fault("id", "directory.fault.slug") }
        return try await pages.save(exchange, area, .departments, .new(.department(id)), read) {
            try await form(exchange, area, nil, $0, $1)
        }
    }

    @Sendable func edit(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        try await form(exchange, area, id, [], nil)
    }

    @Sendable func save(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let known = try await pages.directory.places(of: area).profile.department(id)
        let goal = PlaceGoal.known(.department(id), seen: exchange.form.text("seen"))
        return try await pages.save(exchange, area, .departments, goal, try reader(exchange, known)) {
            try await form(exchange, area, id, $0, $1)
        }
    }

    private func reader(_ exchange: Exchange, _ known: AreaProfile.Department?) throws -> PlaceReader {
        var read = PlaceReader(exchange.form)
        try read.localized("name", known: known?.name)
        try read.localized("shortName", known: known?.shortName, optional: true)
        read.phone("phone", optional: true)
        return read
    }

    private func form(
        _ exchange: Exchange, _ area: AreaCode, _ id: String?, _ faults: [FieldFault], _ clash: PlaceClash?
    ) async throws -> Response {
        let places = try await pages.directory.places(of: area)
        let known = id.flatMap { places.profile.department($0) }
        if id != nil, known == nil { throw DomainError.notFound }
        let fields = PlaceFields(exchange, faults)
        let slug = known.map { fields.fixed("id", $0.id) } ?? fields.text("id", nil, hint: "directory.admin.idHint")
        return try await pages.show(
            exchange, area, places,
            PlacePages.Form(
                title: known?.name[exchange.language] ?? exchange.text("directory.admin.newDepartment"),
                target: known.map { .department($0.id) },
                fields: [slug] + fields.localized("name", known?.name)
                    + fields.localized("shortName", known?.shortName, optional: true)
                    + [fields.phone("phone", known?.phone, optional: true)],
                page: .departments),
            faults: faults, clash: clash)
    }
}
