import Kernel

extension JSON {
    /// The value as lines, sorted by key and indented by two: for comparing versions by eye.
    var prettyLines: [String] {
        var lines: [String] = []
        write(prefix: "", indent: "", suffix: "", to: &lines)
        return lines
    }

    private func write(prefix: String, indent: String, suffix: String, to lines: inout [String]) {
        switch self {
        case .object(let members) where !members.isEmpty:
            lines.append(indent + prefix + "{")
            let sorted = members.sorted { $0.key < $1.key }
            for (index, member) in sorted.enumerated() {
                member.value.write(
                    prefix: "\(JSON.string(member.key).canonical): ", indent: indent + "  ",
                    suffix: index == sorted.count - 1 ? "" : ",", to: &lines)
            }
            lines.append(indent + "}" + suffix)
        case .array(let elements) where !elements.isEmpty:
            lines.append(indent + prefix + "[")
            for (index, element) in elements.enumerated() {
                element.write(
                    prefix: "", indent: indent + "  ", suffix: index == elements.count - 1 ? "" : ",", to: &lines)
            }
            lines.append(indent + "]" + suffix)
        default: lines.append(indent + prefix + canonical + suffix)
        }
    }
}
