import Kernel

/// An item that some token of the query found.
package struct SearchCandidate: Sendable, Hashable {
    package let slug: String
    package let name: String
    package let aliases: [String]
    package let code: String?
    /// How often it is asked for; breaks ties.
    package let uses: Int

    package init(slug: String, name: String, aliases: [String], code: String? = nil, uses: Int = 0) {
        self.slug = slug
        self.name = name
        self.aliases = aliases
        self.code = code
        self.uses = uses
    }
}

/// A candidate in its place.
package struct SearchHit: Sendable, Hashable {
    package let candidate: SearchCandidate
    /// Larger is better; only for comparing.
    package let score: Int
    /// The alias that matched better than the name.
    package let alias: String?
    /// Found only by likeness: 是不是找….
    package let near: Bool
}

extension Grams {
    /// Candidates in the order people expect: the very word first (an alias before a name), then beginnings, words
    /// inside, initials and
    /// pinyin, words in order, near misses. What shares too little with the query is left out.
    package static func rank(_ query: String, _ candidates: [SearchCandidate]) -> [SearchHit] {
        let query = RankedText(query)
        guard !query.plain.isEmpty else { return [] }
        return candidates.compactMap { hit(query, $0) }.sorted { a, b in
            (b.score, b.candidate.uses, a.candidate.name.count, a.candidate.slug)
                < (a.score, a.candidate.uses, b.candidate.name.count, b.candidate.slug)
        }
    }

    private static func hit(_ query: RankedText, _ candidate: SearchCandidate) -> SearchHit? {
        if query.isLatin, query.plain.count >= 8,
            let code = candidate.code?.lowercased().filter({ $0.isLetter || $0.isNumber }), code.hasPrefix(query.plain)
        {
            return SearchHit(candidate: candidate, score: 1100, alias: nil, near: false)
        }
        var best = query.match(in: RankedText(candidate.name))
        var alias: String?
        for other in candidate.aliases {
            // An alias is the word people use: the same match counts a little more.
            let match = query.match(in: RankedText(other))
            if match.score > 0, match.score + 20 > best.score {
                best = (match.score + 20, match.near)
                alias = other
            }
        }
        guard best.score > 0 else { return nil }
        return SearchHit(candidate: candidate, score: best.score, alias: alias, near: best.near)
    }
}

/// A text prepared for comparing: plain characters, pinyin, initials.
private struct RankedText {
    let plain: String
    let pinyin: String
    let initials: String
    let isLatin: Bool

    init(_ text: String) {
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

    private static let slip = 180

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
