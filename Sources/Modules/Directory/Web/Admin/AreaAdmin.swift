import Hummingbird
import Kernel
import Web

/// Who: an administrator. Why: the area's phones, and where to turn against a decision.
struct AreaAdmin: Sendable {
    let pages: PlacePages
    private static let fields = ["advicePhone", "complaintPhone", "reviewOrgan", "court"]

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let places = try await pages.directory.places(of: area)
        let words = PlaceWords(exchange: exchange, profile: places.profile)
        let holding = places.overlay.apply(to: places.loaded)[.area] ?? .null
        let loaded = places.loaded[.area] ?? .null
        let conflicts = Set(places.conflicts(at: .area).map(\.field))
        let rows = Self.fields.map { field in
            let isOther = holding[field] != loaded[field]
            let tag =
                conflicts.contains(field)
                ? [(text: exchange.text("directory.admin.clashes"), kind: "tag-fault")]
                : isOther ? [(text: exchange.text("directory.admin.edited"), kind: "tag-partial")] : []
            return PlacePages.row(
                DirectoryPaths.area.url(area) + "#\(field)", exchange.text("directory.field.\(field)"),
                [
                    [words.value(holding[field], of: field)],
                    [isOther ? words.value(loaded[field], of: field) : nil],
                ],
                tags: tag)
        }
        let table = PlacePages.Table(
            heads: ["directory.admin.what", "directory.admin.value", "directory.admin.inPack"], rows: rows,
            add: (DirectoryPaths.area.url(area), exchange.text("directory.admin.edit")))
        return try await pages.list(exchange, area, .areas, places, [table])
    }

    @Sendable func edit(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await form(exchange, area, [], nil)
    }

    @Sendable func save(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let profile = try await pages.directory.places(of: area).profile
        var read = PlaceReader(exchange.form)
        read.phone("advicePhone")
        read.phone("complaintPhone")
        if let advice = read.values["advicePhone"], !advice.isNull, advice == read.values["complaintPhone"] {
            read.fault("complaintPhone", "directory.fault.samePhone")
        }
        try read.localized("reviewOrgan", known: profile.reviewOrgan)
        try read.localized("court", known: profile.court)
        let goal = PlaceGoal.known(.area, seen: exchange.form.text("seen"))
        return try await pages.save(exchange, area, .areas, goal, read) { try await form(exchange, area, $0, $1) }
    }

    private func form(
        _ exchange: Exchange, _ area: AreaCode, _ faults: [FieldFault], _ clash: PlaceClash?
    ) async throws -> Response {
        let places = try await pages.directory.places(of: area)
        let profile = places.profile
        let fields = PlaceFields(exchange, faults)
        return try await pages.show(
            exchange, area, places,
            PlacePages.Form(
                title: exchange.text("directory.admin.areaTitle"), target: .area,
                fields: [
                    fields.phone("advicePhone", profile.advicePhone),
                    fields.phone("complaintPhone", profile.complaintPhone),
                ] + fields.localized("reviewOrgan", profile.reviewOrgan) + fields.localized("court", profile.court),
                page: .areas, hint: "directory.admin.areaHint"),
            faults: faults, clash: clash)
    }
}
