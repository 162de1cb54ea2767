import Kernel
import Testing

@Suite("JSON")
struct JSONTests {
    @Test("As a value it is what its text would be read as")
    func asValue() throws {
        struct Shop: Encodable {
            var name = "面馆 / 1号"
            var seats = 24
            var area = 86.5
            var owners = ["甲", "乙"]
            var open: Bool? = true
            var closed: String?
            var rule: JSON = ["==": [["var": "x"], .int(1)]]
            var rooms: [String: [Int]] = ["一": [1, 2], "二": []]
        }
        let shop = Shop()
        #expect(try CanonicalJSON.value(of: shop) == JSON(parsing: CanonicalJSON.text(of: shop)))
        #expect(try CanonicalJSON.value(of: [1, 2]) == [1, 2])
        #expect(try CanonicalJSON.value(of: "一") == "一")
    }

    @Test(
        "Canonical text is the same after it was read again",
        arguments: [
            "9.007199254740925e17", "1e16", "-1e18", "9223372036854775807", "1e19", "-0.0", "1e-320", "1.5", "1e300",
        ])
    func stays(text: String) throws {
        let canonical = try JSON(parsing: text).canonical
        #expect(try JSON(parsing: canonical).canonical == canonical)
    }

    @Test("A whole number is written with all its digits, as it is read")
    func whole() throws {
        #expect(JSON.double(1e16).canonical == "10000000000000000")
        #expect(JSON.double(-0.0).canonical == "0")
        #expect(try JSON(parsing: JSON.double(1e16).canonical) == .int(10_000_000_000_000_000))
    }
}
