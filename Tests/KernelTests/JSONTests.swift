import Kernel
import Testing

@Suite("JSON")
struct JSONTests {
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
