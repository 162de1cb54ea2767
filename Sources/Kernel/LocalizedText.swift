/// A language of the interface. Chinese is the one every text has; the others fall back to it.
package enum Language: String, Sendable, Hashable, Codable, CaseIterable {
    case zh, en, bo, ii

    /// BCP 47, for `lang` attributes.
    package var tag: String {
        switch self {
        case .zh: "zh-Hans"
        case .en: "en"
        case .bo: "bo"
        case .ii: "ii"
        }
    }

    /// The language's name for itself.
    package var ownName: String {
        switch self {
        case .zh: "简体中文"
        case .en: "English"
        case .bo: "བོད་ཡིག"
        case .ii: "ꆈꌠꉙ"
        }
    }
}

/// A label in up to four languages; Chinese is always there.
package struct LocalizedText: Sendable, Hashable {
    package let zh: String
    package let en: String?
    package let bo: String?
    package let ii: String?

    package init(zh: String, en: String? = nil, bo: String? = nil, ii: String? = nil) {
        self.zh = zh
        self.en = en
        self.bo = bo
        self.ii = ii
    }

    /// The text in a language, or the Chinese one where it is missing.
    package subscript(language: Language) -> String {
        switch language {
        case .zh: zh
        case .en: en ?? zh
        case .bo: bo ?? zh
        case .ii: ii ?? zh
        }
    }

    /// True where `language` has to be answered with the Chinese text.
    package func fallsBack(in language: Language) -> Bool {
        switch language {
        case .zh: false
        case .en: en == nil
        case .bo: bo == nil
        case .ii: ii == nil
        }
    }
}

extension LocalizedText: Codable {
    private enum Key: String, CodingKey { case zh, en, bo, ii }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        zh = try container.decode(String.self, forKey: .zh)
        en = try container.decodeIfPresent(String.self, forKey: .en)
        bo = try container.decodeIfPresent(String.self, forKey: .bo)
        ii = try container.decodeIfPresent(String.self, forKey: .ii)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(zh, forKey: .zh)
        try container.encodeIfPresent(en, forKey: .en)
        try container.encodeIfPresent(bo, forKey: .bo)
        try container.encodeIfPresent(ii, forKey: .ii)
    }
}
