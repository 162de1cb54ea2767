package import Foundation
package import Kernel

/// The description of the API (OpenAPI 3.1), folded from the modules' fragments and held against the route table.
///
/// A fragment is `Resources/openapi.json`: `{"paths": …, "components": {"schemas": …}}`. What is the same everywhere is
/// added here: the ways to sign in, the permission, the answer to a failure.
package enum OpenAPI {
    /// The document the program serves.
    ///
    /// - Parameters:
    ///   - fragments: the module's name and where its fragment is; a module without an API needs none.
    ///   - routes: the whole route table; only entries under `/api/` are described.
    /// - Throws: `BootError` that lists everything wrong: broken fragments, routes without a description, descriptions
    ///   without a route, parameters of the path that are not described, references to nothing.
    package static func document(
        fragments: [(module: String, file: URL)], routes: [RouteEntry], title: String = "通办 Tongban",
        version: String = "1"
    ) throws -> JSON {
        var fold = OpenAPIFold()
        for (module, file) in fragments where FileManager.default.fileExists(atPath: file.path) {
            do {
                fold.add(try JSON(parsing: String(contentsOf: file, encoding: .utf8)), of: module)
            } catch {
                fold.faults.append("\(module): openapi.json is not JSON: \(error)")
            }
        }
        fold.compare(with: routes.filter(\.isAPI))
        fold.addCommonParts()
        let document: JSON = [
            "openapi": "3.1.0", "info": ["title": .string(title), "version": .string(version)],
            "servers": [["url": "/"]], "paths": .object(fold.paths.mapValues(JSON.object)),
            "components": [
                "schemas": .object(fold.schemas), "responses": ["Problem": OpenAPIFold.problemResponse],
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "session": [
                        "type": "apiKey", "in": "cookie", "name": .string(CookieName.resident),
                        "description": "What changes something also carries a page's form token as X-CSRF-Token.",
                    ],
                    "desk": [
                        "type": "apiKey", "in": "cookie", "name": .string(CookieName.desk),
                        "description": "What changes something also carries a page's form token as X-CSRF-Token.",
                    ],
                ],
            ],
        ]
        fold.checkReferences(in: document)
        guard fold.faults.isEmpty else {
            throw BootError("API description:\n" + fold.faults.sorted().joined(separator: "\n"))
        }
        return document
    }
}
