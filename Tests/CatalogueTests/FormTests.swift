import Foundation
import Kernel
import Testing

@testable import Catalogue

@Suite("Questions and forms")
struct FormTests {
    private static func day() throws -> CivilDate { try #require(CivilDate("2026-03-12")) }

    private func context(
        _ situations: [String: JSON] = [:], form: [String: JSON] = [:], certificates: Set<String> = []
    ) throws -> RuleContext {
        RuleContext(situations: situations, form: form, certificates: certificates, today: try FormTests.day())
    }

    private func food() throws -> ItemDefinition {
        try PackSamples.projectItem("food-business-licence", of: "510106")
    }

    // MARK: Situations

    @Test("Answers choose materials; a held certificate spares one; nothing answered asks the first questions")
    func materials() throws {
        let item = try PackSamples.shopLicence()
        let nothing = Situations(of: item, in: try context())
        #expect(nothing.questions.map(\.situation.id) == ["kind"])
        #expect(!nothing.isClear)
        #expect(nothing.materials.map(\.material.id) == ["application", "licence"])
        let food = Situations(of: item, in: try context(["kind": "food"], certificates: ["business-licence"]))
        #expect(food.questions.map(\.situation.id) == ["kind", "extras"])
        #expect(food.isClear)
        #expect(food.materials.filter(\.toUpload).map(\.material.id) == ["hygiene"])
        #expect(food.toHandIn == 1)
        #expect(food.unmet.isEmpty)
        #expect(nothing.unmet.map(\.id) == ["registered"])
    }

    @Test("An answer to a question that is no longer asked counts for nothing")
    func hiddenAnswer() throws {
        let item = try PackSamples.shopLicence()
        let raw: JSON = ["raw"]
        #expect(
            Situations(of: item, in: try context(["kind": "food", "extras": raw])).obstacle
                == .blocked(gate: "no_raw", reason: LocalizedText(zh: "不能卖生食")))
        let tools = Situations(of: item, in: try context(["kind": "tools", "extras": raw]))
        #expect(tools.obstacle == nil)
        #expect(tools.answers == ["kind": "tools"])
    }

    @Test("A school canteen with raw food is blocked, prepackaged food is sent to the notification")
    func gates() throws {
        let item = try food()
        let school = Situations(
            of: item, in: try context(["business": "canteen", "canteen_kind": "school", "projects": ["hot", "raw"]]))
        guard case .blocked(let gate, let reason) = school.obstacle else {
            Issue.record("not blocked")
            return
        }
        #expect(gate == "school_raw")
        #expect(reason.zh.contains("生食"))
        let shop = Situations(of: item, in: try context(["business": "sale", "prepackaged_only": "yes"]))
        guard case .diverted(_, let slug, _) = shop.obstacle else {
            Issue.record("not diverted")
            return
        }
        #expect(slug == "prepackaged-food-filing")
        let restaurant = Situations(
            of: item,
            in: try context(
                ["business": "catering", "projects": ["hot"], "who": "self"], certificates: ["business-licence"]))
        #expect(restaurant.isClear)
        #expect(
            restaurant.materials.filter { $0.required && $0.toUpload }.map(\.material.id) == [
                "layout", "equipment", "rules",
            ])
    }

    @Test("Answers come from a query string; unknown ones are dropped")
    func query() throws {
        let item = try PackSamples.shopLicence()
        let answers = Situations.answers(
            from: [("kind", "food"), ("extras", "hot"), ("extras", "raw"), ("extras", "soup"), ("other", "x")], of: item
        )
        #expect(answers == ["kind": "food", "extras": ["raw", "hot"]])
    }

    // MARK: Form

    @Test("A field that is hidden is neither asked nor sent")
    func hidden() throws {
        let item = try PackSamples.shopLicence()
        let values: [String: JSON] = ["name": "店", "area": 20, "kitchen": 30]
        let tools = FormRules(item: item, context: try context(["kind": "tools"], form: values))
        #expect(!tools.shows("kitchen"))
        #expect(tools.visibleValues == ["name": "店", "area": 20])
        #expect(tools.faults(language: .zh) == [])
        let food = FormRules(item: item, context: try context(["kind": "food"], form: values))
        #expect(
            food.faults(language: .zh) == [FieldFault("kitchen", Message("catalogue.form.check", ["text": "厨房不能比店铺大"]))]
        )
        #expect(
            food.faults(language: .en).first?.message.arguments["text"] == "The kitchen cannot be larger than the shop")
    }

    @Test("Missing answers and bounds are told in the words of the page")
    func words() throws {
        let item = try PackSamples.shopLicence()
        func faults(_ form: [String: JSON]) throws -> [String] {
            try FormRules(item: item, context: context(["kind": "tools"], form: form)).faults(language: .zh).map {
                try spoken($0.message, "zh")
            }
        }
        #expect(try faults([:]) == ["填写店名", "填写面积"])
        #expect(try faults(["name": "一二三四五六七八九十十一", "area": 20]) == ["店名最多 10 字，您填了 12 字"])
        #expect(try faults(["name": "店", "area": 0]) == ["面积不能小于 1 平方米"])
        #expect(try faults(["name": "店", "area": .double(1.25)]) == ["面积最多保留 1 位小数"])
        #expect(try faults(["name": "店", "area": "二十"]) == ["面积应是数字"])
    }

    @Test(
        "Citizen ids, credit codes and phones say exactly what is wrong",
        arguments: [
            ("11010519491231002X", nil), ("1101051949123100", "身份证号应为 18 位，您填了 16 位"),
            ("11010519491231002A", "身份证号前 17 位是数字，最后一位是数字或 X"),
            ("110105194913310022", "身份证号中的出生日期不存在，请对照证件检查第 7 至 14 位"), ("110105194912310021", "身份证号有误，请对照证件逐位检查"),
        ] as [(String, String?)])
    func idcard(text: String, words: String?) throws {
        let fault = FieldFormats.idcard(text, on: try FormTests.day())
        #expect(try fault.map { try spoken(Message($0.key, $0.arguments), "zh") } == words)
    }

    @Test("Credit codes: the right ones pass, an early genuine one may be overridden by a clerk")
    func uscc() {
        #expect(FieldFormats.uscc("91350100M000100Y43") == nil)
        #expect(FieldFormats.uscc("91350100M000100Y4")?.key == "catalogue.form.uscc.length")
        #expect(FieldFormats.uscc("91350100M000100YO3")?.key == "catalogue.form.uscc.kind")
        let early = FieldFormats.uscc("91350211M0000XUF46")
        #expect(early.map { FormRules.overridable.contains($0.key) } == true)
    }

    @Test(
        "Phones: mobile, landline with area code",
        arguments: [
            ("13812345678", nil), ("028-87654321", nil), ("1381234567", "catalogue.form.phone.length"),
            ("87654321", "catalogue.form.phone.kind"),
            ("12812345678", "catalogue.form.phone.kind"), ("abc", "catalogue.form.phone.kind"),
        ] as [(String, String?)])
    func phone(text: String, key: String?) {
        #expect(FieldFormats.phone(text)?.key == key)
    }

    @Test("What a page sends becomes values; what cannot be read stays as typed")
    func input() throws {
        let item = try food()
        let premises = try #require(item.section("premises"))
        let values = FormInput([
            ("shop_sign", "  阿 明\r\n小吃 "), ("area", "１２０．５"), ("seats", "很多"), ("site.division", "510106024"),
            ("site.line", " 一路 1 号 "),
            ("outside_stores.1.store_area", "30"), ("outside_stores.0.store_address.line", "二路"),
            ("outside_stores.5.store_area", ""),
        ]).values(of: premises)
        #expect(values["shop_sign"] == "阿 明 小吃")
        #expect(values["area"] == .double(120.5))
        #expect(values["seats"] == "很多")
        #expect(values["site"] == ["division": "510106024", "line": "一路 1 号"])
        #expect(values["outside_stores"] == [["store_address": ["line": "二路"]], ["store_area": 30]])
        #expect(values["diners"] == nil)
        let back = premises.fields.flatMap { FormInput.controls(of: $0, value: values[$0.id] ?? .null) }
        #expect(back.contains { $0 == ("area", "120.5") })
        #expect(back.contains { $0 == ("seats", "很多") })
        #expect(back.contains { $0 == ("outside_stores.1.store_area", "30") })
    }

    @Test("Tables and parties are checked cell by cell, under the page's names")
    func nested() throws {
        let item = try food()
        let form: [String: JSON] = [
            "delivers": "none",
            "officers": [
                ["officer": ["name": "某某", "idcard": "11010519491231002X", "phone": "138"], "officer_post": "boss"]
            ],
            "opening": ["year": "2026", "month": "2", "day": "30"],
        ]
        let rules = FormRules(
            item: item, context: try context(["business": "catering", "projects": ["hot"]], form: form))
        let faults = rules.faults(in: "operation", language: .zh)
        #expect(faults.map(\.field) == ["officers.0.officer.phone", "officers.0.officer_post", "opening.year"])
        #expect(
            try faults.map { try spoken($0.message, "zh") } == [
                "手机号应为 11 位，您填了 3 位", "岗位请从列出的选项中选", "计划开业日期没有这一天，请检查年月日",
            ])
    }

    @Test("Dates keep to their bounds, also those counted from today; a half date names the missing box")
    func dates() throws {
        let item = try food()
        func fault(_ value: JSON) throws -> FieldFault? {
            let form: [String: JSON] = [
                "delivers": "none",
                "officers": [
                    [
                        "officer": ["name": "某某", "idcard": "11010519491231002X", "phone": "13812345678"],
                        "officer_post": "officer",
                    ]
                ], "opening": value,
            ]
            let rules = FormRules(
                item: item, context: try context(["business": "catering", "projects": ["hot"]], form: form))
            return rules.faults(in: "operation", language: .zh).first
        }
        #expect(try fault("2026-03-12") == nil)
        #expect(try fault("2026-03-11").map { try spoken($0.message, "zh") } == "计划开业日期不能早于 2026 年 3 月 12 日")
        #expect(try fault("2030-03-11").map { try spoken($0.message, "zh") } == "计划开业日期不能晚于 2028 年 3 月 11 日")
        #expect(try fault(["year": "2026", "month": "", "day": "3"])?.field == "opening.month")
    }

    @Test(
        "Money is exact fen; numbers exact millionths",
        arguments: [
            ("80", 8000), ("1,200.50", 120_050), ("0.01", 1), ("-3", -300), ("1.005", nil), ("abc", nil), ("", nil),
            ("1.", nil), ("9999999999999", nil),
        ] as [(String, Int64?)])
    func money(text: String, fen: Int64?) {
        #expect(Money(yuan: text)?.fen == fen)
    }

    @Test("The task list knows untouched, begun and complete sections")
    func progress() throws {
        let item = try PackSamples.shopLicence()
        func progress(_ form: [String: JSON]) throws -> FormRules.Progress {
            let rules = FormRules(item: item, context: try context(["kind": "tools"], form: form))
            let section = try #require(rules.section("shop"))
            return rules.progress(of: section)
        }
        #expect(try progress([:]) == .untouched)
        #expect(try progress(["name": "店"]) == .begun)
        #expect(try progress(["name": "店", "area": 3]) == .complete)
    }

    @Test("Every message of the form stands in both languages, with the same parameters")
    func locales() throws {
        let zh = try locale("zh")
        let en = try locale("en")
        let keys = zh.keys.filter { $0.hasPrefix("catalogue.form.") }
        #expect(keys.count > 40)
        for key in keys {
            let other = try #require(en[key], "missing in en: \(key)")
            let used = parameters(zh[key] ?? "")
            #expect(parameters(other).subtracting(["label"]) == used.subtracting(["label"]), "\(key)")
        }
    }

    private func parameters(_ text: String) -> Set<String> {
        Set(text.split(separator: "{").dropFirst().map { String($0.prefix { $0 != "}" }) })
    }

    private func locale(_ language: String) throws -> [String: String] {
        let path = PackSamples.packsFolder.deletingLastPathComponent().appendingPathComponent(
            "Sources/Modules/Catalogue/Resources/Locales/\(language).json")
        return try JSONDecoder().decode([String: String].self, from: Data(contentsOf: path))
    }

    private func spoken(_ message: Message, _ language: String) throws -> String {
        let text = try #require(try locale(language)[message.key], "no text for \(message.key)")
        return message.arguments.reduce(text) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
    }
}
