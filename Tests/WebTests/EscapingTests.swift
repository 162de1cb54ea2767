import Foundation
import Mustache
import Testing

@testable import Web

@Suite("What a page shows")
struct EscapingTests {
    private static func render(_ template: String, _ view: View) throws -> String {
        MustacheContentTypes.register(ByteEscaping(), named: ByteEscaping.name)
        return try MustacheTemplate(string: "{{% CONTENT_TYPE:\(ByteEscaping.name)}}" + template).render(view)
    }

    @Test(
        "Nothing that is typed becomes markup",
        arguments: [
            ("<script>", "&lt;script&gt;"), ("a & b", "a &amp; b"), ("\"'", "&quot;&#39;"), ("&amp;", "&amp;amp;"),
            ("张三", "张三"), ("", ""),
        ])
    func escaping(text: String, safe: String) throws {
        #expect(escapeHTML(text) == safe)
        #expect(try Self.render("{{x}}", View(["x": text])) == safe)
    }

    @Test("A quote stays one byte of danger though a combining mark follows it", arguments: ["\"", "<", ">", "&", "'"])
    func combining(character: String) throws {
        let text = character + "\u{301}"
        let bytes = Array(escapeHTML(text).utf8)
        let raw = try #require(character.utf8.first)
        #expect(raw == 38 ? bytes.starts(with: Array("&amp;".utf8)) : !bytes.contains(raw))
        let attribute = try Self.render("<a title=\"{{x}}\">", View(["x": text]))
        #expect(attribute.utf8.count { $0 == 34 } == 2)
        #expect(attribute.utf8.count { $0 == 60 } == 1)
    }

    @Test("Absent and empty hide the same name further out, print nothing and open no section")
    func absence() throws {
        let inner = View(["hint": nil, "note": "", "flag": false])
        let outer = View(["hint": "outside", "note": "outside", "flag": true, "inner": inner])
        let template =
            "{{#inner}}[{{hint}}{{note}}]{{#hint}}H{{/hint}}{{#note}}N{{/note}}{{#flag}}F{{/flag}}{{^hint}}no{{/hint}}{{/inner}}"
        #expect(try Self.render(template, outer) == "[]no")
        #expect(
            try Self.render("{{#inner}}{{hint}}{{/inner}}", View(["hint": "outside", "inner": View()])) == "outside")
    }

    @Test("A later value takes the place of an earlier one, and may take it away")
    func merging() throws {
        let view = View(["a": "1", "b": "2"]).with(["a": "3", "b": nil])
        #expect(try Self.render("{{a}}{{b}}{{^b}}-{{/b}}", view) == "3-")
    }

    @Test("Lists repeat, empty lists do not, and false is no section")
    func sections() throws {
        let view = View(["rows": [View(["n": 1]), View(["n": 2])], "none": [View](), "off": false])
        #expect(
            try Self.render("{{#rows}}{{n}};{{/rows}}{{#none}}x{{/none}}{{^none}}0{{/none}}{{#off}}x{{/off}}", view)
                == "1;2;0")
    }
}
