package import Foundation
package import Kernel
import Mustache

/// All templates, parsed once per language at boot, with the fixed texts already in them.
package struct PageLibrary: Sendable {
    private let libraries: [Language: MustacheLibrary]
    package let locales: Locales

    /// Reads `Views/*.mustache` and `Locales/*.json` of every folder.
    ///
    /// - Parameter sources: the module's name in lower case and its resource folder.
    /// - Throws: `BootError` for a broken template, an unknown text or a partial that does not exist.
    package init(sources: [(name: String, folder: URL)]) throws {
        MustacheContentTypes.register(ByteEscaping(), named: ByteEscaping.name)
        var locales = Locales()
        var templates: [(name: String, text: String)] = []
        for (name, folder) in sources {
            try locales.add(folder: folder.appendingPathComponent("Locales"), of: name)
            let views = folder.appendingPathComponent("Views")
            let files = (try? FileManager.default.contentsOfDirectory(at: views, includingPropertiesForKeys: nil)) ?? []
            for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "mustache" {
                let text = try String(contentsOf: file, encoding: .utf8)
                templates.append(("\(name).\(file.deletingPathExtension().lastPathComponent)", text))
            }
        }
        var libraries: [Language: MustacheLibrary] = [:]
        for language in Language.allCases {
            var library = MustacheLibrary()
            for (name, text) in templates {
                let translated = try Self.translate(text, of: name, with: locales, in: language)
                do {
                    try library.register("{{% CONTENT_TYPE:\(ByteEscaping.name)}}" + translated, named: name)
                } catch {
                    throw BootError("template \(name): \(error)")
                }
            }
            for (name, text) in templates {
                for partial in Self.partials(in: text) where library.getTemplate(named: partial) == nil {
                    throw BootError("template \(name): there is no template \(partial)")
                }
            }
            libraries[language] = library
        }
        self.libraries = libraries
        self.locales = locales
    }

    /// The page in a language.
    ///
    /// - Throws: `BootError` where there is no such template: a fault of the program.
    package func render(_ template: String, _ view: View, in language: Language) throws -> String {
        guard let text = libraries[language]?.render(view, withTemplate: template) else {
            throw BootError("there is no template \(template)")
        }
        return text
    }

    private static func translate(
        _ text: String, of name: String, with locales: Locales, in language: Language
    ) throws -> String {
        var out = ""
        var rest = Substring(text)
        while let open = rest.range(of: "[["), let close = rest[open.upperBound...].range(of: "]]") {
            let key = String(rest[open.upperBound..<close.lowerBound])
            guard let value = locales.text(key, in: language) else {
                throw BootError("template \(name): there is no text \(key)")
            }
            out += rest[..<open.lowerBound]
            out += escapeHTML(value)
            rest = rest[close.upperBound...]
        }
        return out + rest
    }

    private static func partials(in text: String) -> [String] {
        var names: [String] = []
        var rest = Substring(text)
        while let open = rest.range(of: "{{") {
            rest = rest[open.upperBound...]
            guard let mark = rest.first, mark == ">" || mark == "<", let close = rest.range(of: "}}") else { continue }
            let name = rest[rest.index(after: rest.startIndex)..<close.lowerBound].trimmingCharacters(in: .whitespaces)
            if !name.hasPrefix("*") { names.append(name) }
        }
        return names
    }
}
