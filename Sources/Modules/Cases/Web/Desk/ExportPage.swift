import Catalogue
import Directory
import Hummingbird
import Kernel
import Storage
import Web
import Workflow

/// 导出: the cases of a filter as a file, made while it is sent.
struct ExportPage: Sendable {
    let cases: CasesAPI
    private var progress: ExportProgress { cases.exports }

    init(cases: CasesAPI) { self.cases = cases }

    /// Rows a page of the export; memory holds no more.
    static let pageSize = 1_000

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let finder = try await CaseFinder(cases, exchange, viewer)
        let profile = try await cases.directory.profile(of: area)
        let base = DeskPaths.exports.url(area)
        var view = finder.form(exchange, profile).with(["action": base])
        if finder.faults.isEmpty, exchange.query("count") != nil || finder.isAsked(exchange) {
            let filter = finder.filter
            let count = try await cases.database.read { tx in
                try CasesStore.count(filter, area: area, cap: 1_000_000, tx)
            }
            view.set("chips", finder.chips(exchange, profile, base: base))
            view.set(
                "counted",
                View(["text": exchange.text("cases.desk.export.count", ["count": count.grouped]), "any": count > 0]))
            view.set("progress", DeskPaths.exportProgress.url(area))
            view.set("csv", DeskPaths.exportCSV.url(area) + CaseFinder.query(exchange))
            view.set("xlsx", DeskPaths.exportXLSX.url(area) + CaseFinder.query(exchange))
        }
        return try await exchange.page(
            "cases.desk-exports", title: exchange.text("cases.desk.export.title"), view, faults: finder.faults,
            status: finder.faults.isEmpty ? .ok : .unprocessableContent)
    }

    @Sendable func csv(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (name, columns, pages) = try await table(exchange, area)
        return TableStream.csv(name: name, columns: columns, pages: pages)
    }

    @Sendable func xlsx(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (name, columns, pages) = try await table(exchange, area)
        return TableStream.xlsx(
            name: name, columns: columns, widths: [28, 40, 20, 12, 24, 10, 20, 14, 14, 20], pages: pages)
    }

    /// How far an export of the reader's own is: `{rows, total, ended, failed}`, or null for one nobody knows.
    @Sendable func sent(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        guard let key = Self.key(exchange, viewer), let entry = progress.entry(key) else { return exchange.json(.null) }
        return exchange.json([
            "rows": .int(Int64(entry.rows)), "total": .int(Int64(entry.total)), "ended": .bool(entry.ended),
            "failed": .bool(entry.failed),
        ])
    }

    /// The name the page gave its download, kept apart by who asks.
    private static func key(_ exchange: Exchange, _ viewer: StaffViewer) -> String? {
        exchange.query("job").flatMap { $0.isEmpty || $0.utf8.count > 40 ? nil : "\(viewer.id)/\($0)" }
    }

    private func table(
        _ exchange: Exchange, _ area: AreaCode
    ) async throws -> (name: String, columns: [String], pages: @Sendable (TableStream.Send) async throws -> Void) {
        let viewer = try exchange.staff()
        let finder = try await CaseFinder(cases, exchange, viewer)
        guard finder.faults.isEmpty else { throw DomainError.invalid(finder.faults) }
        let filter = finder.filter
        let profile = try await cases.directory.profile(of: area)
        let occasion = exchange.occasion(area)
        // An export is a look at all of it.
        try await cases.database.write { tx in try AccessLog.record(occasion, stream: "export", slot: "cases", tx) }
        let columns = [
            "number", "item", "department", "stage", "applicant", "channel", "opened", "due", "statutory", "ended",
        ]
        let rows = ExportRows(cases: cases, area: area, profile: profile, exchange: exchange)
        let name = exchange.text("cases.desk.export.file", ["date": exchange.now.date.description])
        let key = Self.key(exchange, viewer)
        let time = cases.time
        if let key {
            let total = try await cases.database.read { tx in
                try CasesStore.count(filter, area: area, cap: 1_000_000, tx)
            }
            progress.begin(key, total: total, at: time.now())
        }
        return (
            name, columns.map { exchange.text("cases.desk.column.\($0)") },
            { [progress] send in
                do {
                    var place: (openedAt: Moment, id: String)?
                    while true {
                        let page = try await cases.exportPage(filter, area: area, before: place, limit: Self.pageSize)
                        guard let last = page.lines.last else { break }
                        try await send(try await rows.cells(page.lines, page.masks))
                        if let key { progress.add(page.lines.count, to: key, at: time.now()) }
                        if page.lines.count < Self.pageSize { break }
                        place = (last.openedAt, last.id)
                    }
                } catch {
                    if let key { progress.end(key, failed: true) }
                    throw error
                }
                if let key { progress.end(key, failed: false) }
            }
        )
    }
}

/// Turns cases into cells.
private struct ExportRows: Sendable {
    let cases: CasesAPI
    let area: AreaCode
    let profile: AreaProfile
    let exchange: Exchange

    func cells(_ lines: [CaseLine], _ masks: [String: String]) async throws -> [[TableCell]] {
        let language = exchange.language
        let names = try await cases.catalogue.names(of: Set(lines.map(\.item)), area: area)
        return lines.map { line in
            [
                .text(line.number), .text(names[line.item]?[language] ?? line.item),
                .text(profile.departmentName(line.department, in: language)),
                .text(exchange.text(line.stage.deskMessage(of: line.number))), TableCell(masks[line.id]),
                .text(exchange.text("cases.desk.channel.\(line.channel.rawValue)")), .moment(line.openedAt),
                TableCell(line.dueAt?.lastDay), TableCell(line.statutoryAt?.lastDay), TableCell(line.endedAt),
            ]
        }
    }
}
