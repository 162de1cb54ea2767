import Cases
import Composition
import Foundation
import HTTPTypes
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite("A sign-in that lapsed")
struct KeptPostTests {
    @Test("A form sent after the sign-in lapsed is kept and can be sent again", arguments: Backend.all)
    func kept(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            let client = Client(office)
            _ = try await client.signInResident("13800000001")
            let page = "/\(Office.area)/my/cases/\(number)/withdraw"
            let form = try await client.get(page)
            let token = try #require(HTMLReader(form.text).all("input").first { $0["name"] == "csrf" }?["value"])
            office.time.advance(seconds: 13 * 3600)
            let sent = try await client.post(page, ["csrf": token, "reason": "我把材料弄错了"])
            #expect(sent.status == 303)
            #expect(sent.location == "/\(Office.area)/sign-in")
            let back = try await client.signInResident("13800000001")
            #expect(back.location == "/\(Office.area)/kept")
            let kept = HTMLReader(try await client.get("/\(Office.area)/kept").text)
            let restored = try #require(kept.form(action: page))
            #expect(restored["reason"] == "我把材料弄错了")
            let again = try await client.post(
                page, ["csrf": restored["csrf"] ?? "", "reason": restored["reason"] ?? ""])
            #expect(again.status == 303)
            #expect(try await road.stage(number) == .withdrawn)
            // What lies in the database cannot be read without the browser's key.
            let rows = try await office.house.database.read { tx in
                try tx.values("SELECT content FROM kept_post", as: [UInt8].self)
            }
            #expect(rows.count == 1)
            #expect(!String(decoding: rows[0], as: UTF8.self).contains("弄错"))
        }
    }
}
