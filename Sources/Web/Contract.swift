import HTTPTypes
import Kernel

/// What the description of the API says of calls, held against what is sent: who reads the description knows what is taken.
///
/// Domain rules stay with the handlers; here only the form of a query and a body is looked at.
struct Contract: Sendable {
    /// One call.
    struct Operation: Sendable {
        /// Content types of the body, in lower case; none where it has no body.
        let kinds: [String]
        let body: Shape?
        fileprivate let query: [(name: String, isRequired: Bool, shape: Shape)]

        /// Everything wrong with a body of JSON.
        func faults(in body: JSON) -> [FieldFault] { self.body?.faults(in: body) ?? [] }

        /// Everything wrong with a query.
        func faults(in fields: FormData) -> [FieldFault] {
            query.flatMap { name, isRequired, shape -> [FieldFault] in
                guard let value = fields.all(name).first else {
                    return isRequired ? [FieldFault(name, Message("web.fault.shape.missing"))] : []
                }
                return shape.faults(in: shape.value(of: value), at: name)
            }
        }
    }

    private var operations: [String: Operation] = [:]

    /// - Parameter description: the folded document.
    init(_ description: JSON) {
        for (path, item) in description["paths"].members ?? [:] {
            for (method, operation) in item.members ?? [:] where operation["responses"].members != nil {
                let parameters = (item["parameters"].elements ?? []) + (operation["parameters"].elements ?? [])
                let content = operation["requestBody"]["content"].members ?? [:]
                let schema = content["application/json"]?["schema"]
                operations["\(method) \(path)"] = Operation(
                    kinds: content.keys.sorted(), body: schema.map { Shape($0, in: description) },
                    query: parameters.filter { $0["in"].text == "query" }.map { parameter in
                        (
                            name: parameter["name"].text ?? "", isRequired: parameter["required"] == .bool(true),
                            shape: Shape(parameter["schema"], in: description)
                        )
                    })
            }
        }
    }

    /// Nil where the route is not described: a page.
    func operation(of route: RouteEntry) -> Operation? {
        operations["\(route.method.rawValue.lowercased()) \(OpenAPIFold.path(route.pattern))"]
    }
}

/// A JSON schema as far as the description uses it.
struct Shape: Sendable {
    private var kinds: [String] = []
    private var choices: [JSON]?
    private var required: [String] = []
    private var properties: [String: Shape] = [:]
    /// None, or the one of all other members.
    private var others: [Shape] = []
    /// None, or the one of all elements.
    private var element: [Shape] = []
    private var either: [Shape] = []
    private var range: ClosedRange<Int64>?
    private var length: ClosedRange<Int>?
    private var isDate = false

    init(_ schema: JSON, in document: JSON, depth: Int = 0) {
        guard depth < 16 else { return }
        var schema = schema
        if let reference = schema["$ref"].text {
            schema = reference.dropFirst(2).split(separator: "/").reduce(document) { $0[String($1)] }
        }
        func shape(_ schema: JSON) -> Shape { Shape(schema, in: document, depth: depth + 1) }
        kinds = schema["type"].elements?.compactMap(\.text) ?? schema["type"].text.map { [$0] } ?? []
        choices = schema["enum"].elements
        // What must be agreed to is for the handler to ask for in its own words.
        if case .bool = schema["const"] {
            kinds = ["boolean"]
        } else if !schema["const"].isNull {
            choices = [schema["const"]]
        }
        required = schema["required"].elements?.compactMap(\.text) ?? []
        properties = (schema["properties"].members ?? [:]).mapValues(shape)
        if schema["additionalProperties"].members != nil { others = [shape(schema["additionalProperties"])] }
        if schema["items"].members != nil { element = [shape(schema["items"])] }
        either = (schema["anyOf"].elements ?? schema["oneOf"].elements ?? []).map(shape)
        if let least = schema["minimum"].integer ?? schema["maximum"].integer.map({ _ in Int64.min }) {
            range = least...max(least, schema["maximum"].integer ?? .max)
        }
        if !schema["minLength"].isNull || !schema["maxLength"].isNull {
            let least = Int(schema["minLength"].integer ?? 0)
            length = least...max(least, Int(schema["maxLength"].integer ?? Int64(Int32.max)))
        }
        isDate = schema["format"].text == "date"
    }

    /// A value of a query as what it stands for.
    func value(of text: String) -> JSON {
        switch kinds.first {
        case "integer": Int64(text).map(JSON.int) ?? .string(text)
        case "boolean": text == "true" ? true : text == "false" ? false : .string(text)
        default: .string(text)
        }
    }

    /// Everything wrong with a value, by its place: `points.0.fix`.
    func faults(in value: JSON, at place: String = "") -> [FieldFault] {
        func fault(_ key: String, _ arguments: [String: String] = [:]) -> [FieldFault] {
            [FieldFault(place, Message("web.fault.shape.\(key)", arguments))]
        }
        if let kind = kinds.first, !kinds.contains(where: { Self.isOf($0, value) }) {
            return [FieldFault(place, Message("web.fault.shape.kind", texts: ["kind": "web.fault.shape.\(kind)"]))]
        }
        if let choices, !choices.contains(value) {
            return fault("choice", ["choices": choices.map { $0.text ?? $0.canonical }.joined(separator: ", ")])
        }
        if !either.isEmpty, !either.contains(where: { $0.faults(in: value).isEmpty }) { return fault("other") }
        if let range, let number = value.integer, !range.contains(number) {
            return fault("range", ["least": String(range.lowerBound), "most": String(range.upperBound)])
        }
        if let text = value.text {
            if let length, !length.contains(text.unicodeScalars.count) {
                return fault("length", ["least": String(length.lowerBound), "most": String(length.upperBound)])
            }
            if isDate, CivilDate(text) == nil { return fault("date") }
        }
        let prefix = place.isEmpty ? "" : place + "."
        var found = required.filter { value.members?[$0] == nil && value.members != nil }.map {
            FieldFault(prefix + $0, Message("web.fault.shape.missing"))
        }
        for (name, member) in (value.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let shape = properties[name] ?? others.first else { continue }
            found += shape.faults(in: member, at: prefix + name)
        }
        if let shape = element.first {
            for (index, element) in (value.elements ?? []).enumerated() {
                found += shape.faults(in: element, at: prefix + String(index))
            }
        }
        return found
    }

    private static func isOf(_ kind: String, _ value: JSON) -> Bool {
        switch (kind, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object),
            ("number", .int), ("number", .double):
            true
        case ("integer", _): value.integer != nil
        default: false
        }
    }
}
