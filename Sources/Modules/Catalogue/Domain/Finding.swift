package import Kernel

/// Something a careful clerk finds in a pack or a list: where, what, and what to do.
package struct Finding: Sendable, Hashable, Codable {
    /// How grave it is; an error keeps the whole pack or list back.
    package enum Severity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
        /// Worth knowing.
        case note
        /// Probably wrong; does not stop publication.
        case warning
        /// Stops publication.
        case error

        private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
        package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    }

    package let severity: Severity
    /// The rule's name, `limits.order`.
    package let rule: String
    /// Path below the folder of packs, or the name of the list.
    package let file: String
    /// 1 and up; 0 where the file as a whole is meant.
    package let line: Int
    package let message: LocalizedText
    /// What to do about it.
    package let advice: LocalizedText?

    package init(
        _ severity: Severity, rule: String, file: String, line: Int, message: LocalizedText,
        advice: LocalizedText? = nil
    ) {
        self.severity = severity
        self.rule = rule
        self.file = file
        self.line = line
        self.message = message
        self.advice = advice
    }

    /// `Packs/…/x.yaml:12: error: …`, as compilers print.
    package func line(in language: Language) -> String {
        let head = "\(file):\(line): \(severity.rawValue): \(message[language])"
        guard let advice else { return head }
        return head + (language == .zh ? "。" : ". ") + advice[language]
    }
}

extension Finding: Comparable {
    package static func < (a: Finding, b: Finding) -> Bool {
        (a.file, a.line, a.rule, a.message.zh) < (b.file, b.line, b.rule, b.message.zh)
    }
}
