import Dispatch
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

    /// Does the same with each of many elements, on all processors. Each has a log of its own; what was found comes in the order
    /// of the elements.
    func inParallel<Element, Result>(_ elements: [Element], _ body: (Element, FindingLog) -> Result) -> [Result] {
        let logs = elements.map { _ in FindingLog() }
        let results = [Result](unsafeUninitializedCapacity: elements.count) { buffer, count in
            // Each writes its own place.
            nonisolated(unsafe) let places = buffer
            nonisolated(unsafe) let (elements, body, logs) = (elements, body, logs)
            DispatchQueue.concurrentPerform(iterations: elements.count) { index in
                places.initializeElement(at: index, to: body(elements[index], logs[index]))
            }
            count = elements.count
        }
        for log in logs { add(contentsOf: log.findings) }
        return results
    }

    var hasErrors: Bool { findings.contains { $0.severity == .error } }
}
