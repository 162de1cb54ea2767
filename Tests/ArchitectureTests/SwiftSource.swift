import Foundation

/// A Swift file cut into what the compiler reads, what it does not, and its literals.
struct SwiftSource: Sendable {
    struct Literal: Sendable {
        /// The text between the quotes; interpolations stand in it as `\(…)`.
        let text: String
        let line: Int
    }

    /// Path below the package, such as `Sources/Kernel/Moment.swift`.
    let path: String
    let lines: [Substring]
    /// The lines with comments and the insides of literals taken out; as many as `lines`.
    let code: [Substring]
    let literals: [Literal]

    init(path: String, text: String) {
        self.path = path
        var cutter = Cutter(Array(text.utf8))
        cutter.run()
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = String(decoding: cutter.code, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        literals = cutter.literals
    }

    /// The names behind `import`.
    var imports: [String] {
        code.compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
                words[..<place].allSatisfy({
                    ["package", "public", "internal", "@testable", "@preconcurrency"].contains($0)
                })
            else { return nil }
            return String(words[place + 1])
        }
    }
}

/// Walks over a file once, byte by byte.
private struct Cutter {
    private let text: [UInt8]
    private var at = 0
    private var line = 1
    private(set) var code: [UInt8] = []
    private(set) var literals: [SwiftSource.Literal] = []

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let hash = UInt8(ascii: "#")
    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")
    private static let escape = UInt8(ascii: "\\")

    init(_ text: [UInt8]) {
        self.text = text
        code.reserveCapacity(text.count)
    }

    mutating func run() {
        while at < text.count {
            switch (text[at], peek(1)) {
            case (Self.slash, Self.slash): while at < text.count, text[at] != Self.newline { at += 1 }
            case (Self.slash, Self.star): skipComment()
            case (Self.quote, _), (Self.hash, _):
                if let hashes = literalStart() { readLiteral(hashes) } else { keep(text[at]) }
            default: keep(text[at])
            }
        }
    }

    private func peek(_ further: Int) -> UInt8 { at + further < text.count ? text[at + further] : 0 }

    private mutating func keep(_ byte: UInt8) {
        if byte == Self.newline { line += 1 }
        code.append(byte)
        at += 1
    }

    /// Passes over a byte that is no code; lines stay as they are.
    private mutating func drop() {
        if text[at] == Self.newline {
            line += 1
            code.append(Self.newline)
        }
        at += 1
    }

    private mutating func skipComment() {
        var depth = 0
        repeat {
            let pair = (text[at], peek(1))
            if pair == (Self.slash, Self.star) || pair == (Self.star, Self.slash) {
                depth += pair.0 == Self.slash ? 1 : -1
                at += 2
            } else {
                drop()
            }
        } while depth > 0 && at < text.count
    }

    /// How many `#` stand before the quote that begins here; nil where none begins.
    private func literalStart() -> Int? {
        var place = at
        while place < text.count, text[place] == Self.hash { place += 1 }
        return place < text.count && text[place] == Self.quote ? place - at : nil
    }

    /// Whether `count` quotes and then as many `#` stand here.
    private func closes(_ quotes: Int, _ hashes: Int) -> Bool {
        text[at] == Self.quote && (1..<quotes).allSatisfy { peek($0) == Self.quote }
            && (0..<hashes).allSatisfy { peek(quotes + $0) == Self.hash }
    }

    private mutating func readLiteral(_ hashes: Int) {
        at += hashes
        let first = line
        let quotes = peek(1) == Self.quote && peek(2) == Self.quote ? 3 : 1
        at += quotes
        code.append(Self.quote)
        var content: [UInt8] = []
        while at < text.count, !closes(quotes, hashes) {
            if text[at] == Self.escape, (0..<hashes).allSatisfy({ peek(1 + $0) == Self.hash }) {
                if peek(1 + hashes) == UInt8(ascii: "(") {
                    at += 2 + hashes
                    content += Array("\\(".utf8) + readInterpolation()
                } else {
                    at += 1 + hashes
                    content.append(Self.escape)
                    content.append(text[at])
                    drop()
                }
            } else {
                content.append(text[at])
                drop()
            }
        }
        at += quotes + hashes
        code.append(Self.quote)
        literals.append(.init(text: String(decoding: content, as: UTF8.self), line: first))
    }

    /// Up to and with the bracket that closes it; literals inside are literals of their own.
    private mutating func readInterpolation() -> [UInt8] {
        var depth = 1
        let start = at
        while at < text.count, depth > 0 {
            if text[at] == Self.quote || text[at] == Self.hash, let hashes = literalStart() {
                readLiteral(hashes)
                continue
            }
            if text[at] == UInt8(ascii: "(") { depth += 1 }
            if text[at] == UInt8(ascii: ")") { depth -= 1 }
            keep(text[at])
        }
        return Array(text[start..<min(at, text.count)])
    }
}

/// The package's own files.
enum Tree {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Paths below the package of all files under `folder` with one of these endings.
    static func paths(_ folder: String, _ endings: String...) -> [String] {
        let base = root.appending(path: folder)
        guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return walk.compactMap { $0 as? String }.filter { path in endings.contains { path.hasSuffix($0) } }.sorted()
            .map { "\(folder)/\($0)" }
    }

    static func text(_ path: String) -> String {
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    static let sources = paths("Sources", ".swift").map { SwiftSource(path: $0, text: text($0)) }
    static let modules = sources.filter { $0.path.hasPrefix("Sources/Modules/") }
}
