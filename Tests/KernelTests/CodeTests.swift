import Kernel
import Testing

@Suite("Codes and their check characters")
struct CodeTests {
    @Test("An identity number tells birth, sex and division")
    func citizenID() throws {
        let id = try #require(CitizenID("11010519491231002X"))
        #expect(try id.birthDate == date("1949-12-31"))
        #expect(id.sex == .female)
        #expect(id.division == "110105")
        #expect(id.masked == "110***********002X")
        let body = "51010719990101001"
        let check = try #require(CheckDigit.citizen(body))
        let man = try #require(CitizenID(body + String(check)))
        #expect(man.sex == .male)
    }

    @Test(
        "An identity number is read as people type it",
        arguments: ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"])
    func typedCitizenID(typed: String) { #expect(CitizenID(typed)?.text == "11010519491231002X") }

    @Test(
        "A wrong identity number is refused",
        arguments: [
            "", "110105491231002", "110105194912310021", "110105194912310020", "11010519491231002XX",
            "1101051949123100２Y",
            "11010519491231O02X",
        ])
    func wrongCitizenID(text: String) { #expect(CitizenID(text) == nil) }

    @Test(
        "Right digits over a day that does not exist are refused",
        arguments: ["11010520230229001", "11010500491231002", "01010519491231002"])
    func impossibleBirth(body: String) throws {
        let check = try #require(CheckDigit.citizen(body))
        #expect(CitizenID(body + String(check)) == nil)
    }

    @Test("Every single wrong digit of an identity number is found")
    func everySingleError() {
        let right = Array("11010519491231002X")
        for place in 0..<17 {
            for digit in "0123456789" where digit != right[place] {
                var wrong = right
                wrong[place] = digit
                #expect(CitizenID(String(wrong)) == nil)
            }
        }
    }

    @Test(
        "Genuine credit codes hold",
        arguments: ["91350100M000100Y43", "11430000006122244L", "11100000000013338W", "11370800MB28559184"])
    func creditCodes(text: String) throws {
        let code = try #require(CreditCode(text))
        #expect(code.text == text)
        #expect(CreditCode.fault(of: text) == nil)
        #expect(CreditCode(text.lowercased()) == code)
        #expect(code.organisationCode.count == 9)
    }

    @Test("A genuine code that fails its check is taken with a reason only")
    func overriddenCreditCode() {
        #expect(CreditCode("91350211M0000XUF46") == nil)
        #expect(CreditCode.fault(of: "91350211M0000XUF46") == .checkDigit)
        #expect(CreditCode(unchecked: "91350211M0000XUF46")?.text == "91350211M0000XUF46")
    }

    @Test("A wrong credit code tells its fault")
    func creditCodeFaults() {
        #expect(CreditCode.fault(of: "91350100M000100Y53") == .organisationDigit)
        #expect(CreditCode.fault(of: "91350100M000100Y44") == .checkDigit)
        for text in ["", "91350100M000100Y4", "91350100M000100I43", "9135O100M000100Y43"] {
            #expect(CreditCode.fault(of: text) == .form, "\(text)")
            #expect(CreditCode(unchecked: text) == nil)
        }
    }

    @Test(
        "Certificate identifiers bear their check character",
        arguments: [
            ("11100000000013338W011", "11430000006122244L", "20230000403", "001", "U"),
            ("11100000000013338W032", "11220000013544541J", "2430599", "001", "F"),
            ("11100000000013338W009", "11330105002500287C", "2025052201", "002", "0"),
        ])
    func certificates(type: String, issuer: String, serial: String, version: String, check: String) throws {
        let id = try #require(CertificateIdentifier(type: type, issuer: issuer, serial: serial, version: version))
        #expect(String(id.check) == check)
        #expect(id.description == "1.2.156.3005.2.\(type).\(issuer).\(serial).\(version).\(check)")
        #expect(CertificateIdentifier(id.description) == id)
        #expect(CertificateIdentifier(id.description.dropLast() + "1") == nil)
        #expect(CertificateIdentifier("1.2.156.3005.3." + id.description.dropFirst(15)) == nil)
    }

    @Test("MOD 11,10 finds every wrong digit of a case number")
    func caseNumberDigit() throws {
        #expect(CheckDigit.mod11And10("0794") == "5", "the example of ISO 7064")
        let body = Array("5101072026031201000123")
        let right = try #require(CheckDigit.mod11And10(String(body)))
        #expect(CheckDigit.holdsMod11And10(String(body) + String(right)))
        for place in body.indices {
            for digit in "0123456789" where digit != body[place] {
                var wrong = body
                wrong[place] = digit
                #expect(!CheckDigit.holdsMod11And10(String(wrong) + String(right)))
            }
        }
        #expect(
            CheckDigit.mod11And10("12a") == nil && CheckDigit.mod11And10("") == nil && !CheckDigit.holdsMod11And10(""))
    }

    @Test(
        "Mobile numbers are read as people type them",
        arguments: [
            "13812345678", "+86 138 1234 5678", "008613812345678", "138-1234-5678", "8613812345678", "１３８１２３４５６７８",
        ])
    func mobile(typed: String) { #expect(MobileNumber(typed)?.text == "13812345678") }

    @Test(
        "What is no mobile number is refused",
        arguments: ["", "12812345678", "1381234567", "138123456789", "02812345678", "1381234567a"])
    func noMobile(typed: String) { #expect(MobileNumber(typed) == nil) }

    @Test("Masks show enough for the owner and no more")
    func masks() {
        #expect(Mask.name("张三丰") == "张*")
        #expect(Mask.name("") == "")
        #expect(Mask.phone("13812345678") == "138****5678")
        #expect(MobileNumber("13812345678")?.masked == "138****5678")
        #expect(Mask.phone("028-12345678") == "********5678")
        #expect(Mask.phone("87654321") == "******21")
        #expect(Mask.identity("510107199901011234") == "510***********1234")
        #expect(Mask.identity("E12345678") == "*******78")
        #expect(Mask.identity("12") == "**")
    }
}
