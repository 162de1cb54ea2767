/// A text of the interface by its key, with its parameters: rendered in the reader's language at the edge.
package struct Message: Sendable, Hashable {
    /// A key of the locale files, such as `cases.conflict.decided`.
    package let key: String
    /// What stands in the text as `{name}`.
    package let arguments: [String: String]
    /// Parameters that are texts of the interface themselves, by their keys: the applicant, the kind of a decision.
    package let texts: [String: String]

    package init(_ key: String, _ arguments: [String: String] = [:], texts: [String: String] = [:]) {
        self.key = key
        self.arguments = arguments
        self.texts = texts
    }
}

/// One fault of one field: shown beside the field and in the summary, in the same words.
package struct FieldFault: Sendable, Hashable {
    /// The field's name in the form.
    package let field: String
    package let message: Message

    package init(_ field: String, _ message: Message) {
        self.field = field
        self.message = message
    }
}

/// Why a command was not carried out, with its consequence for the caller; nothing of it happened.
package enum DomainError: Error, Sendable, Hashable {
    /// There is no such thing (404).
    case notFound
    /// The caller may not do this; pages and API answer as to what is not there (404).
    case forbidden
    /// Nobody is signed in (401, or the sign-in page).
    case signInRequired
    /// The state moved on; the message says who did what and when (409).
    case conflict(Message)
    /// The input has faults, all of them (422).
    case invalid([FieldFault])
    /// A rule of law or of the item forbids it; the message says which (422).
    case refused(Message)
    /// Too many tries; seconds until the next one may succeed (429).
    case tooMany(retryAfter: Int)
    /// Larger than allowed; the message says how large it may be (413).
    case tooLarge(Message)
    /// Cannot be done at this moment; trying again later may succeed (503).
    case unavailable

    /// One fault of one field.
    package static func invalid(_ field: String, _ key: String, _ arguments: [String: String] = [:]) -> DomainError {
        .invalid([FieldFault(field, Message(key, arguments))])
    }
}
