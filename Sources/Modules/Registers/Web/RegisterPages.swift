import Catalogue
import Directory
import Hummingbird
import Identity
import Kernel
import Web
import Workflow

/// Who: a department's head. Why: bring the list on which decisions without a person rely, and see how old it is.
struct RegisterPages: Sendable {
    static let all = Path("/:area/desk/registers", AreaCode.self)
    static let one = Path("/:area/desk/registers/:register", AreaCode.self, String.self)

    let registers: RegistersAPI

    func add(to routes: Routes) {
        let keep = Access.permission(RegistersPermissions.keep)
        routes.get(Self.all, requires: keep, list)
        routes.get(Self.one, requires: keep) { exchange, area, id in try await show(exchange, area, id) }
        routes.post(Self.one, requires: keep, streams: true, receive)
    }

    /// Registers of one's own departments; another's looks like none.
    private func own(_ exchange: Exchange, _ area: AreaCode) async throws -> [RegisterType] {
        let pack = try await registers.catalogue.index(of: area)
        let mine = Set(try exchange.staff().departments)
        return pack.registers.filter { mine.contains(pack.ownDepartment($0.department)) }
    }

    private func own(_ id: String, _ exchange: Exchange, _ area: AreaCode) async throws -> RegisterType {
        guard let found = try await own(exchange, area).first(where: { $0.id == id }) else {
            throw DomainError.notFound
        }
        return found
    }

    @Sendable private func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        var rows: [View] = []
        for register in try await own(exchange, area) {
            let current = try await registers.editions(of: register.id, area: area).first { $0.state == .current }
            rows.append(
                View([
                    "name": register.name[exchange.language], "href": Self.one.url(area, register.id),
                    "asOf": current.map { day($0.datedOn, exchange) } ?? exchange.text("registers.none"),
                    "entries": current.map { $0.entries.grouped },
                ]))
        }
        return try await exchange.page(
            "registers.list", title: exchange.text("registers.title"),
            View(["rows": rows, "hasRows": !rows.isEmpty]))
    }

    private func show(
        _ exchange: Exchange, _ area: AreaCode, _ id: String, faults: [FieldFault] = [], lines: [View] = [],
        typed: [String: String] = [:]
    ) async throws -> Response {
        let register = try await own(id, exchange, area)
        let language = exchange.language
        let editions = try await registers.editions(of: id, area: area)
        let staff = editions.compactMap { $0.actor.hasPrefix("staff:") ? String($0.actor.dropFirst(6)) : nil }
        let names = try await registers.identity.staffNames(area, staff)
        let usual = exchange.now.date
        func box(_ part: String, _ value: Int) -> String {
            typed["dated.\(part)"] ?? (typed.isEmpty ? String(value) : "")
        }
        func field(_ name: String, _ more: KeyValuePairs<String, Any?>) -> View {
            View([
                "id": name, "name": name, "label": exchange.text("registers.field.\(name)"),
                "hint": exchange.text("registers.field.\(name)Hint"),
                "error": faults.first { $0.field == name }.map { exchange.text($0.message) },
                "optional": false, "width": nil, "prefilled": false, "show": nil, "rules": nil, "hidden": false,
            ]).with(more)
        }
        let columns = [Self.keyName(register, exchange)] + register.fields.map { $0.name[language] }
        return try await exchange.page(
            "registers.one", title: register.name[language],
            View([
                "name": register.name[language], "action": Self.one.url(area, id), "back": Self.all.url(area),
                "fields": [
                    field(
                        "dated",
                        [
                            "isDate": true, "autocomplete": nil, "year": box("year", usual.year),
                            "month": box("month", usual.month), "day": box("day", usual.day),
                        ]),
                    field(
                        "list",
                        [
                            "isFile": true, "accept": ".csv,.txt,text/csv", "multiple": false, "files": [View](),
                            "upload": nil,
                        ]),
                ],
                "columns": columns.map { View(["name": $0]) },
                "problems": lines, "hasProblems": !lines.isEmpty,
                "editions": editions.map { edition in
                    let person = edition.actor.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
                    return View([
                        "edition": String(edition.edition), "asOf": day(edition.datedOn, exchange),
                        "entries": edition.entries.grouped, "who": names[person] ?? person,
                        "when": edition.importedAt.words(in: language, near: exchange.now.date),
                        "state": exchange.text("registers.state.\(edition.state.rawValue)"),
                        "current": edition.state == .current,
                    ])
                },
                "hasEditions": !editions.isEmpty,
            ]), faults: faults, status: faults.isEmpty && lines.isEmpty ? .ok : .unprocessableContent)
    }

    @Sendable private func receive(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let register = try await own(id, exchange, area)
        let sent = try await upload(exchange)
        let occasion = Occasion(area: area, at: exchange.now, actor: exchange.actor, request: exchange.requestID)
        do {
            if sent.isTooLarge { throw DomainError.invalid("list", "registers.fault.tooLarge") }
            guard let bytes = sent.bytes else { throw DomainError.invalid("list", "registers.fault.none") }
            let registers = registers
            // A task of its own: a browser that goes away does not cut the import off.
            let done = try await Task {
                try await registers.importList(bytes, into: register.id, datedOn: sent.day, occasion)
            }.value
            return exchange.redirect(
                Self.one.url(area, id),
                flash: Message("registers.done", ["count": done.entries.grouped]))
        } catch DomainError.invalid(let faults) {
            return try await show(exchange, area, id, faults: faults, typed: sent.typed)
        } catch let fault as RegisterListFault {
            let lines = fault.lines.map { line, message in
                View(["line": String(line), "text": exchange.text(message)])
            }
            return try await show(
                exchange, area, id, faults: [FieldFault("list", Message("registers.fault.lines"))], lines: lines,
                typed: sent.typed)
        }
    }

    /// What a form of this page sends.
    private struct Sent {
        var typed: [String: String] = [:]
        var bytes: [UInt8]?
        var isTooLarge = false

        var day: CivilDate? {
            guard let year = typed["dated.year"].flatMap({ Int($0) }),
                let month = typed["dated.month"].flatMap({ Int($0) }), let day = typed["dated.day"].flatMap({ Int($0) })
            else { return nil }
            return CivilDate(year: year, month: month, day: day)
        }
    }

    /// The upload is read to its end, however long it is, so that the reason of a refusal arrives.
    private func upload(_ exchange: Exchange) async throws -> Sent {
        var reader = try await exchange.multipart()
        var sent = Sent()
        do {
            while let part = try await reader.nextPart() {
                if part.filename == nil, part.name.hasPrefix("dated.") {
                    sent.typed[part.name] = try await reader.text(limit: 20)
                }
                guard part.name == "list", let name = part.filename, !name.isEmpty else { continue }
                var bytes: [UInt8] = []
                var size = 0
                while let chunk = try await reader.nextChunk() {
                    size += chunk.count
                    if size <= RegistersAPI.mostBytes { bytes += chunk } else { bytes = [] }
                }
                sent.isTooLarge = size > RegistersAPI.mostBytes
                sent.bytes = bytes
            }
        } catch let error as DomainError {
            throw error
        } catch {
            throw DomainError.invalid("list", "web.fault.upload")
        }
        return sent
    }

    private func day(_ day: CivilDate, _ exchange: Exchange) -> String {
        day.words(in: exchange.language, near: exchange.now.date)
    }

    private static func keyName(_ register: RegisterType, _ exchange: Exchange) -> String {
        exchange.text("registers.key.\(register.key.rawValue)")
    }
}
