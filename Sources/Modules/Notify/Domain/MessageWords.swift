import Kernel
import Web

extension ReceivedMessage {
    /// Where the act is that the message asks for.
    var href: String {
        if kind.hasPrefix("identity.mandate") { return Path("/:area/my/acting-for", AreaCode.self).url(area) }
        if kind.hasPrefix("identity.") { return Path("/:area/my/account", AreaCode.self).url(area) }
        if kind == "cases.draftEnding" {
            return Path("/:area/my/drafts/:id", AreaCode.self, String.self).url(area, stream)
        }
        guard let number = arguments["number"] else { return Path("/:area/my/cases", AreaCode.self).url(area) }
        let page = Path("/:area/my/cases/:number", AreaCode.self, String.self).url(area, number)
        return kind == "cases.correctionRequested" ? page + "/correction" : page
    }

    /// The texts of the kind in the reader's language.
    ///
    /// - Parameters:
    ///   - item: the item's name, or nil where it is not known any more.
    ///   - today: dates of the same year are written without it.
    func words(
        _ part: String, item: String?, in language: Language, locales: Locales, near today: CivilDate
    ) -> String {
        var parameters = arguments
        parameters["item"] = item ?? locales.text(Message("notify.item.unknown"), in: language)
        parameters["number"] = arguments["number"].map(Self.grouped) ?? ""
        parameters["due"] =
            arguments["due"].map { text in
                guard let date = CivilDate(text) else { return text }
                let brackets = language == .en ? (" (", ")") : ("\u{FF08}", "\u{FF09}")
                return date.words(in: language, near: today) + brackets.0 + date.weekdayName(in: language) + brackets.1
            } ?? ""
        let own = "notify.\(kind).\(part)"
        let key = locales.text(own, in: language) == nil ? "notify.other.\(part)" : own
        return locales.text(Message(key, parameters), in: language)
    }

    /// `510106 20261122 01 00001 7`: to be read aloud.
    static func grouped(_ number: String) -> String {
        var rest = Substring(number)
        var parts: [Substring] = []
        for length in [6, 8, 2, max(0, number.count - 17), 1] where !rest.isEmpty {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
