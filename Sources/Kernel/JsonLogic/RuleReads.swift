/// What a rule reads of its data.
struct RuleReads {
    private(set) var paths: Set<String> = []
    /// Some path is only known when the rule is evaluated.
    private(set) var computed = false

    mutating func add(_ node: RuleNode) {
        switch node {
        case .value: break
        case .list(let nodes): addAll(nodes)
        case .path(let steps, let fallback):
            paths.insert(steps.joined(separator: "."))
            if let fallback { add(fallback) }
        case .call(let op, let arguments): add(op, arguments)
        }
    }

    private mutating func add(_ op: RuleOperator, _ arguments: [RuleNode]) {
        switch op {
        case .variable:
            if let path = arguments.first { addTexts(path) }
            addAll(arguments)
        case .missing:
            arguments.forEach { addTexts($0) }
            addAll(arguments)
        case .missingSome:
            arguments.dropFirst().forEach { addTexts($0) }
            addAll(arguments)
        case .map, .filter, .all, .none, .some, .reduce:
            // The second argument sees an element of the first and nothing else.
            for (index, argument) in arguments.enumerated() where index != 1 { add(argument) }
        default:
            addAll(arguments)
        }
    }

    private mutating func addAll(_ nodes: [RuleNode]) { nodes.forEach { add($0) } }

    /// The texts a node can come out as, taken for paths; what is not a choice among texts of the rule is computed.
    private mutating func addTexts(_ node: RuleNode) {
        switch node {
        case .value(.string(let text)): paths.insert(text)
        case .value(.int(let index)): paths.insert(Double(index).javaScriptText)
        case .value(.double(let number)): paths.insert(number.javaScriptText)
        case .value(.bool(let value)): paths.insert(value ? "true" : "false")
        case .value(.array(let elements)): elements.forEach { addTexts(.value($0)) }
        case .value: break
        case .list(let nodes): nodes.forEach { addTexts($0) }
        case .call(let op, let arguments):
            switch op {
            case .choose, .chooseTernary:
                for (index, argument) in arguments.enumerated() where index % 2 == 1 || index == arguments.count - 1 {
                    addTexts(argument)
                }
            case .and, .or, .merge, .log: arguments.forEach { addTexts($0) }
            default: computed = true
            }
        case .path: computed = true
        }
    }
}

extension JsonLogic {
    var reads: RuleReads {
        var reads = RuleReads()
        reads.add(tree)
        return reads
    }
}
