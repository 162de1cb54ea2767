/// Lets so many tests through at once; the others wait in order.
actor Gate {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(width: Int) { free = width }

    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Makes one thing per list of migrations, once, however many tests ask for it at the same time.
actor Once<Made: Sendable> {
    private var made: [String: Task<Made, any Error>] = [:]

    func value(_ key: String, _ make: @escaping @Sendable () async throws -> Made) async throws -> Made {
        if let task = made[key] { return try await task.value }
        let task = Task { try await make() }
        made[key] = task
        return try await task.value
    }
}
