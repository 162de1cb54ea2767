import Foundation
import Kernel
import Testing

@testable import Web

@Suite("Addresses")
struct PathTests {
    private static let path = Path("/:area/items/:slug", AreaCode.self, String.self)

    @Test(
        "What was put into an address comes out of it",
        arguments: [
            "food-business-licence", "开饭店", "a/b", "50%", "%2F", "a b+c", "é", "?#&=", "..", "\"'<>", "👩‍👩‍👧",
        ])
    func roundTrip(slug: String) throws {
        let area = try #require(AreaCode("510106"))
        let url = Self.path.url(area, slug)
        #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        let segments = url.split(separator: "/").map(String.init)
        try #require(segments.count == 3)
        let values = try Self.path.values([segments[0], segments[2]])
        #expect(values.0 == area)
        #expect(values.1 == slug)
    }

    @Test(
        "An address that does not fit is not found",
        arguments: [
            ["510106"], ["51010", "x"], ["@07", "x"], ["%407", "x"], ["510106", ""], ["510106", "%"],
            ["510106", "%FF"],
            ["510106", String(repeating: "x", count: 201)],
        ])
    func misfits(raw: [String]) {
        #expect(throws: DomainError.notFound) { _ = try Self.path.values(raw) }
    }

    @Test("Numbers and ids are read strictly")
    func typed() throws {
        let path = Path("/x/:id/:page", ID<PathTests>.self, Int.self)
        let id = ID<PathTests>(at: Moment(milliseconds: 1_773_279_000_000))
        #expect(path.url(id, 3) == "/x/\(id)/3")
        #expect(try path.values([id.description, "3"]).0 == id)
        #expect(throws: DomainError.notFound) { _ = try path.values([id.description, "three"]) }
        #expect(throws: DomainError.notFound) { _ = try path.values(["1", "3"]) }
    }

    @Test("A path without places is itself")
    func fixed() {
        #expect(Path("/").url() == "/")
        #expect(Path("/healthz").url() == "/healthz")
        #expect(Path("/:area/", AreaCode.self).pattern == "/:area/")
    }

    @Test(
        "A redirect leads nowhere else",
        arguments: [
            ("/", true), ("/510106/my/cases?view=open#top", true), ("/510106/", true), ("", false), ("510106/", false),
            ("//evil.example", false), ("///evil.example", false), ("/\\evil.example", false), ("/a\\..\\b", false),
            ("https://evil.example/", false), ("javascript:alert(1)", false), ("/\t/evil.example", false),
            ("/\n//evil.example", false), ("/ok\r\nSet-Cookie: a=b", false), (" /", false), ("/a b", false),
            ("/\u{7F}", false),
            // A mark after a slash makes one Character of both; a browser sees two slashes all the same.
            ("//\u{485}@evil.example", false), ("/\\\u{485}evil.example", false), ("/\u{485}/evil", true),
        ])
    func localPaths(path: String, isLocal: Bool) {
        #expect(isLocalPath(path) == isLocal)
    }
}
