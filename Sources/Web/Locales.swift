package import Foundation
package import Kernel

/// All texts of the interface, by language and key, folded from the modules.
package struct Locales: Sendable {
    private var texts: [Language: [String: String]] = [:]

    package init() {}

    /// Adds the files `zh.json`, `en.json` (and `bo.json`, `ii.json`) of a folder.
    ///
    /// - Throws: `BootError` where a file is missing or broken, a key is there twice, or zh and en differ in keys or in
    ///   the parameters of a text.
    package mutating func add(folder: URL, of module: String) throws {
        var found: [Language: [String: String]] = [:]
        for language in Language.allCases {
            let file = folder.appendingPathComponent("\(language.rawValue).json")
            guard let data = try? Data(contentsOf: file) else {
                if language == .zh || language == .en {
                    throw BootError("\(module): no locale file \(file.lastPathComponent)")
                }
                continue
            }
            do {
                found[language] = try JSONDecoder().decode([String: String].self, from: data)
            } catch {
                throw BootError("\(module): \(file.lastPathComponent) is not a flat JSON object of texts: \(error)")
            }
        }
        let zh = found[.zh] ?? [:]
        let en = found[.en] ?? [:]
        for key in Set(zh.keys).symmetricDifference(en.keys).sorted() {
            throw BootError("\(module): text \(key) is missing in \(zh[key] == nil ? "zh" : "en")")
        }
        for (key, text) in zh where parameters(of: text) != parameters(of: en[key] ?? "") {
            throw BootError("\(module): text \(key) has other parameters in zh than in en")
        }
        for (language, entries) in found {
            for (key, text) in entries where texts[language, default: [:]].updateValue(text, forKey: key) != nil {
                throw BootError("\(module): text \(key) is there twice")
            }
        }
    }

    /// The text of a key, falling back to Chinese, or nil where no module has it.
    package func text(_ key: String, in language: Language) -> String? {
        texts[language]?[key] ?? texts[.zh]?[key]
    }

    /// A message with its parameters put in. An unknown key shows itself.
    package func text(_ message: Message, in language: Language) -> String {
        guard var text = text(message.key, in: language) else { return message.key }
        for (name, key) in message.texts {
            text = text.replacingOccurrences(of: "{\(name)}", with: self.text(key, in: language) ?? key)
        }
        for (name, value) in message.arguments { text = text.replacingOccurrences(of: "{\(name)}", with: value) }
        return text
    }

    /// How many texts of `language` fall back to Chinese.
    package func missing(in language: Language) -> Int {
        let has = texts[language] ?? [:]
        return (texts[.zh] ?? [:]).keys.count { has[$0] == nil }
    }

    /// All keys.
    package var keys: Set<String> { Set((texts[.zh] ?? [:]).keys) }

    private func parameters(of text: String) -> Set<String> {
        var names: Set<String> = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            names.insert(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return names
    }
}

/// Why the program does not start.
package struct BootError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
