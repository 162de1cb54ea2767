import Kernel

/// A rule that can be read is evaluated to the same answer always, also after it was stored; the answer is a value of JSON.
enum RuleProperty {
    static func check(_ bytes: [UInt8]) throws {
        guard let (source, data) = input(bytes) else { return }
        let rule: JsonLogic
        do {
            rule = try JsonLogic(source)
        } catch {
            guard case .failure(let second) = Result(catching: { () throws(RuleError) in try JsonLogic(source) }) else {
                throw Broken("a rule was refused once: \(error)")
            }
            try same(second, error, "the fault of a rule")
            return
        }
        let answer = outcome(rule, data)
        try same(outcome(rule, data), answer, "evaluated twice")
        let stored = try JsonLogic(JSON(parsing: source.canonical))
        try same(outcome(stored, try JSON(parsing: data.canonical)), answer, "the stored rule \(source.canonical)")
        try same(stored.variables, rule.variables, "variables of the stored rule")
        try same(stored.readsComputedPaths, rule.readsComputedPaths, "computed paths of the stored rule")
    }

    /// A pair of rule and data written as JSON, or anything else as a tree.
    private static func input(_ bytes: [UInt8]) -> (JSON, JSON)? {
        if bytes.first == UInt8(ascii: "[") {
            guard let pair = try? JSON(parsing: String(decoding: bytes, as: UTF8.self)), let elements = pair.elements,
                elements.count == 2
            else { return nil }
            return (elements[0], elements[1])
        }
        var tree = ByteTree(bytes)
        let rule = tree.value()
        return (rule, tree.value())
    }

    private static func outcome(_ rule: JsonLogic, _ data: JSON) -> String {
        do {
            let value = try rule.evaluate(data, on: day, calendar: calendar)
            try JSONProperty.settle(value)
            let truth = JsonLogic.isTruthy(value)
            guard try rule.holds(data, on: day, calendar: calendar) == truth else { return "holds differs" }
            return value.canonical + " \(truth)"
        } catch {
            return "\(error)"
        }
    }

    private static let day = CivilDate(year: 2026, month: 3, day: 12) ?? CivilDate(dayNumber: 20_000)
    private static let calendar = WorkCalendar.weekendsOnly
}
