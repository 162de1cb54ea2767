import Dispatch
import Storage

/// Statements that belong to no transaction, such as CREATE DATABASE.
package enum PostgresMaintenance {
    /// Runs statements one after another on a connection of their own, each by itself.
    ///
    /// - Parameters:
    ///   - statements: without values; they are not prepared.
    ///   - url: of a database on the server.
    /// - Throws: `StorageError` by the first statement that failed; the ones before it stay done.
    package static func run(_ statements: [String], url: String) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try run(statements, url) })
            }
        }
    }

    private static func run(_ statements: [String], _ url: String) throws {
        var text = "connecting"
        do {
            let session = try PostgresSession(
                PostgresOptions(url: url, statementTimeout: .seconds(60), searchPath: nil))
            for statement in statements {
                text = statement
                try session.command(statement)
            }
        } catch let failure as PostgresFailure {
            throw failure.error(text)
        }
    }
}
