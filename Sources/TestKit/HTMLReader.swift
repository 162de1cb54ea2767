/// Reads a page into elements, enough for request tests: tolerant where browsers are, without their every rule.
package struct HTMLReader: Sendable {
    /// Holds everything of the page.
    package let root: HTMLElement

    package init(_ html: String) {
        var builder = HTMLBuilder()
        HTMLTokens.read(html) { builder.add($0) }
        root = builder.finish()
    }

    package var title: String { first("title")?.text ?? "" }
    package var text: String { root.text }
    package var forms: [HTMLForm] { all("form").map(HTMLForm.init) }

    /// The first form that goes to an address.
    package func form(action: String) -> HTMLForm? { forms.first { $0.action == action } }
    /// Elements anywhere below the root that have the tag and all these attributes, in the order of the page.
    package func all(_ tag: String? = nil, _ attributes: [String: String] = [:]) -> [HTMLElement] {
        root.all(tag, attributes)
    }
    /// The first of `all`; nil where there is none.
    package func first(_ tag: String? = nil, _ attributes: [String: String] = [:]) -> HTMLElement? {
        root.first(tag, attributes)
    }

    /// Elements that have no end.
    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]
    /// Elements within a line of text.
    static let inline: Set<String> = [
        "a", "abbr", "b", "bdi", "button", "cite", "code", "data", "del", "em", "i", "ins", "kbd", "label", "mark", "q",
        "rp", "rt", "ruby", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var",
    ]
    /// Elements that end where another of the same set begins beside them.
    static let siblings: [Set<String>] = [["li"], ["option"], ["dt", "dd"], ["tr"], ["td", "th"], ["p"]]
}

/// Builds the tree of elements from tokens.
private struct HTMLBuilder {
    private var open = [HTMLElement(tag: "", attributes: [:])]

    mutating func add(_ token: HTMLTokens.Token) {
        switch token {
        case .text(let text): open[open.count - 1].children.append(.text(text))
        case .start(let tag, let attributes, let closed):
            if let last = open.last?.tag, HTMLReader.siblings.contains(where: { $0.contains(tag) && $0.contains(last) })
            {
                close()
            }
            open.append(HTMLElement(tag: tag, attributes: attributes))
            if closed || HTMLReader.void.contains(tag) { close() }
        case .end(let tag):
            // An end without a beginning is passed over, one around unfinished elements ends them too.
            guard let depth = open.lastIndex(where: { $0.tag == tag }), depth > 0 else { return }
            while open.count > depth { close() }
        }
    }

    mutating func finish() -> HTMLElement {
        while open.count > 1 { close() }
        return open[0]
    }

    private mutating func close() {
        let element = open.removeLast()
        open[open.count - 1].children.append(.element(element))
    }
}
