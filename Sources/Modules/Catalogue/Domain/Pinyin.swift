import Foundation

/// Chinese words in Latin letters, for slugs and for search.
enum Pinyin {
    /// Words of the office's language whose reading the system's table gets wrong.
    private static let readings: [(word: String, reading: String)] = [
        ("银行", "yin hang"), ("行业", "hang ye"), ("长期", "chang qi"), ("长护", "chang hu"), ("重新", "chong xin"),
        ("重复", "chong fu"),
        ("调解", "tiao jie"), ("调整", "tiao zheng"), ("会计", "kuai ji"), ("供给", "gong ji"), ("给付", "ji fu"),
        ("还款", "huan kuan"),
        ("音乐", "yin yue"), ("藏族", "zang zu"), ("西藏", "xi zang"), ("荥经", "ying jing"), ("六安", "lu an"),
        ("厦门", "xia men"),
        ("征地", "zheng di"), ("土地", "tu di"), ("用地", "yong di"), ("地址", "di zhi"), ("结扎", "jie za"), ("成都", "cheng du"),
        ("都江堰", "du jiang yan"),
    ]

    /// Syllables of a text, lower-case without tones: 残疾人证 → can ji ren zheng. Latin words and digits stay, the rest
    /// separates.
    static func syllables(of text: String) -> [String] {
        var text = text
        for (word, reading) in readings where text.contains(word) {
            text = text.replacingOccurrences(of: word, with: " " + reading + " ")
        }
        let latin = text.applyingTransform(.mandarinToLatin, reverse: false) ?? text
        let plain = latin.applyingTransform(.stripDiacritics, reverse: false) ?? latin
        var syllables: [String] = []
        var current = ""
        for scalar in plain.unicodeScalars {
            let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
            if ("a"..."z").contains(lower) || ("0"..."9").contains(lower) {
                current.unicodeScalars.append(lower)
            } else if !current.isEmpty {
                syllables.append(current)
                current = ""
            }
        }
        if !current.isEmpty { syllables.append(current) }
        return syllables
    }

    /// First letters: 残疾人证 → cjrz; digits stay whole.
    static func initials(of syllables: [String]) -> String {
        syllables.map { word in word.first.map { ("0"..."9").contains($0) } == true ? word : String(word.prefix(1)) }
            .joined()
    }
}
