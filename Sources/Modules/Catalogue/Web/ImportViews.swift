import Kernel
import Web

/// What the pages of an import show.
struct ImportViews {
    let exchange: Exchange
    /// Problems on the page; the file for download has all of them.
    private let most = 100

    init(_ exchange: Exchange) { self.exchange = exchange }

    /// 选文件, 核对, 完成.
    func stepper(_ current: Int) -> View {
        let labels = (1...3).map { exchange.text("catalogue.import.step\($0)") }
        return View([
            "text": exchange.text(
                "catalogue.import.step", ["number": "\(current)", "title": labels[current - 1]]),
            "steps": labels.enumerated().map { index, label in
                View(["label": label, "href": nil, "done": index + 1 < current, "current": index + 1 == current])
            },
        ])
    }

    func check(_ list: StagedList, _ look: StagedImports.Look, _ chosen: ListColumns?, _ area: AreaCode) -> View {
        let outcome = look.outcome
        let errors = outcome.findings.count { $0.severity == .error }
        let path = CataloguePaths.adminList.url(area, list.id)
        let query = chosen.map { columns in
            "?" + Self.pairs(columns).map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        }
        let problems = outcome.findings.sorted { ($0.line, $1.severity) < ($1.line, $0.severity) }
        let isEmpty = outcome.entries.isEmpty && errors == 0
        return View([
            "stepper": stepper(2), "path": path, "again": CataloguePaths.adminImport.url(area),
            "facts": facts(list, look),
            "blocked": isEmpty
                ? exchange.text("catalogue.import.nothing")
                : errors > 0 ? exchange.text("catalogue.import.blocked", ["count": errors.grouped]) : nil,
            "submit": outcome.isImportable
                ? exchange.text("catalogue.import.submit", ["count": look.count.grouped]) : nil,
            "hidden": chosen.map { Self.pairs($0).map { View(["name": $0.name, "value": $0.value]) } } ?? [],
            "undetected": outcome.columns == nil, "hasHeader": !outcome.header.isEmpty,
            "selects": selects(outcome.header, outcome.columns),
            "heads": outcome.header.enumerated().map { index, text in
                View(["text": text, "role": outcome.columns.flatMap { role(of: index, in: $0) }])
            },
            "rows": look.preview.map { cells in
                View(["cells": outcome.header.indices.map { View(["text": $0 < cells.count ? cells[$0] : nil]) }])
            },
            "previewTitle": exchange.text("catalogue.import.preview", ["count": look.preview.count.grouped]),
            "hasProblems": !problems.isEmpty,
            "problemsTitle": exchange.text("catalogue.import.problems", ["count": problems.count.grouped]),
            "problems": problems.prefix(most).map { finding in
                let cells = cells(finding)
                return View([
                    "line": cells[0], "severity": cells[1], "problem": cells[2], "advice": cells[3],
                    "isError": finding.severity == .error,
                ])
            },
            "more": problems.count > most ? exchange.text("catalogue.import.more", ["count": "\(most)"]) : nil,
            "csv": CataloguePaths.adminProblems.url(area, list.id) + (query ?? ""),
        ])
    }

    /// Line, severity, problem and advice of a finding.
    func cells(_ finding: Finding) -> [String] {
        [
            finding.line > 0 ? "\(finding.line)" : "",
            exchange.text("catalogue.import.severity.\(finding.severity.rawValue)"),
            finding.message[exchange.language], finding.advice?[exchange.language] ?? "",
        ]
    }

    func running(_ list: StagedList, _ area: AreaCode) -> View {
        View([
            "stepper": stepper(2), "path": CataloguePaths.adminList.url(area, list.id),
            "text": list.total > 0
                ? exchange.text(
                    "catalogue.import.progress", ["done": list.done.grouped, "total": list.total.grouped])
                : exchange.text("catalogue.import.begun"),
            "done": list.done, "total": list.total > 0 ? list.total : nil,
        ])
    }

    func result(_ report: JSON, _ area: AreaCode) -> View {
        let counts = ["added", "changed", "unchanged", "kept"].map { ($0, report[$0].integer ?? 0) }
        let imported = counts.dropLast().reduce(0) { $0 + $1.1 }
        return View([
            "stepper": stepper(3), "title": exchange.text("catalogue.import.doneCount", ["count": imported.grouped]),
            "facts": counts.filter { $0.0 != "kept" || $0.1 > 0 }.map { name, count in
                fact(
                    "catalogue.import.count.\(name)", exchange.text("catalogue.import.items", ["count": count.grouped]))
            },
            "search": CataloguePaths.home.url(area), "items": CataloguePaths.adminItems.url(area),
            "again": CataloguePaths.adminImport.url(area),
        ])
    }

    // MARK: Parts

    private func facts(_ list: StagedList, _ look: StagedImports.Look) -> [View] {
        let outcome = look.outcome
        var facts = [
            fact("catalogue.import.fact.file", list.name), fact("catalogue.import.fact.encoding", outcome.encoding),
        ]
        guard outcome.columns != nil else { return facts }
        facts += [
            fact("catalogue.import.fact.rows", exchange.text("catalogue.import.rows", ["count": outcome.rows.grouped])),
            fact("catalogue.import.fact.departments", outcome.departments.count.grouped),
            fact("catalogue.import.fact.added", exchange.text("catalogue.import.items", ["count": look.added.grouped])),
        ]
        for (key, count) in [("known", look.known), ("kept", look.kept)] where count > 0 {
            facts.append(
                fact("catalogue.import.fact.\(key)", exchange.text("catalogue.import.items", ["count": count.grouped])))
        }
        return facts
    }

    private func fact(_ key: String, _ value: String) -> View { View(["label": exchange.text(key), "value": value]) }

    /// The columns by their names in forms and addresses.
    private static func pairs(_ columns: ListColumns) -> [(name: String, value: String)] {
        [
            ("name", columns.name), ("code", columns.code), ("type", columns.type), ("department", columns.department),
            ("mainItem", columns.mainItem),
        ].compactMap { name, column in column.map { (name, String($0)) } }
    }

    private func role(of index: Int, in columns: ListColumns) -> String? {
        Self.pairs(columns).first { $0.value == String(index) }.map {
            exchange.text("catalogue.import.column.\($0.name)")
        }
    }

    private func selects(_ header: [String], _ columns: ListColumns?) -> [View] {
        let chosen = columns.map(Self.pairs) ?? []
        return ["name", "code", "type", "department", "mainItem"].map { name in
            let value = chosen.first { $0.name == name }?.value
            let none = View([
                "value": "", "selected": value == nil,
                "label": exchange.text(name == "name" ? "catalogue.import.choose" : "catalogue.import.without"),
            ])
            let options = header.enumerated().map { index, text in
                View([
                    "value": String(index), "selected": value == String(index),
                    "label": exchange.text("catalogue.import.option", ["number": "\(index + 1)", "heading": text]),
                ])
            }
            return View([
                "id": "column-" + name, "name": name, "label": exchange.text("catalogue.import.column.\(name)"),
                "options": [none] + options,
            ])
        }
    }
}
