import HTTPTypes
import Hummingbird
import Kernel
import Logging
import Storage
import Web

/// Who: an administrator. Why: take a list of items from elsewhere into the area's catalogue: choose the file, look at
/// what becomes of it, import all of it or nothing.
struct ImportPages: Sendable {
    let imports: StagedImports

    func add(to routes: Routes) {
        routes.get(CataloguePaths.adminImport, requires: .permission(.catalogueAdmin)) { exchange, area in
            try await begin(exchange, [])
        }
        routes.post(CataloguePaths.adminImport, requires: .permission(.catalogueAdmin), streams: true, receive)
        routes.get(CataloguePaths.adminList, requires: .permission(.catalogueAdmin), show)
        routes.post(CataloguePaths.adminList, requires: .permission(.catalogueAdmin), carryOut)
        routes.get(CataloguePaths.adminProblems, requires: .permission(.catalogueAdmin), problems)
    }

    // MARK: The file

    private func begin(_ exchange: Exchange, _ faults: [FieldFault]) async throws -> Response {
        let area = try exchange.place()
        let field = View([
            "id": "list", "name": "list", "label": exchange.text("catalogue.import.file"),
            "hint": exchange.text("catalogue.import.fileHint"), "error": faults.first.map { exchange.text($0.message) },
            "optional": false, "width": nil, "prefilled": false, "show": nil, "rules": nil, "hidden": false,
            "isFile": true, "accept": ".csv,.txt,text/csv", "multiple": false, "files": [View](), "upload": nil,
        ])
        return try await exchange.page(
            "catalogue.admin-import", title: exchange.text("catalogue.import.title"),
            View([
                "stepper": ImportViews(exchange).stepper(1), "field": field,
                "action": CataloguePaths.adminImport.url(area),
                "back": CataloguePaths.adminItems.url(area),
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    @Sendable private func receive(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        do {
            let (name, bytes) = try await upload(exchange)
            let id = try await imports.keep(
                bytes, name: name, author: try exchange.staff().id, area: area, at: exchange.now)
            return exchange.redirect(CataloguePaths.adminList.url(area, id))
        } catch DomainError.invalid(let faults) {
            return try await begin(exchange, faults.map { FieldFault("list", $0.message) })
        }
    }

    /// The upload is read to its end, however long it is, so that the reason of a refusal arrives.
    private func upload(_ exchange: Exchange) async throws -> (name: String, bytes: [UInt8]) {
        var reader = try await exchange.multipart()
        var found: (name: String, bytes: [UInt8])?
        do {
            while let part = try await reader.nextPart() {
                guard part.name == "list", let name = part.filename, !name.isEmpty else { continue }
                var bytes: [UInt8] = []
                var size = 0
                while let chunk = try await reader.nextChunk() {
                    size += chunk.count
                    if size <= StagedImports.maximumBytes { bytes += chunk } else { bytes = [] }
                }
                guard size <= StagedImports.maximumBytes else {
                    throw DomainError.invalid("list", "catalogue.import.fault.tooLarge", ["name": name])
                }
                found = (name, bytes)
            }
        } catch let error as DomainError {
            throw error
        } catch {
            throw DomainError.invalid("list", "web.fault.upload")
        }
        guard let found else { throw DomainError.invalid("list", "catalogue.import.fault.none") }
        return found
    }

    // MARK: Columns, problems, result

    @Sendable private func show(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let author = try exchange.staff().id
        let list = try await imports.list(id, author: author, area: area)
        let views = ImportViews(exchange)
        if let report = list.report {
            return try await exchange.page(
                "catalogue.admin-import-done", title: exchange.text("catalogue.import.done"), views.result(report, area)
            )
        }
        if let running = list.runningAt, exchange.now < running.adding(seconds: 60) {
            return try await exchange.page(
                "catalogue.admin-import-running", title: exchange.text("catalogue.import.running"),
                views.running(list, area))
        }
        let chosen = Self.columns { exchange.query($0) }
        let look = try await imports.look(list, columns: chosen, author: author, area: area)
        return try await exchange.page(
            "catalogue.admin-import-check", title: exchange.text("catalogue.import.check"),
            views.check(list, look, chosen, area))
    }

    @Sendable private func carryOut(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let staff = try exchange.staff()
        let logger = exchange.logger
        logger.info("import of items begun", metadata: ["by": "\(staff.id)", "area": "\(area)", "list": "\(id)"])
        try await imports.carryOut(
            id, columns: Self.columns { exchange.form[$0] }, author: staff.id, area: area
        ) { error in
            logger.error("import of items failed", metadata: ["area": "\(area)", "list": "\(id)", "error": "\(error)"])
        }
        return exchange.redirect(CataloguePaths.adminList.url(area, id))
    }

    @Sendable private func problems(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let author = try exchange.staff().id
        let list = try await imports.list(id, author: author, area: area)
        let look = try await imports.look(
            list, columns: Self.columns { exchange.query($0) }, author: author, area: area)
        let views = ImportViews(exchange)
        let rows = look.outcome.findings.map(views.cells)
        return CSVText.download(
            name: exchange.text("catalogue.import.problemsFile") + ".csv",
            head: ["line", "severity", "problem", "advice"].map { exchange.text("catalogue.import.problem.\($0)") }
        ) { _ in (rows, nil) }
    }

    /// The columns chosen by hand, counted from 0; nil where the name's is not among them.
    private static func columns(_ field: (String) -> String?) -> ListColumns? {
        func column(_ name: String) -> Int? {
            field(name).flatMap { Int($0) }.flatMap { (0..<500).contains($0) ? $0 : nil }
        }
        guard let name = column("name") else { return nil }
        return ListColumns(
            name: name, code: column("code"), type: column("type"), department: column("department"),
            mainItem: column("mainItem"))
    }
}
