/// Takes the text of a page apart.
enum HTMLTokens {
    enum Token {
        case start(tag: String, attributes: [String: String], closed: Bool)
        case end(tag: String)
        case text(String)
    }

    /// Shows each token in order.
    static func read(_ html: String, _ show: (Token) -> Void) {
        var rest = Substring(html)
        while !rest.isEmpty {
            if rest.hasPrefix("<!--") {
                rest = after("-->", in: rest)
            } else if rest.hasPrefix("<!") || rest.hasPrefix("<?") {
                rest = after(">", in: rest)
            } else if rest.hasPrefix("</") {
                let name = rest.dropFirst(2).prefix { $0 != ">" && !$0.isWhitespace }
                show(.end(tag: name.lowercased()))
                rest = after(">", in: rest)
            } else if rest.first == "<", rest.dropFirst().first?.isLetter == true {
                rest = start(rest.dropFirst(), show)
            } else {
                let end = rest.dropFirst().firstIndex(of: "<") ?? rest.endIndex
                show(.text(decoded(rest[..<end])))
                rest = rest[end...]
            }
        }
    }

    /// Reads a start tag and, where its content is no markup, that content; answers what follows.
    private static func start(_ text: Substring, _ show: (Token) -> Void) -> Substring {
        let tag = text.prefix { $0 != ">" && $0 != "/" && !$0.isWhitespace }.lowercased()
        var rest = text.drop { $0 != ">" && $0 != "/" && !$0.isWhitespace }
        var attributes: [String: String] = [:]
        var closed = false
        while let next = rest.first, next != ">" {
            if next.isWhitespace || next == "/" {
                closed = next == "/"
                rest = rest.dropFirst()
                continue
            }
            closed = false
            let name = rest.prefix { $0 != "=" && $0 != ">" && $0 != "/" && !$0.isWhitespace }
            rest = rest.dropFirst(max(1, name.count)).drop(while: \.isWhitespace)
            var value = Substring()
            if rest.first == "=" {
                rest = rest.dropFirst().drop(while: \.isWhitespace)
                if let quote = rest.first, quote == "\"" || quote == "'" {
                    value = rest.dropFirst().prefix { $0 != quote }
                    rest = rest.dropFirst(1).drop { $0 != quote }.dropFirst()
                } else {
                    value = rest.prefix { $0 != ">" && !$0.isWhitespace }
                    rest = rest.dropFirst(value.count)
                }
            }
            if attributes[name.lowercased()] == nil { attributes[name.lowercased()] = decoded(value) }
        }
        rest = rest.dropFirst()
        show(.start(tag: tag, attributes: attributes, closed: closed))
        guard ["script", "style", "textarea", "title"].contains(tag), !closed else { return rest }
        let end = rest.range(ofEnd: tag) ?? rest.endIndex
        var content = rest[..<end]
        // The first line break within a textarea belongs to the markup.
        if tag == "textarea", content.first?.isNewline == true { content = content.dropFirst() }
        if !content.isEmpty { show(.text(tag == "script" || tag == "style" ? String(content) : decoded(content))) }
        return rest[end...]
    }

    private static func after(_ mark: String, in text: Substring) -> Substring {
        text.firstRange(of: mark).map { text[$0.upperBound...] } ?? Substring()
    }

    /// Replaces the entities that templates write.
    static func decoded(_ text: Substring) -> String {
        guard text.contains("&") else { return String(text) }
        var result = ""
        var rest = text
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            rest = rest[mark...]
            if let end = rest.prefix(12).firstIndex(of: ";"), let scalar = entity(rest[rest.index(after: mark)..<end]) {
                result.unicodeScalars.append(scalar)
                rest = rest[rest.index(after: end)...]
            } else {
                result += "&"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private static func entity(_ name: Substring) -> UnicodeScalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "nbsp": return "\u{A0}"
        default: break
        }
        guard name.first == "#" else { return nil }
        let digits = name.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        return UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10).flatMap(UnicodeScalar.init)
    }
}

extension Substring {
    /// Where the end tag of an element begins.
    fileprivate func range(ofEnd tag: String) -> Index? {
        var from = startIndex
        while let found = self[from...].firstRange(of: "</") {
            if self[found.upperBound...].prefix(tag.count).lowercased() == tag { return found.lowerBound }
            from = found.upperBound
        }
        return nil
    }
}
