/// One run of a rule over its data, with its budget. A nil value is JavaScript's undefined.
struct RuleEvaluation {
    let today: CivilDate
    let calendar: WorkCalendar
    private var stepsLeft = JsonLogic.maximumSteps

    init(today: CivilDate, calendar: WorkCalendar) {
        self.today = today
        self.calendar = calendar
    }

    mutating func spend(_ steps: Int) throws(RuleError) {
        stepsLeft -= steps
        if stepsLeft < 0 { throw RuleError(.tooManySteps) }
    }

    mutating func value(of node: RuleNode?, in data: JSON) throws(RuleError) -> JSON? {
        try spend(1)
        switch node {
        case nil: return nil
        case .value(let value): return value
        case .list(let nodes): return .array(try values(of: nodes, in: data).map { $0 ?? .null })
        case .path(let steps, let fallback):
            if let found = try lookUp(steps, in: data) { return found }
            return fallback == nil ? .null : try value(of: fallback, in: data) ?? .null
        case .call(let op, let arguments):
            switch op {
            case .choose, .chooseTernary: return try choose(arguments, data)
            case .and: return try firstWhere(false, arguments, data)
            case .or: return try firstWhere(true, arguments, data)
            case .map, .filter, .reduce: return try transform(op, arguments, data)
            case .all, .none, .some: return .bool(try quantify(op, arguments, data))
            default: return try apply(op, try values(of: arguments, in: data), data)
            }
        }
    }

    private mutating func values(of nodes: [RuleNode], in data: JSON) throws(RuleError) -> [JSON?] {
        var values: [JSON?] = []
        values.reserveCapacity(nodes.count)
        for node in nodes { values.append(try value(of: node, in: data)) }
        return values
    }

    private mutating func holds(_ node: RuleNode?, in data: JSON) throws(RuleError) -> Bool {
        JsonLogic.isTruthy(try value(of: node, in: data) ?? .null)
    }

    /// Pairs of condition and consequence, then an optional else.
    private mutating func choose(_ arguments: [RuleNode], _ data: JSON) throws(RuleError) -> JSON? {
        var index = 0
        while index < arguments.count - 1 {
            if try holds(arguments[index], in: data) { return try value(of: arguments[index + 1], in: data) }
            index += 2
        }
        return index < arguments.count ? try value(of: arguments[index], in: data) : .null
    }

    /// The first value of that truth, or the last one.
    private mutating func firstWhere(_ truth: Bool, _ arguments: [RuleNode], _ data: JSON) throws(RuleError) -> JSON? {
        var last: JSON?
        for argument in arguments {
            last = try value(of: argument, in: data)
            if JsonLogic.isTruthy(last ?? .null) == truth { return last }
        }
        return last
    }

    private mutating func transform(_ op: RuleOperator, _ arguments: [RuleNode], _ data: JSON) throws(RuleError)
        -> JSON?
    {
        let list = try value(of: arguments.first, in: data)?.elements
        let body = arguments.count > 1 ? arguments[1] : nil
        if op == .reduce {
            let start = arguments.count > 2 ? try value(of: arguments[2], in: data) ?? .null : .null
            return try reduce(list ?? [], body, from: start)
        }
        var result: [JSON] = []
        for element in list ?? [] {
            if op == .map {
                result.append(try value(of: body, in: element) ?? .null)
            } else if try holds(body, in: element) {
                result.append(element)
            }
        }
        return .array(result)
    }

    private mutating func reduce(_ list: [JSON], _ body: RuleNode?, from start: JSON) throws(RuleError) -> JSON? {
        var accumulator: JSON? = start
        for element in list {
            var scope = ["current": element]
            scope["accumulator"] = accumulator
            accumulator = try value(of: body, in: .object(scope))
            try checkDepth(accumulator, JsonLogic.maximumDepth)
        }
        return accumulator
    }

    /// `all` of nothing is false and `none` of nothing true.
    private mutating func quantify(_ op: RuleOperator, _ arguments: [RuleNode], _ data: JSON) throws(RuleError) -> Bool
    {
        let list = try value(of: arguments.first, in: data)?.elements ?? []
        if list.isEmpty { return op == .none }
        let body = arguments.count > 1 ? arguments[1] : nil
        for element in list where try holds(body, in: element) != (op == .all) { return op == .some }
        return op != .some
    }

    /// Refuses lists within lists beyond `depth`; only `reduce` can build them without end.
    private mutating func checkDepth(_ value: JSON?, _ depth: Int) throws(RuleError) {
        guard depth > 0 else { throw RuleError(.tooDeep) }
        guard case .array(let elements)? = value else { return }
        try spend(1 + elements.count / 16)
        for element in elements { try checkDepth(element, depth - 1) }
    }
}
