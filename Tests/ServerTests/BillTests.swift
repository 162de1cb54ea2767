import Cases
import Composition
import Foundation
import HTTPTypes
import Kernel
import TestKit
import Testing
import Web
import Workflow

/// 期限账单 as it is asked for: by the applicant, by the office, on paper, over the API.
@Suite("Bill of days: page, paper, API")
struct BillRequestTests {
    @Test("The applicant sees posts, the office sees people; both see the same days", arguments: Backend.all)
    func pages(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            office.time.advance(seconds: 86_400)
            try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
            office.time.advance(seconds: 3600)
            try await road.cases.claim(number, road.reviewer, road.occasion(road.reviewer))

            let resident = Client(office)
            _ = try await resident.signInResident("13800000001")
            let own = try await resident.get("/510106/my/cases/\(number)/bill")
            #expect(own.status == 200)
            #expect(own.text.contains("《行政许可法》第四十二条"))
            #expect(!own.text.contains("演示审核"))
            #expect(try await resident.get("/510106/my/cases/\(number)").text.contains("/my/cases/\(number)/bill"))
            let paper = try await resident.get("/510106/my/cases/\(number)/bill.pdf")
            #expect(paper.body.starts(with: Array("%PDF-".utf8)))
            #expect(paper.headers[.contentType] == "application/pdf")

            let desk = Client(office)
            _ = try await desk.signInStaff("demo.reviewer")
            let page = try await desk.get("/510106/desk/cases/\(number)/bill")
            #expect(page.status == 200 && page.text.contains("演示审核"))
            #expect(try await desk.get("/510106/desk/cases/\(number)").text.contains("/desk/cases/\(number)/bill"))
            #expect(try await desk.get("/510106/desk/cases/\(number)/bill.pdf").status == 200)

            let told = try #require(try await desk.get("/api/v1/areas/510106/cases/\(number)/bill").json)
            let seen = try #require(try await resident.get("/api/v1/areas/510106/my/cases/\(number)/bill").json)
            #expect(told["head"] == seen["head"] && told["limits"] == seen["limits"])
            #expect(told["lines"].elements?.count == 3)
            #expect(seen["lines"].elements?.count == 2, "who of the office it was makes no line")
            let sums = [told, seen].map { bill in
                bill["lines"].elements?.reduce(0) { $0 + ($1["calendarDays"].integer ?? 0) }
            }
            #expect(sums[0] == sums[1])
        }
    }

    @Test("Another's bill is not there")
    func others() async throws {
        try await Office.open(.sqlite) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            let stranger = Client(office)
            _ = try await stranger.signInResident("13800000002")
            #expect(try await stranger.get("/510106/my/cases/\(number)/bill").status == 404)
            #expect(try await stranger.get("/510106/my/cases/\(number)/bill.pdf").status == 404)
        }
    }
}
