package import Catalogue
package import Kernel

extension RegistersAPI {
    /// Asks every register that an item's rule reads, side by side, each within the same time.
    ///
    /// - Parameters:
    ///   - idcard, uscc: the applicant's own numbers.
    /// - Returns: in the item's order.
    package func ask(
        _ item: ItemDefinition, _ context: RuleContext, idcard: String, uscc: String?, area: AreaCode
    ) async -> [RegisterAnswer] {
        let uses = item.registers ?? []
        guard !uses.isEmpty else { return [] }
        let known = try? await catalogue.index(of: area)
        return await withTaskGroup(of: (Int, RegisterAnswer).self) { group in
            for (index, use) in uses.enumerated() {
                group.addTask { [self] in
                    let register = known?.register(use.source)
                    let typed = use.key(in: context, idcard: idcard, uscc: uscc)
                    let key = register.map { register in typed.flatMap { register.normalised($0) } } ?? typed
                    let mine = [register?.normalised(idcard), uscc.flatMap { register?.normalised($0) }]
                    var reply: RegisterReply?
                    if let register, let key {
                        let source = sources[register.id] ?? own
                        reply = await within(patience) {
                            try await source.entries(of: register, key: key, fields: use.fields, area: area)
                        }
                    }
                    let answer = RegisterAnswer(
                        use, of: register, key: key, isOwn: key != nil && mine.contains(key), reply,
                        on: context.today, calendar: context.calendar)
                    return (index, answer)
                }
            }
            var answers: [(Int, RegisterAnswer)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// A register of the area as its pack declares it, and the department that keeps it here.
    package func register(_ id: String, area: AreaCode) async throws -> RegisterType? {
        try await catalogue.index(of: area).register(id)
    }
}

/// What comes in time; nil where it does not, or fails. What hangs is left behind.
private func within<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async -> Value? {
    let (answers, first) = AsyncStream.makeStream(of: Value?.self, bufferingPolicy: .bufferingOldest(1))
    let worker = Task { first.yield(try? await work()) }
    let clock = Task {
        try? await Task.sleep(for: limit)
        first.yield(nil)
    }
    var iterator = answers.makeAsyncIterator()
    let answer = await iterator.next() ?? nil
    worker.cancel()
    clock.cancel()
    return answer
}
