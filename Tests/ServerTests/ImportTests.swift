import Directory
import Foundation
import HTTPTypes
import Kernel
import Storage
import TestKit
import Testing

@testable import Catalogue

/// An area with one item of its pack, and an administrator who brings lists.
private struct Desk: Sendable {
    static let author = "admin"
    let area: AreaCode
    let time: FixedTime
    let database: any Database
    let catalogue: CatalogueAPI
    let directory: DirectoryAPI
    var imports: StagedImports { StagedImports(catalogue: catalogue, directory: directory) }

    static func open(_ backend: Backend, _ body: @escaping @Sendable (Desk) async throws -> Void) async throws {
        let area = try #require(AreaCode("510106"))
        let time = FixedTime()
        try await withDatabase(backend, migrations: []) { database in
            let directory = DirectoryAPI(database: database, time: time.source)
            let catalogue = CatalogueAPI(database: database, time: time.source)
            let migrations =
                DirectoryModule(directory: directory, staff: NoNames()).migrations
                + CatalogueModule(catalogue: catalogue, directory: directory).migrations
            try await Migrator.migrate(migrations, in: database, at: time.now)
            let desk = Desk(area: area, time: time, database: database, catalogue: catalogue, directory: directory)
            let report = try await desk.loadPack()
            try #require(report.added == 1, "\(report.findings.map { $0.line(in: .en) })")
            try await body(desk)
        }
    }

    /// A pack with one item of its own.
    func loadPack() async throws -> LoadPacks.Report {
        let pack = """
            area: "510106"
            kind: county
            name: {zh: 样例区, en: Sample District}
            phones: {advice: "12345", complaint: "12388"}
            remedies: {review_organ: {zh: 样例区人民政府}, court: {zh: 样例区人民法院}}
            departments: [{id: market-supervision, name: {zh: 市场监管局}}]
            """
        let item = """
            slug: shop-licence
            imported: true
            code: PACK-1
            name: {zh: 开店许可}
            type: licence
            department: market-supervision
            form: generic
            """
        let files = [
            PackFile(path: "510106-sample/pack.yaml", text: pack),
            PackFile(path: "510106-sample/items/shop-licence.yaml", text: item),
        ]
        return try await LoadPacks(database: database, directory: directory, time: time.source)
            .run(PackLibrary(files: files), years: [])
    }

    func keep(_ text: String, by author: String = author) async throws -> String {
        try await imports.keep(Array(text.utf8), name: "list.csv", author: author, area: area, at: time.now)
    }

    func look(_ id: String, columns: ListColumns? = nil) async throws -> StagedImports.Look {
        let list = try await imports.list(id, author: Self.author, area: area)
        return try await imports.look(list, columns: columns, author: Self.author, area: area)
    }

    /// Imports a list; answers added, changed, unchanged, kept.
    func carryOut(_ id: String, columns: ListColumns? = nil) async throws -> [Int64] {
        try await imports.carryOut(id, columns: columns, author: Self.author, area: area)
        let report = try #require(try await imports.list(id, author: Self.author, area: area).report)
        return ["added", "changed", "unchanged", "kept"].map { report[$0].integer ?? -1 }
    }

    func found(_ text: String) async throws -> [String] {
        try await SearchItems(catalogue: catalogue).run(.init(text: text), area: area, limit: 3).map(\.line.name.zh)
    }

    func offered() async throws -> Int {
        try await database.read { tx in try CatalogueStore.slugs(area: area, tx).count }
    }
}

/// The current goes off.
private struct Cut: Error {}

private struct NoNames: StaffNames {
    func names(of staff: Set<String>, area: AreaCode) async throws -> [String: String] { [:] }
}

@Suite("A list from another office")
struct ImportTests {
    private static let head = "事项名称,实施编码,事项类型,实施主体\n"

    @Test("It is looked at, imported once, and its items are found", arguments: Backend.all)
    func imported(_ backend: Backend) async throws {
        try await Desk.open(backend) { desk in
            let id = try await desk.keep(Self.head + "残疾人证新办,A1,行政确认,区残联\n残疾人补贴申领,A2,20,区残联\n")
            let look = try await desk.look(id)
            #expect(look.added == 2 && look.known == 0 && look.kept == 0)
            #expect(look.preview == [["残疾人证新办", "A1", "行政确认", "区残联"], ["残疾人补贴申领", "A2", "20", "区残联"]])
            #expect(try await desk.offered() == 1)
            #expect(try await desk.carryOut(id) == [2, 0, 0, 0])
            #expect(try await desk.found("cjrz").first == "残疾人证新办")
            let profile = try await desk.directory.profile(of: desk.area)
            #expect(profile.departments.contains { $0.name.zh == "区残联" })
            // The list itself is gone, and a second press of the button does nothing.
            #expect(try await desk.carryOut(id) == [2, 0, 0, 0])
            let bytes = try await desk.database.read { tx in
                try ImportStaging.bytes(id, author: Desk.author, area: desk.area, tx)
            }
            #expect(bytes == [])
        }
    }

    @Test("Again it changes only what is new; an item of the pack keeps its guide", arguments: Backend.all)
    func again(_ backend: Backend) async throws {
        try await Desk.open(backend) { desk in
            _ = try await desk.carryOut(try await desk.keep(Self.head + "甲,A1,01,区残联\n乙,A2,01,区残联\n"))
            let text = Self.head + "甲,A1,01,区残联\n乙改名,A2,01,区残联\n丙,A3,01,区残联\n开店,PACK-1,01,区残联\n"
            let id = try await desk.keep(text)
            let look = try await desk.look(id)
            #expect(look.added == 1 && look.known == 2 && look.kept == 1 && look.count == 3)
            #expect(try await desk.carryOut(id) == [1, 1, 1, 1])
            let own = try await desk.catalogue.current("shop-licence", area: desk.area)
            #expect(own.version == 1 && own.definition.name.zh == "开店许可")
            #expect(try await desk.found("乙改名") == ["乙改名"])
        }
    }

    @Test("One fault keeps the whole list back, and it stays to be looked at", arguments: Backend.all)
    func nothing(_ backend: Backend) async throws {
        try await Desk.open(backend) { desk in
            let id = try await desk.keep(Self.head + "甲,A1,01,区残联\n,A2,01,区残联\n")
            #expect(try await desk.look(id).outcome.findings.map(\.line) == [3])
            try await desk.imports.carryOut(id, columns: nil, author: Desk.author, area: desk.area)
            let list = try await desk.imports.list(id, author: Desk.author, area: desk.area)
            #expect(list.report == nil && list.runningAt == nil)
            #expect(try await desk.offered() == 1)
        }
    }

    @Test("What fails half-way leaves nothing on offer, and can be done again", arguments: Backend.all)
    func halfway(_ backend: Backend) async throws {
        try await Desk.open(backend) { desk in
            let text = Self.head + (1...250).map { "事项\($0),A\($0),01,区残联\n" }.joined()
            let command = ImportItems(database: desk.database, directory: desk.directory, time: desk.time.source)
            do {
                _ = try await command.run(
                    Data(text.utf8), file: "list.csv", into: desk.area, name: nil, years: []
                ) { done, _ in if done == 200 { throw Cut() } }
                Issue.record("the import was not cut")
            } catch is Cut {}
            #expect(try await desk.offered() == 1)
            #expect(try await desk.found("事项1") == [])
            #expect(try await desk.carryOut(try await desk.keep(text)) == [250, 0, 0, 0])
            #expect(try await desk.offered() == 251)
        }
    }

    @Test("Columns without headings are chosen by hand", arguments: Backend.all)
    func columns(_ backend: Backend) async throws {
        try await Desk.open(backend) { desk in
            let id = try await desk.keep("一,二\n区残联,残疾人证新办\n")
            let look = try await desk.look(id)
            #expect(look.outcome.columns == nil && look.outcome.header == ["一", "二"] && look.preview.count == 1)
            let chosen = ListColumns(name: 1, department: 0)
            #expect(try await desk.look(id, columns: chosen).outcome.entries.map(\.name) == ["残疾人证新办"])
            #expect(try await desk.carryOut(id, columns: chosen) == [1, 0, 0, 0])
        }
    }

    @Test("A list is its author's, and gone after a day", arguments: Backend.all)
    func own(_ backend: Backend) async throws {
        try await Desk.open(backend) { desk in
            let id = try await desk.keep(Self.head + "甲,A1,01,区残联\n", by: "somebody else")
            await #expect(throws: DomainError.notFound) { _ = try await desk.look(id) }
            await #expect(throws: DomainError.notFound) { _ = try await desk.carryOut(id) }
            let mine = try await desk.keep(Self.head + "甲,A1,01,区残联\n")
            desk.time.advance(seconds: 86_000)
            try await desk.imports.sweep(at: desk.time.now)
            _ = try await desk.look(mine)
            desk.time.advance(seconds: 800)
            try await desk.imports.sweep(at: desk.time.now)
            await #expect(throws: DomainError.notFound) { _ = try await desk.look(mine) }
        }
    }

    @Test("A workbook, an empty file and what is no text are refused, each with what to do")
    func refused() async throws {
        try await Desk.open(.sqlite) { desk in
            for (bytes, key) in [
                ([], "empty"), ([0x50, 0x4B, 0x03, 0x04, 0x14], "workbook"), ([0xD0, 0xCF, 0x11, 0xE0], "workbook"),
                ([0xFF, 0xFE, 0x8B, 0x4E, 0x0D, 0x00], "encoding"), ([0xFF, 0xFF], "encoding"),
            ] as [([UInt8], String)] {
                do {
                    _ = try await desk.imports.keep(
                        bytes, name: "list", author: Desk.author, area: desk.area, at: desk.time.now)
                    Issue.record("\(key) was taken")
                } catch DomainError.invalid(let faults) {
                    #expect(faults.map(\.message.key) == ["catalogue.import.fault.\(key)"])
                }
            }
        }
    }

    @Test("Loading the packs again leaves a list's items and departments where they are", arguments: Backend.all)
    func packsAgain(_ backend: Backend) async throws {
        try await Desk.open(backend) { desk in
            _ = try await desk.carryOut(try await desk.keep(Self.head + "甲,A1,01,区残联\n"))
            _ = try await desk.loadPack()
            #expect(try await desk.found("甲") == ["甲"])
            let profile = try await desk.directory.profile(of: desk.area)
            #expect(profile.departments.contains { $0.name.zh == "区残联" })
        }
    }

    @Test("An administrator uploads it, sees what becomes of it and imports it", arguments: Backend.all)
    func pages(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let admin = Client(office)
            _ = try await admin.signInStaff("demo.admin")
            let page = "/\(Office.area)/desk/admin/import"
            let list = Self.head + "残疾人证新办,A1,行政确认,区残联\n=1+1,A2,99,区残联\n"
            let refused = try await admin.upload(Array("PK\u{03}\u{04}".utf8), named: "清单.xlsx", to: page)
            #expect(refused.status == 422 && refused.text.contains("另存为“CSV UTF-8”"))
            let sent = try await admin.upload(Array(list.utf8), named: "清单.csv", to: page)
            let path = try #require(sent.location)
            #expect(sent.status == 303 && path.hasPrefix(page + "/"))
            let check = HTMLReader(try await admin.get(path).text)
            #expect(check.all("button").contains { $0.text == "导入 2 项" })
            #expect(check.text.contains("不认识的类型“99”"))
            let problems = try await admin.get(path + "/problems")
            #expect(problems.text.hasPrefix("\u{FEFF}行,级别,问题,怎么改\r\n3,提醒,"))
            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk")
            #expect(try await clerk.get(path).status == 404)
            let done = try await admin.post(path, from: path)
            #expect(done.status == 303 && done.location == path)
            let result = HTMLReader(try await admin.get(path).text)
            #expect(result.first("h1")?.text == "已导入 2 项")
            let search = try await Client(office).get("/\(Office.area)/search?q=cjrz")
            #expect(search.text.contains("残疾人证新办"))
        }
    }
}

extension Client {
    /// Sends a file as a browser does, with the page's token before it.
    fileprivate func upload(_ bytes: [UInt8], named name: String, to page: String) async throws -> Answer {
        let token = try await token(of: page)
        let head = """
            --edge\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\(token)\r\n\
            --edge\r\nContent-Disposition: form-data; name="list"; filename="\(name)"\r\n\r\n
            """
        let body = Array(head.utf8) + bytes + Array("\r\n--edge--\r\n".utf8)
        return try await send(.post, page, body, [.contentType: "multipart/form-data; boundary=edge"])
    }
}
