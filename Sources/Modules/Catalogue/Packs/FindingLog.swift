import Kernel

/// Collects findings while a pack is read, so that all are reported at once.
final class FindingLog {
    private(set) var findings: [Finding] = []
    private var seen: Set<Finding> = []

    func add(_ finding: Finding) {
        if seen.insert(finding).inserted { findings.append(finding) }
    }

    func add(contentsOf more: [Finding]) {
        for finding in more { add(finding) }
    }

    /// A finding at a node; texts in Chinese and English, each with what to do.
    func report(
        _ severity: Finding.Severity, _ rule: String, file: String, line: Int, zh: String, en: String,
        do advice: (zh: String, en: String)? = nil
    ) {
        add(
            Finding(
                severity, rule: rule, file: file, line: line, message: LocalizedText(zh: zh, en: en),
                advice: advice.map { LocalizedText(zh: $0.zh, en: $0.en) }))
    }

    var hasErrors: Bool { findings.contains { $0.severity == .error } }
}
