/// What changed between two texts, line by line, with some lines around each change.
struct LineDiff {
    enum Kind {
        case same, added, removed
    }

    struct Line {
        let kind: Kind
        let text: String
        /// 1 and up; nil where the line is not in that text.
        let old: Int?
        let new: Int?
    }

    /// Changes that are near each other, in order.
    let hunks: [[Line]]

    /// - Parameter context: lines shown before and after a change.
    init(from old: [String], to new: [String], context: Int = 3) {
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var lines: [Line] = []
        var left = 0
        var right = 0
        while left < old.count || right < new.count {
            if removed.contains(left) {
                lines.append(Line(kind: .removed, text: old[left], old: left + 1, new: nil))
                left += 1
            } else if added.contains(right) {
                lines.append(Line(kind: .added, text: new[right], old: nil, new: right + 1))
                right += 1
            } else {
                lines.append(Line(kind: .same, text: old[left], old: left + 1, new: right + 1))
                left += 1
                right += 1
            }
        }
        hunks = LineDiff.hunks(lines, context)
    }

    private static func hunks(_ lines: [Line], _ context: Int) -> [[Line]] {
        var hunks: [[Line]] = []
        var end = 0
        for (index, line) in lines.enumerated() where line.kind != .same {
            let start = max(index - context, 0)
            let stop = min(index + context + 1, lines.count)
            if start > end || hunks.isEmpty {
                hunks.append(Array(lines[start..<stop]))
            } else if stop > end {
                hunks[hunks.count - 1] += lines[end..<stop]
            }
            end = max(end, stop)
        }
        return hunks
    }
}
