import HTTPTypes
import Kernel

/// The description while it is put together; faults are gathered, so that all are seen at once.
struct OpenAPIFold {
    /// Path, then method or another member.
    var paths: [String: [String: JSON]] = [:]
    var schemas: [String: JSON] = [:]
    var faults: [String] = []

    private static let methods: Set<String> = ["get", "put", "post", "delete", "patch", "head", "options", "trace"]

    mutating func add(_ fragment: JSON, of module: String) {
        for key in (fragment.members ?? [:]).keys.sorted() where key != "paths" && key != "components" {
            faults.append("\(module): \(key) does not belong into a fragment")
        }
        for (path, item) in fragment["paths"].members ?? [:] {
            for (member, content) in item.members ?? [:]
            where paths[path, default: [:]].updateValue(content, forKey: member) != nil {
                faults.append("\(module): \(member) \(path) is described twice")
            }
        }
        for (name, schema) in fragment["components"]["schemas"].members ?? [:]
        where schemas.updateValue(schema, forKey: name) != nil {
            faults.append("\(module): schema \(name) is there twice")
        }
    }

    /// Every route is described and every description has its route; each gets who may call it.
    mutating func compare(with routes: [RouteEntry]) {
        var described: Set<String> = []
        var operationIDs: Set<String> = []
        for (path, item) in paths {
            for method in item.keys where Self.methods.contains(method) { described.insert("\(method) \(path)") }
        }
        for route in routes {
            let path = Self.path(route.pattern)
            let method = route.method.rawValue.lowercased()
            guard described.remove("\(method) \(path)") != nil, var operation = paths[path]?[method]?.members else {
                faults.append("\(method) \(path) is not described")
                continue
            }
            let shared = paths[path]?["parameters"]?.elements ?? []
            let parameters = shared + (operation["parameters"]?.elements ?? [])
            for name in route.names where !parameters.contains(where: { Self.isPathParameter($0, name) }) {
                faults.append("\(method) \(path): the parameter \(name) is not described")
            }
            for parameter in parameters
            where parameter["in"].text == "path" && !route.names.contains(parameter["name"].text ?? "") {
                faults.append("\(method) \(path): there is no parameter \(parameter["name"].text ?? "?")")
            }
            if (operation["responses"]?.members ?? [:]).isEmpty { faults.append("\(method) \(path): no responses") }
            if let id = operation["operationId"]?.text {
                if !operationIDs.insert(id).inserted {
                    faults.append("\(method) \(path): operationId \(id) is there twice")
                }
            } else {
                faults.append("\(method) \(path): no operationId")
            }
            var responses = operation["responses"]?.members ?? [:]
            for status in Self.failures(route) where responses[status] == nil {
                responses[status] = ["$ref": "#/components/responses/Problem"]
            }
            operation["responses"] = .object(responses)
            operation["security"] = Self.security(route.access)
            operation["x-access"] = .string(route.access.description)
            paths[path]?[method] = .object(operation)
        }
        faults += described.map { "\($0) is described but there is no such route" }
    }

    mutating func addCommonParts() {
        if schemas.updateValue(Self.problem, forKey: "Problem") != nil {
            faults.append("schema Problem belongs to the house")
        }
    }

    /// Every `$ref` leads somewhere.
    mutating func checkReferences(in document: JSON) {
        for reference in Set(Self.references(in: document)).sorted() {
            guard reference.hasPrefix("#/") else {
                faults.append("\(reference) leads out of the document")
                continue
            }
            let target = reference.dropFirst(2).split(separator: "/").reduce(document) { $0[String($1)] }
            if target.isNull { faults.append("\(reference) leads nowhere") }
        }
    }

    /// `/api/v1/areas/:area/cases` as `/api/v1/areas/{area}/cases`.
    static func path(_ pattern: String) -> String {
        "/"
            + pattern.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }.joined(
                separator: "/")
    }

    private static func isPathParameter(_ parameter: JSON, _ name: String) -> Bool {
        parameter["in"].text == "path" && parameter["name"].text == name && parameter["required"] == .bool(true)
    }

    /// A bearer token everywhere but at what is open; a signed-in browser where its session counts.
    private static func security(_ access: Access) -> JSON {
        switch access {
        case .open: []
        case .resident, .applicant: [["bearer": []], ["session": []]]
        case .staff: [["desk": []]]
        case .permission: [["bearer": []], ["desk": []]]
        case .residentOr: [["bearer": []], ["session": []], ["desk": []]]
        }
    }

    /// What a call may be refused with, wherever it goes to: nothing else is answered, and no other fault is expected.
    private static func failures(_ route: RouteEntry) -> [String] {
        var statuses = ["400", "404", "405", "414", "422", "429", "503"]
        if route.access != .open { statuses.append("401") }
        if route.method != .get { statuses += ["409", "413", "415"] }
        return statuses
    }

    private static func references(in json: JSON) -> [String] {
        switch json {
        case .array(let elements): elements.flatMap(references)
        case .object(let members):
            members.flatMap { key, value in
                if key == "$ref", let text = value.text { [text] } else { references(in: value) }
            }
        default: []
        }
    }

    static let problemResponse: JSON = [
        "description": "Nothing of it happened: why, and what can be done (RFC 9457).",
        "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
    ]

    /// What `Failure.problem` writes.
    private static let problem: JSON = [
        "type": "object", "required": ["type", "status", "title", "code", "requestId"],
        "properties": [
            "type": ["type": "string", "const": "about:blank"], "status": ["type": "integer"],
            "title": ["type": "string", "description": "In the caller's language."],
            "code": [
                "type": "string",
                "enum": [
                    "notFound", "signIn", "conflict", "invalid", "refused", "tooMany", "tooLarge", "unavailable",
                    "mediaType", "tooLong", "request", "method", "fault",
                ],
            ],
            "requestId": ["type": "string", "description": "Also in the logs and in the header X-Request-ID."],
            "detail": ["type": "string"],
            "reason": ["type": "string", "description": "The rule, as a key that does not change with the language."],
            "errors": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["field", "reason", "detail"],
                    "properties": [
                        "field": ["type": "string"], "reason": ["type": "string"], "detail": ["type": "string"],
                    ],
                ],
            ],
        ],
    ]
}
