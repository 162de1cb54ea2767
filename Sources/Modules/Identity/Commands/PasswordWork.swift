import Cryptography
import Dispatch
import Kernel
import Synchronization

/// Hashes passwords on two threads of its own, so that neither the event loops nor the pool of tasks stand still.
final class PasswordWork: Sendable {
    let parameters: PasswordHash.Parameters
    private let lanes = [DispatchQueue(label: "password-0"), DispatchQueue(label: "password-1")]
    private let state = Mutex(State())
    /// So many may wait; more are told to come back.
    private let patience = 200

    private struct State {
        var waiting = 0
        var next = 0
        var begun = 0
    }

    /// How many hashes were worked out since the start: at the doors one for each try, whoever it is for.
    var begun: Int { state.withLock { $0.begun } }

    init(parameters: PasswordHash.Parameters) { self.parameters = parameters }

    func hash(_ password: String) async throws -> String {
        let parameters = parameters
        return try await run { try PasswordHash.hash(password, parameters: parameters) }
    }

    /// Whether `password` is the one of `encoded`; false, after the same time, where there is none.
    func verify(_ password: String, _ encoded: String?) async throws -> Bool {
        let parameters = parameters
        return try await run {
            guard let encoded else { return try PasswordHash.dummyVerify(password, parameters: parameters) }
            return try PasswordHash.verify(password, encoded)
        }
    }

    /// Whether `password` is the one of any of these.
    func verify(_ password: String, anyOf encoded: [String]) async throws -> Bool {
        try await run { try encoded.contains { try PasswordHash.verify(password, $0) } }
    }

    func needsRehash(_ encoded: String) -> Bool { PasswordHash.needsRehash(encoded, parameters: parameters) }

    private func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let lane: Int? = state.withLock { state in
            guard state.waiting < patience else { return nil }
            state.waiting += 1
            state.begun += 1
            state.next = (state.next + 1) % lanes.count
            return state.next
        }
        guard let lane else { throw DomainError.unavailable }
        defer { state.withLock { $0.waiting -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            lanes[lane].async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
