import Kernel
import Mustache

/// What a template reads: a short list of named values. Far cheaper than reflection (docs/architecture.md, "Web").
///
/// A name that is present but empty (`nil`, `""`) hides the same name further out, prints nothing and opens no section.
package struct View: MustacheParent {
    private var names: [String] = []
    private var contents: [Any] = []

    package init(_ pairs: KeyValuePairs<String, Any?> = [:]) {
        names.reserveCapacity(pairs.count)
        contents.reserveCapacity(pairs.count)
        for (name, value) in pairs { set(name, value) }
    }

    /// Adds or replaces a value.
    package mutating func set(_ name: String, _ value: Any?) {
        let content: Any =
            switch value {
            case nil: Absent()
            case let text as String where text.isEmpty: Absent()
            case .some(let value): value
            }
        if let index = names.firstIndex(of: name) {
            contents[index] = content
        } else {
            names.append(name)
            contents.append(content)
        }
    }

    /// The view with more values, the later ones winning.
    package func with(_ pairs: KeyValuePairs<String, Any?>) -> View {
        var copy = self
        for (name, value) in pairs { copy.set(name, value) }
        return copy
    }

    func pairs() -> [(String, Any)] { zip(names, contents).map { ($0, $1) } }

    /// What a tag of that name shows; nil lets Mustache look in the surrounding view.
    package func child(named name: String) -> Any? {
        for (index, candidate) in names.enumerated() where candidate == name { return contents[index] }
        return nil
    }

    private struct Absent: MustacheCustomRenderable {
        var renderText: String { "" }
        var isNull: Bool { true }
    }
}

/// Escapes by bytes: swift-mustache's own escaping works on grapheme clusters and lets a quote slip through when a
/// combining mark follows it.
struct ByteEscaping: MustacheContentType {
    static let name = "TONGBAN"

    func escapeText(_ text: String) -> String { escapeHTML(text) }
}

/// Text made safe for element content and quoted attributes.
package func escapeHTML(_ text: String) -> String {
    var text = text
    let special: (UInt8) -> Bool = { $0 == 38 || $0 == 60 || $0 == 62 || $0 == 34 || $0 == 39 }
    let needsWork = text.withUTF8 { $0.contains(where: special) }
    guard needsWork else { return text }
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count + 32)
    for byte in text.utf8 {
        switch byte {
        case 38: out += "&amp;".utf8
        case 60: out += "&lt;".utf8
        case 62: out += "&gt;".utf8
        case 34: out += "&quot;".utf8
        case 39: out += "&#39;".utf8
        default: out.append(byte)
        }
    }
    return String(decoding: out, as: UTF8.self)
}
