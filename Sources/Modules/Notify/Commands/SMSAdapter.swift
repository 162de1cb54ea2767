package import Kernel
package import Storage
import Web
package import Workflow

/// Where SMS leave the office: the district's gateway.
package protocol SMSGateway: Sendable {
    /// Hands one over; the same id may come again after a failure nobody could see. What it throws is kept with the
    /// letter, so it must not name a phone.
    func send(_ message: ShortMessage) async throws
}

/// An SMS as the gateway gets it.
package struct ShortMessage: Sendable, Hashable {
    /// The receiver knows a repetition by it.
    package let id: String
    package let phone: String
    package let text: String

    package init(id: String, phone: String, text: String) {
        self.id = id
        self.phone = phone
        self.text = text
    }

    /// `{"id": …, "phone": …, "text": …}`
    var json: JSON { ["id": .string(id), "phone": .string(phone), "text": .string(text)] }
}

/// Names of the organs that sign an SMS; filled by the composition root from the directory.
package protocol OrganNames: Sendable {
    /// The name of the area's body; nil where it is not known.
    func name(of area: AreaCode) async throws -> LocalizedText?
}

/// Brings SMS to the gateway: opens the vault in which phone and code lie, and puts the words together.
///
/// Only letters that were sealed for a phone go this way. Messages about cases stay where the resident signs in: nobody
/// has been asked yet whether they may go to the phone.
package struct SMSAdapter: MessageAdapter {
    package let channel = "sms"
    package let carriesMessages = false
    private let database: any Database
    private let vaults: Vaults
    private let organs: any OrganNames
    private let gateway: any SMSGateway
    private let time: TimeSource
    private let locales: Locales

    /// - Throws: `BootError` where the texts are missing.
    package init(
        database: any Database, vaults: Vaults, organs: any OrganNames, gateway: any SMSGateway, time: TimeSource
    ) throws {
        self.database = database
        self.vaults = vaults
        self.organs = organs
        self.gateway = gateway
        self.time = time
        var locales = Locales()
        try locales.add(folder: NotifyModule.texts, of: "notify")
        self.locales = locales
    }

    package func send(_ letter: OutgoingLetter) async throws {
        guard case .sealed(let vault, let slot) = letter.recipient else { throw Unfit(what: "is for an account") }
        guard
            let bundle = try await database.read({ tx in
                try VaultStore.read(vault, area: letter.area, slots: [slot], tx)
            }),
            let part = bundle.parts[slot]
        else { throw LetterGone() }
        let words = try SealedWords(try vaults.open(bundle).text(part))
        if let end = words.until, time.now() >= end { throw LetterGone() }
        try await gateway.send(ShortMessage(id: letter.id, phone: words.phone, text: try await text(words)))
    }

    private func text(_ words: SealedWords) async throws -> String {
        let key = "notify.sms.\(words.purpose)"
        guard locales.text(key, in: words.language) != nil else { throw Unfit(what: "has no words for its purpose") }
        let text = locales.text(Message(key, words.arguments), in: words.language)
        guard let area = words.area, let organ = try await organs.name(of: area) else { return text }
        return text + locales.text(Message("notify.sms.organ", ["organ": organ[words.language]]), in: words.language)
    }

    /// A letter that no SMS can be made of.
    private struct Unfit: Error, CustomStringConvertible {
        let what: String
        var description: String { "the letter \(what)" }
    }
}

/// What lies sealed for an SMS.
struct SealedWords: Sendable {
    let phone: String
    /// What the text speaks of: the `code`, the `link`, or the `new` phone, masked.
    let arguments: [String: String]
    /// `register`, `forgot`, `phone`, `told`: the text is `notify.sms.<purpose>`.
    let purpose: String
    /// Whose door the code was asked for at.
    let area: AreaCode?
    let language: Language
    /// After it nobody needs it any more.
    let until: Moment?

    init(_ text: String) throws {
        let json = try JSON(parsing: text)
        guard let phone = json["phone"].text, let purpose = json["purpose"].text else {
            throw MessageLetter.Malformed(member: "phone or purpose")
        }
        self.phone = phone
        arguments = Dictionary(
            uniqueKeysWithValues: ["code", "new", "link"].compactMap { name in json[name].text.map { (name, $0) } })
        self.purpose = purpose
        area = json["area"].text.flatMap { AreaCode($0) }
        language = json["language"].text.flatMap { Language(rawValue: $0) } ?? .zh
        until = json["until"].integer.map { Moment(milliseconds: $0) }
    }
}
