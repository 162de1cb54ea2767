import Foundation
import Testing

/// How the sources are arranged (docs/architecture.md) and written (CONTRIBUTING.md).
@Suite("Sources")
struct SourceTests {
    @Test("The tests see the sources")
    func seen() {
        #expect(Tree.sources.count > 150)
        #expect(Tree.sources.allSatisfy { $0.lines.count == $0.code.count })
        #expect(Tree.modules.count > 80)
    }

    @Test("No file is longer than 400 lines")
    func length() {
        for source in Tree.sources { #expect(source.lines.count <= 401, "\(source.path)") }
    }

    @Test("Nothing forces, traps or is left to be done")
    func forbidden() throws {
        let forbidden = [/\btry!/.plain, /\bas!/.plain, /\bfatalError\(/.plain]
        for source in Tree.sources {
            for (number, line) in source.code.enumerated() {
                guard line.contains("!") || line.contains("fatalError") else { continue }
                for word in forbidden { #expect(!line.contains(word), "\(source.path):\(number + 1)") }
            }
            for (number, line) in source.lines.enumerated()
            where ["TODO", "FIXME", "XXX"].contains(where: line.contains) {
                #expect(!line.contains(/\b(TODO|FIXME|XXX)\b/.plain), "\(source.path):\(number + 1)")
            }
        }
    }

    @Test("In modules time is an argument")
    func time() {
        for source in Tree.modules {
            for (number, line) in source.code.enumerated()
            where line.contains("Date") || line.contains("Moment") || line.contains("TimeSource") {
                #expect(
                    !line.contains(/\bDate\(\)|\bDate\.now\b|\bMoment\.now\(\)|\bTimeSource\.system\b/.plain),
                    "\(source.path):\(number + 1)")
            }
        }
    }

    @Test("What others may use is explained")
    func documented() {
        for source in Tree.sources {
            let explained = Declarations(source)
            for missing in explained.undocumented where !Declarations.explainedElsewhere(missing.name, in: source) {
                Issue.record("\(source.path):\(missing.line): \(missing.name) has no doc comment")
            }
        }
    }

    // MARK: Layers

    /// From the ground up; a module may use those before it.
    static let order = [
        "Workflow", "Directory", "Identity", "Documents", "Notify", "Catalogue", "Registers", "Cases", "Packages",
        "Ratings", "Supervision",
    ]

    private static let own: Set<String> = Set(
        order + [
            "Kernel", "Cryptography", "Storage", "StorageSQLite", "StoragePostgres", "Typesetting", "Web",
            "Composition", "Server",
            "TestKit",
        ])

    /// What of ours each target below or beside the modules may import.
    private static let below: [String: Set<String>] = [
        "Kernel": [], "Cryptography": ["Kernel"], "Storage": ["Kernel"], "StorageSQLite": ["Kernel", "Storage"],
        "StoragePostgres": ["Kernel", "Storage"], "Typesetting": ["Kernel"],
        "Web": ["Kernel", "Storage", "Cryptography"],
        "TestKit": ["Kernel", "Storage", "StorageSQLite", "StoragePostgres"],
        "Composition": own.subtracting(["Server", "TestKit"]),
        "Server": own.subtracting(["Server", "TestKit", "StorageSQLite", "StoragePostgres"]),
    ]

    @Test("Imports point downwards")
    func layers() throws {
        for source in Tree.sources {
            let parts = source.path.split(separator: "/")
            let isModule = parts[1] == "Modules"
            let target = String(isModule ? parts[2] : parts[1])
            guard target != "System" else { continue }
            let allowed: Set<String>
            if isModule {
                let place = try #require(Self.order.firstIndex(of: target), "\(target) stands in the order of modules")
                allowed = Set(Self.order[..<place] + ["Kernel", "Storage", "Cryptography", "Web", "Typesetting"])
            } else {
                allowed = try #require(Self.below[target], "\(target) is a known layer")
            }
            for name in source.imports where Self.own.contains(name) {
                #expect(allowed.contains(name), "\(source.path) imports \(name)")
            }
        }
    }

    @Test("Only a driver knows its database, only the typesetter draws, only Cryptography calls OpenSSL")
    func libraries() {
        let owners: [String: Set<String>] = [
            "GRDB": ["StorageSQLite"], "GRDBSQLite": ["StorageSQLite"], "CLibPQ": ["StoragePostgres"],
            "COpenSSL": ["Cryptography"],
            "CPango": ["Typesetting"], "CQREncode": ["Typesetting"], "StorageSQLite": ["Composition", "TestKit"],
            "StoragePostgres": ["Composition", "TestKit"], "Typesetting": ["Documents", "Catalogue"],
            "CLibYAML": ["Catalogue"],
        ]
        for source in Tree.sources {
            let parts = source.path.split(separator: "/")
            let target = String(parts[1] == "Modules" ? parts[2] : parts[1])
            for name in source.imports {
                guard let owners = owners[name] else { continue }
                #expect(owners.contains(target), "\(source.path) imports \(name)")
            }
        }
    }

    @Test("A module's domain knows neither pages nor tables nor files")
    func domain() {
        let barred: Set<String> = ["Web", "Hummingbird", "HTTPTypes", "NIOCore", "Mustache", "Logging"]
        for source in Tree.modules where source.path.contains("/Domain/") {
            for name in source.imports
            where !(name == "Web" && source.path.hasSuffix("Notify/Domain/MessageWords.swift")) {
                // The words of messages come from the locales, which Web reads.
                #expect(!barred.contains(name), "\(source.path) imports \(name)")
            }
            for word in ["Transaction", "FileManager", "any Database"] {
                #expect(!source.code.contains { $0.contains(word) }, "\(source.path) uses \(word)")
            }
        }
    }

    @Test("SQL stands in stores, commands and migrations, never in pages or rules")
    func statements() {
        for source in Tree.modules where source.path.contains("/Web/") || source.path.contains("/Domain/") {
            for literal in source.literals where Statement.looksLikeOne(literal.text) {
                Issue.record("\(source.path):\(literal.line)")
            }
        }
    }
}
