import Foundation
import Testing

/// What every page must keep to, or the content security policy and the protection of forms would not hold.
@Suite("Templates")
struct TemplateTests {
    static let templates = Tree.paths("Sources", ".mustache")

    @Test("The tests see the templates")
    func seen() { #expect(Self.templates.count > 50) }

    @Test("Attributes are quoted; no style, script or handler stands in a template", arguments: templates)
    func markup(_ path: String) {
        for fault in Markup(Tree.text(path)).faults { Issue.record("\(path):\(fault.line): \(fault.text)") }
    }

    @Test("Every form that changes something carries the token against forged requests", arguments: templates)
    func forms(_ path: String) {
        let text = Tree.text(path)
        var rest = Substring(text)
        while let open = rest.range(of: "<form") {
            let form = rest[
                open
                    .lowerBound..<(rest.range(of: "</form>", range: open.upperBound..<rest.endIndex)?.upperBound
                    ?? rest.endIndex)]
            let tag = form.prefix { $0 != ">" }
            let line = text[..<form.startIndex].count { $0 == "\n" } + 1
            #expect(form.hasSuffix("</form>"), "\(path):\(line): the form is not closed in the same template")
            #expect(tag.contains(/method="(get|post)"/), "\(path):\(line): the form names its method")
            if tag.contains("method=\"post\"") {
                #expect(Self.carriesToken(String(form)), "\(path):\(line)")
            } else {
                #expect(!form.contains("csrf"), "\(path):\(line): a token in an address")
            }
            rest = rest[form.endIndex...]
        }
    }

    /// In itself or in a part it takes in: `{{>cases.desk-hidden}}`.
    private static func carriesToken(_ form: String, depth: Int = 2) -> Bool {
        if form.contains("<input type=\"hidden\" name=\"csrf\" value=\"{{csrf}}\">") { return true }
        guard depth > 0 else { return false }
        return form.matches(of: /\{\{>\s*(?<module>[a-z]+)\.(?<name>[a-z-]+)\s*\}\}/).contains { part in
            let file = "/\(part.module)/resources/views/\(part.name).mustache"
            let path = templates.first { $0.lowercased().hasSuffix(file) }
            return path.map { carriesToken(Tree.text($0), depth: depth - 1) } ?? false
        }
    }

    /// What the program itself draws, with every text escaped by the one who draws it.
    private static let drawn = [
        "Sources/Modules/Catalogue/Resources/Views/flow.mustache": "{{{.svg}}}",
        "Sources/Modules/Catalogue/Resources/Views/chart.mustache": "{{{svg}}}",
    ]

    @Test("Nothing is put into a page unescaped", arguments: templates)
    func escaped(_ path: String) {
        let text = Tree.text(path).replacing(Self.drawn[path] ?? "{{{none}}}", with: "")
        #expect(!text.contains("{{{"), "\(path)")
        #expect(!text.contains(/\{\{\s*&/), "\(path)")
    }

    @Test(
        "The reader of markup finds what it looks for",
        arguments: [
            ("<a href=\"{{url}}\">x</a>", 0), ("<a href={{url}}>x</a>", 1), ("<p style=\"color:red\">", 1),
            ("<b onclick=\"x()\">", 1),
            ("<script>x()</script>", 1), ("<script type=\"module\" src=\"{{a}}\"></script>", 0),
            ("<style>p{}</style>", 1),
            ("<input{{#on}} checked{{/on}} name=\"a\">", 0), ("<a href='x'>", 1), ("<!-- <a href=x> -->", 0),
            ("<a href=\"javascript:x()\">", 1), ("<input value=\"{{a}}\"{{#b}} max={{c}}{{/b}}>", 1), ("1 < 2", 0),
        ])
    func reader(_ text: String, _ faults: Int) { #expect(Markup(text).faults.count == faults) }
}

/// Reads tags and attributes of a template, over the tags of Mustache.
struct Markup {
    private(set) var faults: [(line: Int, text: String)] = []
    private let text: [Character]
    private var at = 0

    init(_ template: String) {
        text = Array(template)
        while at < text.count {
            if starts("<!--") {
                skip(past: "-->")
            } else if starts("{{!") {
                skip(past: "}}")
            } else if text[at] == "<", at + 1 < text.count, text[at + 1].isASCII, text[at + 1].isLetter {
                readTag()
            } else {
                at += 1
            }
        }
    }

    private func starts(_ mark: String) -> Bool {
        at + mark.count <= text.count && zip(mark, text[at...]).allSatisfy { $0 == $1 }
    }

    private mutating func skip(past mark: String) {
        while at < text.count, !starts(mark) { at += 1 }
        at += mark.count
    }

    private mutating func readTag() {
        at += 1
        let name = readName()
        var attributes: Set<String> = []
        while at < text.count, text[at] != ">" {
            if starts("{{") {
                skip(past: "}}")
            } else if text[at].isWhitespace || text[at] == "/" {
                at += 1
            } else {
                attributes.insert(readAttribute(name))
            }
        }
        at += 1
        if name == "style" { fault("<style>") }
        if name == "script", !attributes.contains("src") { fault("<script> in the page") }
    }

    private mutating func readName() -> String {
        let start = at
        while at < text.count, !text[at].isWhitespace, !"=>/{\"'".contains(text[at]) { at += 1 }
        // A character that begins nothing is passed over, or the walk would never end.
        if at == start { at += 1 }
        return String(text[start..<at]).lowercased()
    }

    private mutating func readAttribute(_ tag: String) -> String {
        let name = readName()
        if name == "style" { fault("style on <\(tag)>") }
        if name.hasPrefix("on") { fault("\(name) on <\(tag)>") }
        guard at < text.count, text[at] == "=" else { return name }
        at += 1
        guard at < text.count, text[at] == "\"" else {
            fault("\(name) of <\(tag)> is not in double quotes")
            return name
        }
        at += 1
        let start = at
        while at < text.count, text[at] != "\"" { at += 1 }
        if String(text[start..<min(at, text.count)]).lowercased().hasPrefix("javascript:") {
            fault("a script as address")
        }
        at += 1
        return name
    }

    private mutating func fault(_ words: String) {
        faults.append((text[..<min(at, text.count)].count { $0 == "\n" } + 1, words))
    }
}
