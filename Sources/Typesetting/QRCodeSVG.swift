extension QRCode {
    /// The dark modules as the `d` of an SVG path, one unit each, inside the quiet zone.
    package var path: String {
        var path = ""
        for run in runs {
            path += "M\(run.column + QRCode.quietZone) \(run.row + QRCode.quietZone)h\(run.length)v1h-\(run.length)z"
        }
        return path
    }

    /// The code as an SVG image with its quiet zone, dark on white; attributes only, so it passes a content security
    /// policy without inline styles. `title` is what a screen reader says.
    package func svg(title: String) -> String {
        let side = size + 2 * QRCode.quietZone
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(side) \(side)\" role=\"img\""
            + " shape-rendering=\"crispEdges\"><title>\(title.printable.escapedXML)</title>"
            + "<path fill=\"#fff\" d=\"M0 0h\(side)v\(side)H0z\"/><path fill=\"#000\" d=\"\(path)\"/></svg>"
    }
}

extension String {
    /// Text for XML content and quoted attributes, scalar by scalar: a combining mark hides nothing.
    fileprivate var escapedXML: String {
        var escaped = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            case "\u{FFFE}", "\u{FFFF}": continue
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
