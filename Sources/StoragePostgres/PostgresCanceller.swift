import CLibPQ

/// Cancels the statement running on a connection, from any thread.
final class PostgresCanceller: @unchecked Sendable {
    // Unchecked: libpq documents PGcancel as safe to use from another thread, and it is never changed.
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQfreeCancel(pointer) }

    /// Asks the server; a failure changes nothing, the statement's own time-out remains.
    func cancel() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            _ = PQcancel(pointer, message.baseAddress, 256)
        }
    }
}
