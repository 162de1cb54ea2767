package import Identity
package import Kernel

/// 远程身份核验的接口: how it is found out who somebody is that is not there. The house's own way is a short video that an officer
/// compares; a province's service (人脸识别等) takes its place by conforming.
///
/// A service gets name, number and phone, and what is to be said; it answers with a page of its own, to which the person goes from
/// the link he got by SMS, and later with its verdict. What it stores is its own affair (个人信息保护法 art. 21: by contract).
package protocol RemoteIdentityCheck: Sendable {
    /// Where the person goes; nil where he sends a video to this office instead.
    ///
    /// - Parameters:
    ///   - sentence: what he is to say.
    ///   - returnTo: where the service sends him back to, with `result`.
    func page(for person: PersonClaim, sentence: String, returnTo: String) async throws -> String?
    /// What a `result` of that page stands for.
    func verdict(result: String, for person: PersonClaim) async throws -> Confirmation
}

/// 视频核验: the person films himself with the card and the sentence, and an officer compares. Nothing is recognised by a machine.
package struct VideoIdentityCheck: RemoteIdentityCheck {
    package init() {}

    package func page(for person: PersonClaim, sentence: String, returnTo: String) async throws -> String? { nil }
    package func verdict(result: String, for person: PersonClaim) async throws -> Confirmation { .pending }
}

/// Whom a link is for, and what is to be said: sealed in the case's vault.
package struct RemoteCheckWords: Sendable, Hashable, Codable {
    package var name: String
    package var idNumber: String
    package var phone: String
    /// What the person agrees to, a sentence an item of the application.
    package var declares: [LocalizedText]
    /// Four digits, new with every link: nobody has a video of them beforehand.
    package var number: String

    package init(name: String, idNumber: String, phone: String, declares: [LocalizedText], number: String) {
        self.name = name
        self.idNumber = idNumber
        self.phone = phone
        self.declares = declares
        self.number = number
    }

    var person: PersonClaim { PersonClaim(name: name, idNumber: idNumber, phone: phone) }

    /// What is to be read out.
    func sentence(in language: Language, _ text: (Message) -> String) -> String {
        text(
            Message(
                "cases.remote.sentence",
                [
                    "name": name,
                    "declares": declares.map { $0[language] }.joined(separator: language == .en ? " " : ""),
                    "number": number.map(String.init).joined(separator: " "),
                ]))
    }
}

extension FormContent {
    /// The person a field names, where all that is needed to find him is there.
    static func person(_ field: String, in form: [String: JSON]) -> PersonClaim? {
        guard let value = form[field], let name = value["name"].text, let number = value["idcard"].text,
            let id = CitizenID(number), let phone = MobileNumber(value["phone"].text ?? "")
        else { return nil }
        return PersonClaim(name: name, idNumber: id.text, phone: phone.text)
    }
}
