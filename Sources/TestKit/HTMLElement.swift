/// An element of a page as a test sees it.
package struct HTMLElement: Sendable {
    /// What stands inside an element, in order.
    enum Node: Sendable {
        case element(HTMLElement)
        case text(String)
    }

    /// The name in small letters.
    package let tag: String
    /// By name in small letters, with entities decoded; an attribute without a value is the empty text.
    package let attributes: [String: String]
    var children: [Node] = []

    package subscript(_ attribute: String) -> String? { attributes[attribute] }

    /// The text inside, with runs of white space as one space, as a reader sees it.
    package var text: String {
        var words = ""
        gather(into: &words)
        return words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The text inside exactly as it stands.
    package var rawText: String {
        var words = ""
        gather(into: &words)
        return words
    }

    private func gather(into words: inout String) {
        for child in children {
            switch child {
            case .text(let text): words += text
            case .element(let element) where ["script", "style", "template"].contains(element.tag): continue
            case .element(let element):
                // Blocks part words, inline elements do not.
                let parts = !HTMLReader.inline.contains(element.tag)
                if parts { words += " " }
                element.gather(into: &words)
                if parts { words += " " }
            }
        }
    }

    /// The elements within, at any depth, in the order of the page.
    package var descendants: [HTMLElement] {
        children.flatMap { child in
            if case .element(let element) = child { [element] + element.descendants } else { [HTMLElement]() }
        }
    }

    /// All elements within of a tag (any where nil) whose attributes have the given values. For `class` one of the classes
    /// has to be the value.
    package func all(_ tag: String? = nil, _ wanted: [String: String] = [:]) -> [HTMLElement] {
        descendants.filter { element in
            (tag == nil || element.tag == tag) && wanted.allSatisfy { element.has($0.key, $0.value) }
        }
    }

    /// The first of `all`.
    package func first(_ tag: String? = nil, _ wanted: [String: String] = [:]) -> HTMLElement? {
        all(tag, wanted).first
    }

    private func has(_ name: String, _ value: String) -> Bool {
        guard let found = attributes[name] else { return false }
        return found == value
            || (name == "class" && found.split(whereSeparator: \.isWhitespace).contains { $0 == value })
    }
}
