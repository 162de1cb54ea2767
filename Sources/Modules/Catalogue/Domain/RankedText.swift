import Kernel

/// A text prepared for comparing: plain characters, pinyin, initials. Preparing costs far more than comparing, so what items are
/// called is prepared when they are stored.
struct RankedText: Sendable, Hashable {
    /// As it is written.
    let text: String
    let plain: String
    let pinyin: String
    let initials: String
    let isLatin: Bool

    init(_ text: String) {
        self.text = text
        let normal = Grams.normal(text)
        plain = normal.filter { $0.isLetter || $0.isNumber }
        isLatin = plain.utf8.allSatisfy { $0 < 128 }
        if isLatin {
            pinyin = Grams.letters(of: normal)
            initials = pinyin
        } else {
            let syllables = Pinyin.syllables(of: normal)
            pinyin = syllables.joined().replacing("v", with: "u")
            initials = Pinyin.initials(of: syllables)
        }
    }

    /// Reads `stored`; nil where it is something else.
    init?(stored line: Substring) {
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        text = String(parts[0])
        plain = String(parts[1])
        pinyin = String(parts[2])
        initials = String(parts[3])
        isLatin = plain.utf8.allSatisfy { $0 < 128 }
    }

    /// One line; no part holds a tab or a line break.
    var stored: String {
        let bare = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        return [bare, plain, pinyin, initials].joined(separator: "\t")
    }

    /// How well this, as the query, matches a text: 0 for not at all; near where only a slip explains it.
    func match(in text: RankedText) -> (score: Int, near: Bool) {
        if plain == text.plain { return (1000, false) }
        if isLatin, !text.isLatin {
            let score = latinScore(in: text)
            return (score, score == RankedText.slip)
        }
        if text.plain.hasPrefix(plain) { return (800 - min(text.plain.count - plain.count, 60), false) }
        if let range = text.plain.firstRange(of: plain) {
            return (700 - min(text.plain.distance(from: text.plain.startIndex, to: range.lowerBound), 60), false)
        }
        // The whole word stands in a longer question: 我想开饭店怎么办.
        if text.plain.count >= 2, plain.contains(text.plain) { return (600 + min(text.plain.count, 30) * 2, false) }
        let near = near(text)
        return (max(ordered(in: text), near), near > 0)
    }

    static let slip = 180

    private func latinScore(in text: RankedText) -> Int {
        guard pinyin.count >= 2 else { return text.initials.hasPrefix(pinyin) ? 100 : 0 }
        if text.initials == pinyin { return 780 }
        if text.pinyin == pinyin { return 780 }
        if text.initials.hasPrefix(pinyin) { return 680 - min(text.initials.count - pinyin.count, 60) }
        if text.pinyin.hasPrefix(pinyin) { return 660 - min(text.pinyin.count - pinyin.count, 60) }
        if text.initials.contains(pinyin) { return 520 - min(text.initials.count - pinyin.count, 60) }
        if text.pinyin.contains(pinyin) { return 500 - min(text.pinyin.count - pinyin.count, 60) }
        guard pinyin.count >= 5 else { return 0 }
        // A slip of the finger in the pinyin.
        let prefix = text.pinyin.prefix(pinyin.count)
        return editDistance(pinyin, prefix, limit: 2) <= (pinyin.count >= 9 ? 2 : 1) ? RankedText.slip : 0
    }

    /// The share of the query's pairs that stand in the text, in the same order: up to 400; less than a third counts as
    /// nothing.
    private func ordered(in text: RankedText) -> Int {
        let own = Array(plain)
        let other = Array(text.plain)
        guard own.count >= 2, other.count >= 2 else { return 0 }
        var places: [[Character]: Int] = [:]
        for index in (0..<(other.count - 1)).reversed() { places[[other[index], other[index + 1]]] = index }
        var found = 0
        var inOrder = 0
        var last = -1
        for index in 0..<(own.count - 1) {
            guard let place = places[[own[index], own[index + 1]]] else { continue }
            found += 1
            if place > last { inOrder += 1 }
            last = place
        }
        let pairs = own.count - 1
        guard found * 3 >= pairs else { return 0 }
        return 200 + (found * 140 + inOrder * 60) / pairs
    }

    /// One wrong, missing or exchanged character.
    private func near(_ text: RankedText) -> Int {
        guard plain.count >= 2, text.plain.count >= 2 else { return 0 }
        if pinyin == text.pinyin { return 190 }
        if pinyin.count >= 4, text.pinyin.hasPrefix(pinyin) { return 185 }
        if plain.count >= 3, editDistance(plain, text.plain.prefix(plain.count), limit: 1) <= 1 { return 170 }
        let sorted = plain.sorted()
        if plain.count >= 3, sorted == text.plain.prefix(plain.count).sorted() { return 160 }
        return 0
    }
}

/// What an item is called, ready for comparing: its name, then the words people use, its English and its short name.
struct SearchTexts: Sendable, Hashable {
    let name: RankedText
    let aliases: [RankedText]

    init(name: String, aliases: [String]) {
        self.name = RankedText(name)
        self.aliases = aliases.map { RankedText($0) }
    }

    init(_ item: ItemDefinition) {
        self.init(
            name: item.name.zh, aliases: item.aliases + [item.name.en, item.shortName?.zh].compactMap { $0 })
    }

    /// Reads `stored`; nil where it is something else.
    init?(stored: String) {
        let texts = stored.split(separator: "\n", omittingEmptySubsequences: false).map { RankedText(stored: $0) }
        guard let first = texts.first, let name = first, texts.allSatisfy({ $0 != nil }) else { return nil }
        self.name = name
        aliases = texts.dropFirst().compactMap { $0 }
    }

    var stored: String { ([name] + aliases).map(\.stored).joined(separator: "\n") }
}
