import Foundation
import Testing

/// docs/threat-model.md says which test shows what: a test that was renamed or taken away is missed there.
@Suite("The threat model")
struct ThreatModelTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("Every test the threat model names is there")
    func named() throws {
        let text = try String(contentsOf: Self.root.appending(path: "docs/threat-model.md"), encoding: .utf8)
        let swift = try swiftTests()
        var seen = 0
        for match in text.matches(of: /`([A-Z]\w*Tests)\.(\w+)`/) {
            seen += 1
            let (suite, function) = (String(match.1), String(match.2))
            #expect(swift[suite]?.contains(function) == true, "\(suite).\(function) is not there")
        }
        for match in text.matches(of: /`(test_\w+\.py)::(test_\w+)`/) {
            seen += 1
            let file = Self.root.appending(path: "Browser/\(match.1)")
            let source = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            #expect(source.contains("def \(match.2)("), "\(match.1)::\(match.2) is not there")
        }
        #expect(seen > 120)
    }

    /// The test functions of each suite. A suite goes from its name to the next one's, or to the end of the file.
    private func swiftTests() throws -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        let files = FileManager.default.enumerator(
            at: Self.root.appending(path: "Tests"), includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            var suite = ""
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                if let named = line.firstMatch(of: /^(?:final class|struct) (\w+Tests)\b/) { suite = String(named.1) }
                guard let function = line.firstMatch(of: /^    func (\w+)\(/), !suite.isEmpty else { continue }
                found[suite, default: []].insert(String(function.1))
            }
        }
        return found
    }
}
