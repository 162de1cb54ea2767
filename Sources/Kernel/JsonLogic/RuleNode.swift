/// The operators of a rule, by the names they are written with.
enum RuleOperator: String, Sendable, CaseIterable {
    case variable = "var"
    case missing
    case missingSome = "missing_some"
    case choose = "if"
    case chooseTernary = "?:"
    case and
    case or
    case equal = "=="
    case strictlyEqual = "==="
    case unequal = "!="
    case strictlyUnequal = "!=="
    case not = "!"
    case truth = "!!"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case max
    case min
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case remainder = "%"
    case map
    case filter
    case reduce
    case all
    case none
    case some
    case merge
    case contains = "in"
    case concatenate = "cat"
    case substring = "substr"
    case log
    case today
    case age
    case addWorkingDays = "add_wd"

    /// Arguments without which the reference implementation would fail.
    fileprivate var leastArguments: Int {
        switch self {
        case .times, .age: 1
        case .missingSome, .addWorkingDays: 2
        default: 0
        }
    }
}

/// A checked rule.
indirect enum RuleNode: Sendable {
    case value(JSON)
    case list([RuleNode])
    /// A `var` whose path stands in the rule; no step is the data as a whole.
    case path([String], fallback: RuleNode?)
    case call(RuleOperator, [RuleNode])

    init(_ json: JSON) throws(RuleError) { try self.init(json, at: "", depth: 0) }

    private init(_ json: JSON, at path: String, depth: Int) throws(RuleError) {
        guard depth <= JsonLogic.maximumDepth else { throw RuleError(.tooDeep, at: path) }
        switch json {
        case .array(let elements):
            let nodes = try RuleNode.nodes(elements, at: path, depth: depth)
            self = nodes.allSatisfy(\.isValue) ? .value(json) : .list(nodes)
        case .object(let members):
            // An object with any other number of members than one is a value, as in the reference implementation.
            guard members.count == 1, let (name, argument) = members.first else {
                self = .value(json)
                return
            }
            let here = path + "/" + RuleNode.escaped(name)
            guard let op = RuleOperator(rawValue: name) else { throw RuleError(.unknownOperator(name), at: path) }
            let arguments: [RuleNode]
            if case .array(let elements) = argument {
                arguments = try RuleNode.nodes(elements, at: here, depth: depth)
            } else {
                arguments = [try RuleNode(argument, at: here, depth: depth + 1)]
            }
            guard arguments.count >= op.leastArguments else {
                throw RuleError(.tooFewArguments(name, needs: op.leastArguments), at: here)
            }
            if op == .variable, case .value(let first)? = arguments.first ?? .value(.null), let steps = first.ruleSteps
            {
                self = .path(steps, fallback: arguments.count > 1 ? arguments[1] : nil)
            } else {
                self = .call(op, arguments)
            }
        default:
            self = .value(json)
        }
    }

    private static func nodes(_ elements: [JSON], at path: String, depth: Int) throws(RuleError) -> [RuleNode] {
        var nodes: [RuleNode] = []
        nodes.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            nodes.append(try RuleNode(element, at: "\(path)/\(index)", depth: depth + 1))
        }
        return nodes
    }

    private static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        return name.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    private var isValue: Bool { if case .value = self { true } else { false } }
}

extension JSON {
    /// The steps of a path that stands in a rule: text and numbers by their dots, nothing as none.
    fileprivate var ruleSteps: [String]? {
        switch self {
        case .null, "": []
        case .string(let text): text.ruleSteps
        case .int(let index): [Double(index).javaScriptText]
        case .double(let number): number.javaScriptText.ruleSteps
        default: nil
        }
    }
}

extension String {
    /// The steps of a path, between its dots.
    var ruleSteps: [String] { split(separator: ".", omittingEmptySubsequences: false).map(String.init) }
}
