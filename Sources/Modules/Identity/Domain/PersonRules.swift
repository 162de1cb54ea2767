import Kernel

/// What a person must tell of himself to have an account.
enum PersonRules {
    /// Under this age a guardian consents, and has the account (个人信息保护法 art. 31).
    static let age = 14

    /// The claim in normal form; adds every fault found.
    static func claim(
        name: String, idNumber: String, phone: String, on today: CivilDate, _ faults: inout [FieldFault]
    ) -> PersonClaim? {
        let number = MobileNumber(phone)
        if number == nil { faults.append(FieldFault("phone", phoneFault(phone))) }
        let name = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if let fault = nameFault(name) { faults.append(FieldFault("name", fault)) }
        let id = CitizenID(idNumber)
        if let id {
            if id.birthDate.adding(months: age * 12) > today {
                faults.append(FieldFault("idNumber", Message("identity.id.young")))
            }
        } else {
            faults.append(FieldFault("idNumber", idFault(idNumber)))
        }
        guard let number, let id else { return nil }
        return PersonClaim(name: name, idNumber: id.text, phone: number.text)
    }

    static func phoneFault(_ typed: String) -> Message {
        let digits = typed.count { $0.isNumber }
        if digits == 0 { return Message("identity.phone.empty") }
        return digits == 11
            ? Message("identity.phone.form") : Message("identity.phone.length", ["count": String(digits)])
    }

    static func idFault(_ typed: String) -> Message {
        let count = typed.count { !$0.isWhitespace }
        if count == 0 { return Message("identity.id.empty") }
        return count == 18 ? Message("identity.id.check") : Message("identity.id.length", ["count": String(count)])
    }

    static func nameFault(_ name: String) -> Message? {
        if name.isEmpty { return Message("identity.name.empty") }
        let isName = (2...50).contains(name.count) && name.allSatisfy { $0.isLetter || " ·•.-'".contains($0) }
        return isName ? nil : Message("identity.name.form")
    }
}
