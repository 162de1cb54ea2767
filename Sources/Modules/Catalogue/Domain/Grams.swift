import Foundation
import Kernel

/// Search over items without a search engine: weighted tokens beside each item, one SQL on both engines, ranking in
/// Swift.
///
/// Tokens: `残疾` two characters, `残` one; `p:can` three letters of the full pinyin; `i:cj` two initials; `w:wifi` a
/// Latin word or number;
/// `c:…` an item code. Names weigh most, then aliases, then the short name and the summary.
package enum Grams {
    /// Weights are added up over an item's matching tokens to choose candidates; the order people see comes from
    /// `rank`.
    package struct Gram: Sendable, Hashable {
        package let text: String
        package let weight: Int
    }

    /// What an item is found by.
    package static func grams(for item: ItemDefinition) -> [Gram] {
        var weights: [String: Int] = [:]
        func add(_ text: String, _ weight: Int) {
            for gram in tokens(of: text) {
                let own = gram.hasPrefix("p:") ? weight / 3 : gram.hasPrefix("i:") ? weight / 2 : weight
                weights[gram] = max(weights[gram] ?? 0, own)
            }
        }
        add(item.name.zh, 10)
        for alias in item.aliases { add(alias, 8) }
        if let short = item.shortName { add(short.zh, 8) }
        for other in [item.name.en, item.name.bo, item.name.ii] { if let other { add(other, 4) } }
        if let summary = item.summary {
            for gram in characterGrams(of: normal(summary.zh)) where weights[gram] == nil && gram.count == 2 {
                weights[gram] = 2
            }
        }
        if let code = item.code?.lowercased() {
            weights["c:" + code] = 20
            weights["c:" + code.prefix { $0 != "-" }] = 20
        }
        return weights.map { Gram(text: $0.key, weight: $0.value) }.sorted { $0.text < $1.text }
    }

    /// The tokens of what somebody typed, at most 48; empty for a blank query. Chinese is also looked for by its sound,
    /// so that a wrong
    /// character of the same reading still finds.
    package static func queryGrams(_ text: String) -> [String] {
        let normal = normal(String(text.prefix(100)))
        var characters = characterGrams(of: normal)
        if characters.contains(where: { $0.count == 2 }) { characters = characters.filter { $0.count == 2 } }
        var grams = characters.sorted() + words(of: normal).map { "w:" + $0 }
        let bare = normal.filter { !$0.isWhitespace }
        if bare.utf8.count >= 8, bare.utf8.allSatisfy({ $0 < 128 }) { grams.append("c:" + bare) }
        let letters = Grams.letters(of: normal)
        if !letters.isEmpty {
            grams += initialGrams(of: letters).sorted() + pinyinGrams(of: letters).sorted()
        } else if characters.count >= 2 || characters.contains(where: { $0.count == 2 }) {
            grams += pinyinGrams(of: folded(Pinyin.syllables(of: normal).joined())).sorted()
        }
        return Array(grams.prefix(48))
    }

    // MARK: Tokens

    private static func tokens(of text: String) -> Set<String> {
        let normal = normal(text)
        var found = characterGrams(of: normal)
        for word in words(of: normal) { found.insert("w:" + word) }
        if normal.unicodeScalars.contains(where: isHan) {
            let syllables = Pinyin.syllables(of: normal)
            found.formUnion(pinyinGrams(of: folded(syllables.joined())))
            found.formUnion(initialGrams(of: folded(Pinyin.initials(of: syllables))))
        }
        return found
    }

    /// Single characters and neighbouring pairs of runs that are not Latin.
    private static func characterGrams(of normal: String) -> Set<String> {
        var grams: Set<String> = []
        var previous: Character?
        for character in normal {
            guard character.unicodeScalars.first.map({ $0.value > 127 }) == true,
                character.isLetter || character.isNumber
            else {
                previous = nil
                continue
            }
            grams.insert(String(character))
            if let previous { grams.insert(String(previous) + String(character)) }
            previous = character
        }
        return grams
    }

    private static func pinyinGrams(of letters: String) -> Set<String> { windows(of: letters, 3, "p:") }
    private static func initialGrams(of letters: String) -> Set<String> { windows(of: letters, 2, "i:") }

    private static func windows(of letters: String, _ length: Int, _ prefix: String) -> Set<String> {
        let bytes = Array(letters.utf8)
        guard bytes.count >= length else { return [] }
        return Set(
            (0...(bytes.count - length)).map { prefix + String(decoding: bytes[$0..<($0 + length)], as: UTF8.self) })
    }

    /// Latin words and numbers of two characters and more.
    private static func words(of normal: String) -> [String] {
        normal.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init).filter { $0.count >= 2 }
    }

    /// All Latin letters and digits of a query, joined: people type pinyin with and without spaces.
    static func letters(of normal: String) -> String {
        folded(normal.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }

    /// ü is typed v, u or ü.
    private static func folded(_ letters: String) -> String { letters.replacing("v", with: "u") }

    /// Lower-case, full-width forms as usual ones, simplified characters.
    static func normal(_ text: String) -> String {
        let text = text.applyingTransform(StringTransform("Hant-Hans"), reverse: false) ?? text
        var out = ""
        for scalar in text.unicodeScalars {
            if (0xFF01...0xFF5E).contains(scalar.value), let half = Unicode.Scalar(scalar.value - 0xFEE0) {
                out.unicodeScalars.append(half)
            } else if scalar.value == 0x3000 {
                out.append(" ")
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out.lowercased()
    }

    static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        (0x4E00...0x9FFF).contains(scalar.value) || (0x3400...0x4DBF).contains(scalar.value)
            || (0x20000...0x323AF).contains(scalar.value)
    }
}
