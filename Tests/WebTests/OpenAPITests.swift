import Foundation
import Hummingbird
import Kernel
import Testing

@testable import Web

@Suite("The description of the API")
struct OpenAPITests {
    private static let described = """
        {"paths": {"/api/v1/areas/{area}/cases/{number}": {
            "parameters": [{"name": "area", "in": "path", "required": true, "schema": {"type": "string"}}],
            "get": {"operationId": "readCase", "parameters": [{"name": "number", "in": "path", "required": true}],
                "responses": {"200": {"description": "It.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Case"}}}}}}}},
         "components": {"schemas": {"Case": {"type": "object"}}}}
        """

    private static func routes() -> Routes {
        let routes = Routes()
        routes.get(Path("/:area/", AreaCode.self), requires: .open) { _, _ in Response(status: .ok) }
        routes.get(
            Path("/api/v1/areas/:area/cases/:number", AreaCode.self, String.self),
            requires: .residentOr(Permission("cases.view"))
        ) { _, _, _ in Response(status: .ok) }
        return routes
    }

    private static func document(_ fragments: [String], _ routes: Routes = routes()) throws -> JSON {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("openapi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var list: [(module: String, file: URL)] = [("none", folder.appendingPathComponent("absent.json"))]
        for (index, text) in fragments.enumerated() {
            let file = folder.appendingPathComponent("\(index).json")
            try Data(text.utf8).write(to: file)
            list.append(("module\(index)", file))
        }
        return try OpenAPI.document(fragments: list, routes: routes.entries)
    }

    private static func faults(_ fragments: [String], _ routes: Routes = routes()) -> [String] {
        do {
            _ = try document(fragments, routes)
            return []
        } catch {
            return "\(error)".split(separator: "\n").dropFirst().map(String.init)
        }
    }

    @Test("A described route gets who may call it and the common answer to a failure")
    func folded() throws {
        let document = try Self.document([Self.described])
        let operation = document["paths"]["/api/v1/areas/{area}/cases/{number}"]["get"]
        #expect(document["openapi"].text == "3.1.0")
        #expect(operation["security"] == [["bearer": []], ["session": []], ["desk": []]])
        #expect(operation["x-access"].text == "resident|cases.view")
        let failures = (operation["responses"].members ?? [:]).filter { $0.value["$ref"].text != nil }.keys.sorted()
        #expect(failures == ["400", "401", "404", "405", "414", "422", "429", "503"])
        #expect(operation["responses"]["404"]["$ref"].text == "#/components/responses/Problem")
        #expect(operation["responses"]["200"]["description"].text == "It.")
        #expect(document["components"]["schemas"]["Case"]["type"].text == "object")
        #expect(document["components"]["securitySchemes"]["bearer"]["scheme"].text == "bearer")
        #expect(document["paths"].members?.count == 1)
    }

    @Test("A route without a description and a description without a route stop the start")
    func mismatches() {
        #expect(Self.faults([]) == ["get /api/v1/areas/{area}/cases/{number} is not described"])
        let routes = Self.routes()
        routes.post(Path("/api/v1/areas/:area/cases/:number", AreaCode.self, String.self), requires: .open) { _, _, _ in
            Response(status: .ok)
        }
        #expect(Self.faults([Self.described], routes) == ["post /api/v1/areas/{area}/cases/{number} is not described"])
        #expect(
            Self.faults([Self.described], Routes())
                == ["get /api/v1/areas/{area}/cases/{number} is described but there is no such route"])
    }

    @Test("Parameters of the path are described by the names the route has")
    func parameters() {
        let renamed = Self.described.replacingOccurrences(of: "\"name\": \"number\"", with: "\"name\": \"no\"")
        #expect(
            Self.faults([renamed]) == [
                "get /api/v1/areas/{area}/cases/{number}: the parameter number is not described",
                "get /api/v1/areas/{area}/cases/{number}: there is no parameter no",
            ])
        let optional = Self.described.replacingOccurrences(
            of: "\"number\", \"in\": \"path\", \"required\": true", with: "\"number\", \"in\": \"path\"")
        #expect(
            Self.faults([optional]) == [
                "get /api/v1/areas/{area}/cases/{number}: the parameter number is not described"
            ])
    }

    @Test("References lead somewhere, and nothing is there twice")
    func references() {
        let broken = Self.described.replacingOccurrences(of: "schemas/Case\"", with: "schemas/Other\"")
        #expect(Self.faults([broken]) == ["#/components/schemas/Other leads nowhere"])
        let outside = Self.described.replacingOccurrences(
            of: "#/components", with: "https://elsewhere.example/#/components")
        #expect(
            Self.faults([outside]) == ["https://elsewhere.example/#/components/schemas/Case leads out of the document"])
        #expect(Self.faults([Self.described, Self.described]).contains("module1: schema Case is there twice"))
        #expect(
            Self.faults([Self.described, Self.described]).contains(
                "module1: get /api/v1/areas/{area}/cases/{number} is described twice"))
        #expect(
            Self.faults([Self.described, #"{"components": {"schemas": {"Problem": {}}}}"#]) == [
                "schema Problem belongs to the house"
            ])
    }

    @Test("Fragments that are broken or say too much are refused")
    func fragments() {
        #expect(Self.faults([Self.described, "{"]).first?.hasPrefix("module1: openapi.json is not JSON") == true)
        #expect(
            Self.faults([Self.described, #"{"servers": []}"#]) == ["module1: servers does not belong into a fragment"])
        let nameless = Self.described.replacingOccurrences(of: "\"operationId\": \"readCase\",", with: "")
        #expect(Self.faults([nameless]) == ["get /api/v1/areas/{area}/cases/{number}: no operationId"])
    }
}
