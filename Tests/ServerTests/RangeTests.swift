import Testing

@testable import Documents

@Suite("Parts of a file that is read")
struct RangeTests {
    @Test(
        "One range of bytes is answered",
        arguments: [
            ("bytes=0-9", 0..<10), ("bytes=5-", 5..<100), ("bytes=-7", 93..<100), ("bytes=-700", 0..<100),
            ("bytes=99-200", 99..<100), ("Bytes=0-0", 0..<1), ("bytes=90-99999999999999999999", 90..<100),
        ])
    func ranges(header: String, bytes: Range<Int>) {
        #expect(FileResponse.asked(header, length: 100) == .some(bytes))
    }

    @Test(
        "What is no range, or several, is answered with the whole file",
        arguments: [
            "", "0-9", "items=0-9", "bytes=", "bytes=-", "bytes=9-5", "bytes=0-1,5-6", "bytes=+1-2", "bytes=a-b",
            "bytes=1-2-3",
        ])
    func everything(header: String) {
        #expect(FileResponse.asked(header, length: 100) == .everything)
    }

    @Test(
        "Bytes that are not there are refused",
        arguments: ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999-"])
    func none(header: String) {
        #expect(FileResponse.asked(header, length: 100) == .none)
        #expect(FileResponse.asked("bytes=0-", length: 0) == .none)
    }
}
