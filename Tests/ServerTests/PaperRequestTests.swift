import Composition
import Foundation
import HTTPTypes
import Kernel
import TestKit
import Testing
import Web

@testable import Catalogue

/// 空表 · 样例 as visitors get them.
@Suite("Blank forms and samples, asked for")
struct PaperRequestTests {
    private static let item = "/\(Office.area)/items/food-business-licence"

    @Test(
        "Form, sample and the files of materials are PDFs of their own address, told when unchanged",
        arguments: Backend.all)
    func papers(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let visitor = Client(office)
            let guide = try await visitor.get(Self.item + "?s.business=catering&s.projects=hot&s.who=agent")
            let links = HTMLReader(guide.text).all("a").compactMap { $0["href"] }.filter {
                $0.contains(".pdf") || $0.contains("/papers/")
            }
            #expect(links.contains { $0.hasPrefix(Self.item + "/form.pdf?s.business=catering") })
            #expect(links.contains(Self.item + "/papers/mandate/blank"))
            #expect(links.contains(Self.item + "/papers/mandate/sample"))
            for link in Set(links) {
                let answer = try await visitor.get(link.replacing("&amp;", with: "&"))
                #expect(answer.status == 200, "\(link)")
                #expect(answer.headers[.contentType] == "application/pdf")
                #expect(answer.body.starts(with: Array("%PDF-".utf8)))
                let tag = try #require(answer.headers[.eTag])
                let again = try await visitor.get(link.replacing("&amp;", with: "&"), headers: [.ifNoneMatch: tag])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
            }
        }
    }

    @Test("What is not there is not found: unknown items, materials, papers, samples without examples")
    func nothing() async throws {
        try await Office.open(.sqlite) { office in
            let visitor = Client(office)
            for path in [
                "/\(Office.area)/items/no-such-item/form.pdf", "/\(Office.area)/items/lift-retrofit-subsidy/sample.pdf",
                Self.item + "/papers/mandate/sample-9", Self.item + "/papers/mandate/..%2F..%2Fkeys",
                Self.item + "/papers/layout/blank", Self.item + "/papers/nothing/blank",
            ] { #expect(try await visitor.get(path).status == 404, "\(path)") }
            let odd = try await visitor.get(Self.item + "/form.pdf?s.business=%3Cscript%3E&s.nothing=1")
            #expect(odd.status == 200)
        }
    }

    @Test("An area written as a pack is loaded again without any change", arguments: Backend.all)
    func roundTrip(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let folder = FileManager.default.temporaryDirectory.appending(path: "tongban-export-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let area = try #require(AreaCode(Office.area))
            _ = try await office.house.exportPack(of: area, to: folder.path)
            await #expect(throws: PackComplaint.self) {
                _ = try await office.house.exportPack(of: area, to: folder.path)
            }
            let report = try await office.house.loadPacks(folder.path, areas: nil) { _ in }
            #expect(report.added + report.changed + report.withdrawn == 0)
            #expect(report.unchanged >= 12)
            #expect(try await Client(office).get(Self.item + "/papers/mandate/blank").status == 200)
        }
    }

    @Test("The administrator's list of items says what was found and how many cases are open")
    func admin() async throws {
        try await Office.open(.sqlite) { office in
            let admin = Client(office)
            _ = try await admin.signInStaff("demo.admin")
            let list = try await admin.get("/\(Office.area)/desk/admin/items")
            #expect(list.status == 200)
            #expect(list.text.contains("/desk/admin/items/food-business-licence#findings"))
            let item = try await admin.get("/\(Office.area)/desk/admin/items/food-business-licence")
            #expect(item.text.contains("national/items/food-business-licence.yaml:"))
            #expect(item.text.contains("在办"))
        }
    }
}
