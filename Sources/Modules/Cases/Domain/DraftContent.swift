package import Kernel

/// What a draft holds, sealed as a whole: answers to the guiding questions, values of the form (hidden ones too) and files.
package struct DraftContent: Sendable, Hashable, Codable {
    /// An uploaded file; its bytes are in the file store, its name only here.
    package struct File: Sendable, Hashable, Codable {
        package var id: String
        package var material: String
        package var name: String
        /// Bytes.
        package var size: Int
        package var type: String
        /// SHA-256 of what was sent.
        package var digest: String

        package init(id: String, material: String, name: String, size: Int, type: String, digest: String) {
            self.id = id
            self.material = material
            self.name = name
            self.size = size
            self.type = type
            self.digest = digest
        }
    }

    package var situations: [String: JSON]
    package var form: [String: JSON]
    package var files: [File]
    /// Fields whose value came from what is already known; shown as 已预填 until changed.
    package var prefilled: [String]
    /// Sections that were saved once.
    package var visited: [String]
    /// Who handles it for the applicant; nil where he does so himself.
    package var handler: HandlerContent?

    package init(
        situations: [String: JSON] = [:], form: [String: JSON] = [:], files: [File] = [], prefilled: [String] = [],
        visited: [String] = [], handler: HandlerContent? = nil
    ) {
        self.handler = handler
        self.situations = situations
        self.form = form
        self.files = files
        self.prefilled = prefilled
        self.visited = visited
    }
}

/// What was handed in, sealed in the case's vault; a supplement adds a new one.
package struct FormContent: Sendable, Hashable, Codable {
    package var situations: [String: JSON]
    /// Only answers that were shown.
    package var form: [String: JSON]
    /// Names of files by id.
    package var fileNames: [String: String]
    /// Who applies, as known at submission.
    package var applicant: ApplicantContent
    /// Words with which points of a correction were answered, by point.
    package var answers: [String: String]
}

/// The applicant in full, only in the vault.
package struct ApplicantContent: Sendable, Hashable, Codable {
    package var name: String
    package var idNumber: String
    package var phone: String
    package var organisation: String?
    package var uscc: String?
    /// Who handles it for him by a power of attorney.
    package var handler: HandlerContent?

    package init(
        name: String, idNumber: String, phone: String, organisation: String?, uscc: String?,
        handler: HandlerContent? = nil
    ) {
        self.handler = handler
        self.name = name
        self.idNumber = idNumber
        self.phone = phone
        self.organisation = organisation
        self.uscc = uscc
    }
}

/// The words of a correction notice, by point.
package struct CorrectionWords: Sendable, Hashable, Codable {
    /// The words of one listed fault: the problem, and how to fix it.
    package struct Point: Sendable, Hashable, Codable {
        package var id: String
        /// What it is about: the material's or field's name.
        package var subject: String
        package var problem: String
        package var fix: String

        package init(id: String, subject: String, problem: String, fix: String) {
            self.id = id
            self.subject = subject
            self.problem = problem
            self.fix = fix
        }
    }

    package var points: [Point]
    package init(points: [Point]) { self.points = points }
}

/// The words of a decision against the applicant, or of an opinion inside the office.
package struct DecisionWords: Sendable, Hashable, Codable {
    /// What was found.
    package var facts: String
    /// The provisions it rests on.
    package var basis: String
    package var reason: String
    /// Which organ to turn to, where the matter is another's.
    package var referTo: String

    package init(facts: String = "", basis: String = "", reason: String, referTo: String = "") {
        self.facts = facts
        self.basis = basis
        self.reason = reason
        self.referTo = referTo
    }
}
