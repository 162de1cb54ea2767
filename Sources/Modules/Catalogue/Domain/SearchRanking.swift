import Kernel

/// An item that some token of the query found.
package struct SearchCandidate: Sendable, Hashable {
    package let slug: String
    /// Its name, then its aliases, ready for comparing.
    let texts: SearchTexts
    package let code: String?
    /// How often it is asked for; breaks ties.
    package let uses: Int

    package var name: String { texts.name.text }

    package init(slug: String, name: String, aliases: [String], code: String? = nil, uses: Int = 0) {
        self.init(slug: slug, texts: SearchTexts(name: name, aliases: aliases), code: code, uses: uses)
    }

    init(slug: String, texts: SearchTexts, code: String?, uses: Int = 0) {
        self.slug = slug
        self.texts = texts
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
        var best = query.match(in: candidate.texts.name)
        var alias: String?
        for other in candidate.texts.aliases {
            // An alias is the word people use: the same match counts a little more.
            let match = query.match(in: other)
            if match.score > 0, match.score + 20 > best.score {
                best = (match.score + 20, match.near)
                alias = other.text
            }
        }
        guard best.score > 0 else { return nil }
        return SearchHit(candidate: candidate, score: best.score, alias: alias, near: best.near)
    }
}
