import Testing

@testable import Web

@Suite("Fields of a form")
struct FormDataTests {
    @Test(
        "Values are decoded as browsers encode them",
        arguments: [
            ("a=1", "1"), ("a=one+two", "one two"), ("a=%E5%BC%A0%E4%B8%89", "张三"), ("a=%2B%3D%26", "+=&"),
            ("a=b=c", "b=c"),
            ("a", ""), ("a=", ""), ("a=100%", "100%"), ("a=%zz%4", "%zz%4"), ("a=%e5%bc%a0", "张"), ("b=0&a=1&a=2", "1"),
        ])
    func decoding(text: String, value: String) {
        #expect(FormData(urlEncoded: text).pairs.first { $0.name == "a" }?.value == value)
    }

    @Test("Bytes that are no UTF-8 become replacement characters, not a fault")
    func brokenBytes() {
        #expect(FormData(urlEncoded: "a=%FF").text("a") == "\u{FFFD}")
    }

    @Test("U+0000 stands in no value, however it was sent")
    func zero() {
        #expect(FormData(urlEncoded: "a=x\u{0}y&b\u{0}=%00%31\u{0}").pairs.map(\.name) == ["a", "b"])
        #expect(FormData(urlEncoded: "a=x\u{0}y&b\u{0}=%00%31\u{0}").pairs.map(\.value) == ["xy", "1"])
    }

    @Test("Spaces around a value are typing, also the wide ones; spaces within are kept")
    func trimming() {
        let form = FormData(urlEncoded: "name=%E3%80%80+%E5%BC%A0+%E4%B8%89%E3%80%80%0A")
        #expect(form["name"] == "张 三")
        #expect(form.text("absent") == "")
        #expect(form["absent"] == nil)
    }

    @Test("A name may stand several times, and a button only has to be there")
    func several() {
        let form = FormData(urlEncoded: "tag=a&tag=b&&send=&tag=c")
        #expect(form.all("tag") == ["a", "b", "c"])
        #expect(form.has("send"))
        #expect(!form.has("cancel"))
        #expect(form.pairs.count == 4)
    }
}
