import Foundation
import Kernel
package import Logging
import Synchronization

/// One JSON object a line on standard error; never holds personal data, only references.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    private let label: String

    package init(label: String) { self.label = label }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// One event as one line of canonical JSON on standard error, time in ISO 8601.
    package func log(event: LogEvent) {
        var members: [String: JSON] = [
            "at": .string(Moment.now().description), "level": .string(event.level.rawValue),
            "message": .string("\(event.message)"),
            "label": .string(label),
        ]
        for (key, value) in self.metadata.merging(event.metadata ?? [:], uniquingKeysWith: { _, new in new }) {
            members[key] = .string("\(value)")
        }
        let text = JSON.object(members).canonical + "\n"
        Self.lock.withLock { _ in FileHandle.standardError.write(Data(text.utf8)) }
    }

    private static let lock = Mutex<Void>(())
}
