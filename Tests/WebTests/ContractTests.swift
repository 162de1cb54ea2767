import Kernel
import Testing

@testable import Web

@Suite("What the description of the API says is what is taken")
struct ContractTests {
    private static let document: JSON = [
        "paths": [
            "/api/v1/areas/{area}/things": [
                "parameters": [["name": "view", "in": "query", "schema": ["$ref": "#/components/schemas/View"]]],
                "post": [
                    "parameters": [
                        ["name": "from", "in": "query", "schema": ["type": "string", "format": "date"]],
                        [
                            "name": "size", "in": "query", "required": true,
                            "schema": ["type": "integer", "maximum": 5],
                        ],
                    ],
                    "requestBody": [
                        "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Thing"]]]
                    ],
                    "responses": ["200": ["description": "It."]],
                ],
            ]
        ],
        "components": [
            "schemas": [
                "View": ["type": "string", "enum": ["all", "mine"]],
                "Thing": [
                    "type": "object", "required": ["points"],
                    "properties": [
                        "points": ["type": "array", "items": ["$ref": "#/components/schemas/Point"]],
                        "days": ["type": "integer", "minimum": 1, "maximum": 60],
                        "words": ["type": "string", "minLength": 2, "maxLength": 3],
                        "truth": ["const": true], "grant": ["const": "x"],
                        "answers": [
                            "type": "object",
                            "additionalProperties": ["anyOf": [["type": "string"], ["type": "array"]]],
                        ],
                        "name": ["type": ["string", "null"]],
                    ],
                ],
                "Point": ["type": "object", "required": ["fix"], "properties": ["fix": ["type": "string"]]],
            ]
        ],
    ]

    private func operation() throws -> Contract.Operation {
        let routes = Routes()
        routes.post(Path("/api/v1/areas/:area/things", AreaCode.self), requires: .open) { _, _ in
            throw DomainError.notFound
        }
        return try #require(Contract(Self.document).operation(of: routes.entries[0]))
    }

    @Test(
        "A body of another form is refused, every fault by its place",
        arguments: [
            (#"{"points":[]}"#, []), ("[]", [""]), ("{}", ["points"]), (#"{"points":{}}"#, ["points"]),
            (#"{"points":[{"fix":"x"},{},{"fix":1}],"days":0}"#, ["days", "points.1.fix", "points.2.fix"]),
            (#"{"points":[],"days":"5"}"#, ["days"]), (#"{"points":[],"days":5.0,"words":"甲乙丙"}"#, []),
            (#"{"points":[],"words":"甲"}"#, ["words"]), (#"{"points":[],"words":"甲乙丙丁"}"#, ["words"]),
            (#"{"points":[],"truth":1}"#, ["truth"]), (#"{"points":[],"truth":false}"#, []),
            (#"{"points":[],"grant":"y"}"#, ["grant"]),
            (#"{"points":[],"answers":{"a":"b","c":[],"d":1}}"#, ["answers.d"]),
            (#"{"points":[],"name":null,"more":1}"#, []), (#"{"points":[],"name":1}"#, ["name"]),
        ])
    func bodies(text: String, places: [String]) throws {
        #expect(try operation().faults(in: JSON(parsing: text)).map(\.field) == places)
    }

    @Test(
        "A query of another form is refused",
        arguments: [
            ("size=1", []), ("size=6", ["size"]), ("size=x", ["size"]), ("", ["size"]), ("size=1&view=all", []),
            ("size=1&view=none", ["view"]), ("size=1&from=2026-02-30", ["from"]),
            ("size=1&from=2026-02-28&other=1", []),
        ])
    func queries(text: String, places: [String]) throws {
        #expect(try operation().faults(in: FormData(urlEncoded: text)).map(\.field) == places)
    }

    @Test("A body has the content types that are described; a page has no contract")
    func kinds() throws {
        #expect(try operation().kinds == ["application/json"])
        let routes = Routes()
        routes.get(Path("/:area/things", AreaCode.self), requires: .open) { _, _ in throw DomainError.notFound }
        #expect(Contract(Self.document).operation(of: routes.entries[0]) == nil)
    }
}
