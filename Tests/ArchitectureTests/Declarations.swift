import Foundation

/// The declarations of a file that other targets may use: types, protocols, functions.
struct Declarations {
    struct Declared {
        let name: String
        let line: Int
    }

    private(set) var undocumented: [Declared] = []

    init(_ source: SwiftSource) {
        for (number, line) in source.code.enumerated() {
            guard line.contains("package ") || line.contains("public "),
                let match = line.firstMatch(
                    of:
                        /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:package|public)\s+(?:(?:static|class|final|mutating|nonmutating|indirect|nonisolated|consuming|borrowing)\s+)*(?<kind>struct|enum|class|protocol|actor|func)\s+(?<name>[^\s(<:{]+)/
                )
            else { continue }
            if !Self.isDocumented(number, source) {
                undocumented.append(Declared(name: String(match.name), line: number + 1))
            }
        }
    }

    /// Whether `///` stands right above, attributes in between.
    private static func isDocumented(_ number: Int, _ source: SwiftSource) -> Bool {
        var above = number - 1
        while above >= 0 {
            let line = source.lines[above].drop { $0 == " " }
            if line.hasPrefix("///") { return true }
            guard line.hasPrefix("@") || line.hasPrefix("#if") else { return false }
            above -= 1
        }
        return false
    }

    /// What is explained where it is asked for: requirements of protocols, operators, and functions whose name and types say
    /// all, such as `hash(into:)`.
    static func explainedElsewhere(_ name: String, in source: SwiftSource) -> Bool {
        if name.allSatisfy({ "<>=+-*/!&|~^%".contains($0) }) { return true }
        return ["encode", "hash"].contains(name) || required.contains(name)
    }

    /// Names of the functions that protocols of ours require.
    private static let required: Set<String> = {
        var names: Set<String> = []
        for source in Tree.sources {
            var depth = 0
            var protocolDepth: Int?
            for line in source.code {
                if protocolDepth == nil, line.contains("protocol"), line.contains(/\bprotocol\s+\w+/.plain) {
                    protocolDepth = depth
                }
                if let inside = protocolDepth, depth > inside,
                    let match = line.firstMatch(of: /\bfunc\s+(?<name>\w+)/.plain)
                {
                    names.insert(String(match.name))
                }
                depth += line.count { $0 == "{" } - line.count { $0 == "}" }
                if let inside = protocolDepth, depth <= inside, line.contains("}") { protocolDepth = nil }
            }
        }
        return names
    }()
}
