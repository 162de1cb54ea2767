/// A form of a page with what a browser would send.
package struct HTMLForm: Sendable {
    /// A named value, in the order of the page.
    package struct Field: Sendable, Hashable {
        package let name: String
        package var value: String
    }

    package let element: HTMLElement
    /// Where it goes; empty for the page itself.
    package let action: String
    /// `get` or `post`.
    package let method: String
    /// What is sent without a change: no buttons, nothing disabled, of boxes only the checked ones, no files.
    package let fields: [Field]

    init(_ element: HTMLElement) {
        self.element = element
        action = element["action"] ?? ""
        method = (element["method"] ?? "get").lowercased()
        fields = element.descendants.flatMap(Self.fields)
    }

    /// The value a field has, the first where there are several.
    package subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The fields with some values changed; names that the form does not send yet are added at the end, nil leaves one out.
    package func filled(_ changes: [String: String?]) -> [Field] {
        var filled: [Field] = []
        var placed: Set<String> = []
        for field in fields {
            guard let change = changes[field.name] else {
                filled.append(field)
                continue
            }
            if let value = change, placed.insert(field.name).inserted {
                filled.append(Field(name: field.name, value: value))
            }
        }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) where !placed.contains(name) {
            if let value { filled.append(Field(name: name, value: value)) }
        }
        return filled
    }

    /// The changed fields as `application/x-www-form-urlencoded`.
    package func body(_ changes: [String: String?] = [:]) -> String {
        filled(changes).map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 42, 45, 46, 95: return String(UnicodeScalar(byte))
            case 32: return "+"
            default: return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    private static func fields(_ element: HTMLElement) -> [Field] {
        guard let name = element["name"], element["disabled"] == nil else { return [] }
        switch element.tag {
        case "input":
            let type = (element["type"] ?? "text").lowercased()
            if ["submit", "button", "image", "reset", "file"].contains(type) { return [] }
            let isBox = type == "checkbox" || type == "radio"
            if isBox && element["checked"] == nil { return [] }
            return [Field(name: name, value: element["value"] ?? (isBox ? "on" : ""))]
        case "textarea":
            return [Field(name: name, value: element.rawText)]
        case "select":
            let options = element.all("option").filter { $0["disabled"] == nil }
            var chosen = options.filter { $0["selected"] != nil }
            if chosen.isEmpty && element["multiple"] == nil { chosen = Array(options.prefix(1)) }
            return chosen.map { Field(name: name, value: $0["value"] ?? $0.text) }
        default:
            return []
        }
    }
}
