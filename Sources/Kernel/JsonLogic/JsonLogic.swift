/// A rule of an item: JsonLogic (jsonlogic.com) exactly as its reference implementation in JavaScript evaluates it, with
/// `today`, `age` and `add_wd` besides.
///
/// The rule is read once into a checked tree, so an unknown operator is found when a pack is loaded, never when a
/// resident applies. Evaluation is bounded in depth and steps. The browser runs the same rules; this answer counts.
///
/// Three limits of values that are not JavaScript's: arrays and objects are never equal to each other (there they are
/// equal only to themselves), negative zero is zero, and of what hangs on a prototype only `length` can be read.
package struct JsonLogic: Sendable, Hashable {
    /// The rule as it was written.
    package let source: JSON
    let tree: RuleNode

    /// Operators nested deeper than this are refused, and so are values built deeper at run time.
    package static let maximumDepth = 64
    /// One evaluation takes at most this many steps: a step is a node visited, or a stretch of a value copied or compared.
    package static let maximumSteps = 100_000

    /// Reads a rule; throws for an unknown operator, a missing argument that the operator cannot do without, and nesting.
    package init(_ json: JSON) throws(RuleError) {
        source = json
        tree = try RuleNode(json)
    }

    /// What the rule makes of `data`; what JavaScript calls undefined is null.
    ///
    /// - Parameters:
    ///   - today: the civil date that `today` and `age` read.
    ///   - calendar: the area's calendar, for `add_wd`.
    /// - Throws: `RuleError` when the evaluation takes too many steps or builds too deep a value.
    package func evaluate(_ data: JSON, on today: CivilDate, calendar: WorkCalendar) throws(RuleError) -> JSON {
        var evaluation = RuleEvaluation(today: today, calendar: calendar)
        return try evaluation.value(of: tree, in: data) ?? .null
    }

    /// Whether the rule holds: false for null, false, 0, NaN, empty text and an empty list, true for everything else.
    package func holds(_ data: JSON, on today: CivilDate, calendar: WorkCalendar) throws(RuleError) -> Bool {
        JsonLogic.isTruthy(try evaluate(data, on: today, calendar: calendar))
    }

    /// Every path that `var`, `missing` and `missing_some` read of the data; empty text stands for the data as a whole.
    /// What the bodies of `map`, `filter`, `reduce`, `all`, `none` and `some` read is an element's, and not among them.
    package var variables: Set<String> { reads.paths }

    /// Whether some path is put together at run time, so that `variables` may not be all.
    package var readsComputedPaths: Bool { reads.computed }

    /// JsonLogic's truth: JavaScript's, except that an empty list is false.
    package static func isTruthy(_ value: JSON) -> Bool {
        switch value {
        case .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0 && !value.isNaN
        case .string(let value): !value.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object: true
        }
    }

    package static func == (a: JsonLogic, b: JsonLogic) -> Bool { a.source == b.source }
    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// Why a rule cannot be taken, or could not be evaluated to its end.
package struct RuleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the rule broke: the grammar, or a bound on depth and steps.
    package enum Reason: Sendable, Hashable {
        case unknownOperator(String)
        /// The operator needs at least so many arguments.
        case tooFewArguments(String, needs: Int)
        case tooDeep
        case tooManySteps
        /// `missing_some` was given something else than a list of paths.
        case notAList(String)
    }

    package let reason: Reason
    /// Where in the rule, as a JSON pointer (RFC 6901) such as `/if/0/==`; empty for the rule as a whole.
    package let path: String

    package init(_ reason: Reason, at path: String = "") {
        self.reason = reason
        self.path = path
    }

    package var description: String {
        let what =
            switch reason {
            case .unknownOperator(let name): "unknown operator \"\(name)\""
            case .tooFewArguments(let name, let needs):
                "\"\(name)\" needs at least \(needs) argument\(needs == 1 ? "" : "s")"
            case .tooDeep: "nested deeper than \(JsonLogic.maximumDepth)"
            case .tooManySteps: "more than \(JsonLogic.maximumSteps) steps"
            case .notAList(let name): "\"\(name)\" needs a list"
            }
        return path.isEmpty ? what : what + " at " + path
    }
}
