import Foundation
import FuzzProperties
import Testing

/// What fuzzing found once, and what it starts from, tried again with every run; searching for more is `make fuzz`.
@Suite("Odd input")
struct ReplayTests {
    @Test("Every kept input keeps the property it is for", .timeLimit(.minutes(5)), arguments: Property.allCases)
    func replay(_ property: Property) async throws {
        let inputs = try Self.inputs(property)
        #expect(inputs.count > 2)
        for (name, bytes) in inputs {
            do {
                try await property.check(bytes)
            } catch {
                Issue.record("\(property.rawValue)/\(name): \(error)")
            }
        }
    }

    @Test("Every kept input belongs to a property")
    func none() throws {
        let known = Set(Property.allCases.map(\.rawValue))
        for folder in Self.folders where FileManager.default.fileExists(atPath: folder.path) {
            #expect(try known.isSuperset(of: FileManager.default.contentsOfDirectory(atPath: folder.path)))
        }
    }

    private static func inputs(_ property: Property) throws -> [(String, [UInt8])] {
        try folders.map { $0.appending(path: property.rawValue) }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
            .flatMap { folder in
                try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
                    (name, Array(try Data(contentsOf: folder.appending(path: name))))
                }
            }
    }

    private static let folders = ["Seeds", "Found"].map { name in
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fuzz").appending(path: name)
    }
}
