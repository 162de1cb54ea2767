import Documents
import Kernel
import Web

extension NoticeDraft {
    /// The document as residents read it, for `cases.desk-paper`. Its number is given when it is issued.
    var paper: View {
        View([
            "organ": organ, "heading": title, "addressee": addressee, "blocks": body.map(\.paper),
            "remedies": remedies.map { View(["words": $0]) }, "date": date.printed,
            "appendix": appendix.map(\.paper),
        ])
    }
}

extension NoticeDraft.Block {
    fileprivate var paper: View {
        switch self {
        case .heading(let text): View(["isHeading": true, "words": text])
        case .paragraph(let text): View(["isParagraph": true, "words": text])
        case .note(let text): View(["isNote": true, "words": text])
        case .list(let points): View(["isList": true, "points": points.map { View(["words": $0]) }])
        case .facts(let facts):
            View([
                "isFacts": true,
                "facts": facts.map { View(["label": $0.first ?? "", "value": $0.count > 1 ? $0[1] : ""]) },
            ])
        case .table(let columns, let rows):
            View([
                "isTable": true, "columns": columns.map { View(["words": $0]) },
                "rows": rows.map { row in View(["cells": row.map { View(["words": $0]) }]) },
            ])
        case .blanks(let labels): View(["isBlanks": true, "points": labels.map { View(["words": $0]) }])
        }
    }
}
