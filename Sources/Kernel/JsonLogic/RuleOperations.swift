/// The operators whose arguments are all evaluated first.
extension RuleEvaluation {
    mutating func apply(_ op: RuleOperator, _ arguments: [JSON?], _ data: JSON) throws(RuleError) -> JSON? {
        let a = arguments.first ?? nil
        let b = arguments.count > 1 ? arguments[1] : nil
        switch op {
        case .variable: return try variable(a, fallback: b, in: data)
        case .missing: return .array(try missing(arguments, in: data))
        case .missingSome: return try missingSome(needed: a, of: b, in: data)
        case .equal: return .bool(try softlyEqual(a, b))
        case .unequal: return .bool(try !softlyEqual(a, b))
        case .strictlyEqual: return .bool(try strictlyEqual(a, b))
        case .strictlyUnequal: return .bool(try !strictlyEqual(a, b))
        case .not: return .bool(!JsonLogic.isTruthy(a ?? .null))
        case .truth: return .bool(JsonLogic.isTruthy(a ?? .null))
        case .less, .lessOrEqual: return .bool(try ascending(arguments, orEqual: op == .lessOrEqual))
        case .greater: return .bool(try less(b, a))
        case .greaterOrEqual: return .bool(try lessOrEqual(b, a))
        case .max, .min, .plus, .minus, .times, .divide, .remainder: return try calculate(op, arguments)
        case .merge: return .array(try merge(arguments))
        case .contains: return .bool(try contains(a, b))
        case .concatenate: return .string(try concatenate(arguments))
        case .substring: return .string(try substring(a, b, arguments.count > 2 ? arguments[2] : nil))
        case .log: return a
        case .today: return .string(today.description)
        case .age: return try age(arguments)
        case .addWorkingDays: return try addWorkingDays(a, b)
        case .choose, .chooseTernary, .and, .or, .map, .filter, .reduce, .all, .none, .some: return nil
        }
    }

    // MARK: Data

    /// Goes down the steps; nil where there is nothing.
    func lookUp(_ steps: [String], in data: JSON) throws(RuleError) -> JSON? {
        var place = data
        for step in steps {
            let next: JSON?
            switch place {
            case .object(let members): next = members[step]
            case .array(let elements):
                if step == "length" {
                    next = .int(Int64(elements.count))
                } else {
                    next = RuleEvaluation.index(step, below: elements.count).map { elements[$0] }
                }
            case .string(let text):
                if step == "length" {
                    next = .int(Int64(text.utf16.count))
                } else {
                    next = RuleEvaluation.index(step, below: text.utf16.count).map { .string(text.units($0..<$0 + 1)) }
                }
            default: next = nil
            }
            guard let next else { return nil }
            place = next
        }
        return place
    }

    /// A step as an index the way JavaScript writes it: `0`, `12`, never `01`.
    private static func index(_ step: String, below count: Int) -> Int? {
        guard let index = Int(step), String(index) == step, index >= 0, index < count else { return nil }
        return index
    }

    private mutating func variable(_ path: JSON?, fallback: JSON?, in data: JSON) throws(RuleError) -> JSON? {
        switch path {
        case nil, .null, .string(""): return data
        default: return try lookUp(try text(path).ruleSteps, in: data) ?? fallback ?? .null
        }
    }

    private mutating func missing(_ arguments: [JSON?], in data: JSON) throws(RuleError) -> [JSON] {
        var missing: [JSON] = []
        for key in arguments.first??.elements ?? arguments.map({ $0 ?? .null }) {
            try spend(1)
            // A list in place of a path is a path with its default, as it is for `var`.
            let parts = key.elements ?? [key]
            let found = try variable(parts.first, fallback: parts.count > 1 ? parts[1] : nil, in: data)
            if found == .null || found == .string("") { missing.append(key) }
        }
        return missing
    }

    private mutating func missingSome(needed: JSON?, of options: JSON?, in data: JSON) throws(RuleError) -> JSON {
        guard case .array(let keys)? = options else { throw RuleError(.notAList("missing_some")) }
        let missing = try missing([options], in: data)
        return .array(Double(keys.count - missing.count) >= (try number(needed)) ? [] : missing)
    }

    private mutating func merge(_ arguments: [JSON?]) throws(RuleError) -> [JSON] {
        var result: [JSON] = []
        for argument in arguments {
            if case .array(let elements)? = argument {
                try spend(elements.count / 8)
                result += elements
            } else {
                result.append(argument ?? .null)
            }
        }
        return result
    }

    // MARK: Numbers

    private mutating func calculate(_ op: RuleOperator, _ arguments: [JSON?]) throws(RuleError) -> JSON? {
        let a = arguments.first ?? nil
        let b = arguments.count > 1 ? arguments[1] : nil
        switch op {
        case .plus:
            var sum = 0.0
            for argument in arguments { sum += try parsedNumber(argument) }
            return JSON(javaScript: sum)
        case .times:
            // A single factor comes out as it went in, unread.
            guard arguments.count > 1 else { return a }
            var product = try parsedNumber(a)
            for argument in arguments.dropFirst() { product *= try parsedNumber(argument) }
            return JSON(javaScript: product)
        case .minus:
            guard b != nil else { return JSON(javaScript: -(try number(a))) }
            return JSON(javaScript: try number(a) - (try number(b)))
        case .divide: return JSON(javaScript: try number(a) / (try number(b)))
        case .remainder: return JSON(javaScript: try number(a).truncatingRemainder(dividingBy: try number(b)))
        default:
            var best = op == .max ? -Double.infinity : Double.infinity
            for argument in arguments {
                let next = try number(argument)
                if best.isNaN || next.isNaN {
                    best = .nan
                } else {
                    best = op == .max ? max(best, next) : min(best, next)
                }
            }
            return JSON(javaScript: best)
        }
    }

    /// `a < b`, or `a < b < c` with a third argument.
    private mutating func ascending(_ arguments: [JSON?], orEqual: Bool) throws(RuleError) -> Bool {
        let a = arguments.first ?? nil
        let b = arguments.count > 1 ? arguments[1] : nil
        guard orEqual ? try lessOrEqual(a, b) : try less(a, b) else { return false }
        guard arguments.count > 2, let c = arguments[2] else { return true }
        return orEqual ? try lessOrEqual(b, c) : try less(b, c)
    }

    // MARK: Text

    private mutating func contains(_ part: JSON?, _ whole: JSON?) throws(RuleError) -> Bool {
        switch whole {
        case .array(let elements)?:
            for element in elements where try strictlyEqual(element, part) { return true }
            return false
        case .string(let text)? where !text.isEmpty:
            let units = Array(text.utf16)
            let wanted = Array(try self.text(part).utf16)
            try spend(units.count / 16)
            guard wanted.count <= units.count else { return false }
            for start in 0...(units.count - wanted.count) {
                var length = 0
                while length < wanted.count, units[start + length] == wanted[length] { length += 1 }
                if length == wanted.count { return true }
                try spend(length / 16)
            }
            return false
        default:
            return false
        }
    }

    private mutating func concatenate(_ arguments: [JSON?]) throws(RuleError) -> String {
        var result = ""
        for argument in arguments where argument != nil && argument != .null { result += try text(argument) }
        try spend(result.utf8.count / 64)
        return result
    }

    /// From `start`, `length` code units of UTF-16; counted from the end where negative.
    private mutating func substring(_ source: JSON?, _ start: JSON?, _ length: JSON?) throws(RuleError) -> String {
        let text = try text(source)
        let count = text.utf16.count
        try spend(count / 16)
        let from = RuleEvaluation.whole(try number(start), -count...count)
        let first = from < 0 ? max(0, count + from) : from
        guard length != nil else { return text.units(first..<count) }
        let wanted = try number(length)
        // A negative length that is a text is joined to the count by JavaScript, and makes no number then.
        if wanted < 0, length?.text != nil || length?.elements != nil { return "" }
        let taken = RuleEvaluation.whole(wanted < 0 ? wanted.rounded(.down) : wanted, -count...count)
        let last = wanted < 0 ? max(first, count + taken) : min(count, first + taken)
        return text.units(first..<last)
    }

    /// Cut to a whole number within bounds; 0 where it is no number.
    private static func whole(_ number: Double, _ bounds: ClosedRange<Int>) -> Int {
        if number.isNaN { return 0 }
        return Int(min(max(number.rounded(.towardZero), Double(bounds.lowerBound)), Double(bounds.upperBound)))
    }

    // MARK: Dates

    /// Whole years from a date of birth to today, or to a second date; null where either is no date or lies before it.
    private mutating func age(_ arguments: [JSON?]) throws(RuleError) -> JSON {
        guard let birth = arguments.first??.text.flatMap({ CivilDate($0) }) else { return .null }
        guard arguments.count > 1 else { return .age(from: birth, on: today) }
        guard let other = arguments[1]?.text.flatMap({ CivilDate($0) }) else { return .null }
        return .age(from: birth, on: other)
    }

    private mutating func addWorkingDays(_ date: JSON?, _ count: JSON?) throws(RuleError) -> JSON {
        guard let start = date?.text.flatMap({ CivilDate($0) }) else { return .null }
        guard let days = Int(exactly: try number(count)), abs(days) <= 100_000 else { return .null }
        return .string(calendar.adding(workingDays: days, to: start).description)
    }
}

extension JSON {
    fileprivate static func age(from birth: CivilDate, on date: CivilDate) -> JSON {
        birth.wholeYears(until: date).map { .int(Int64($0)) } ?? .null
    }
}

extension CivilDate {
    /// Whole years lived by `date`, the birthday included; born on 29 February, a year is full on 28 February of a
    /// common year (民法典 art. 202). Nil before the birth.
    package func wholeYears(until date: CivilDate) -> Int? {
        guard self <= date else { return nil }
        let years = date.year - year
        return adding(months: years * 12) > date ? years - 1 : years
    }
}
