import Directory
import Kernel
import Testing
import Web

@testable import Cases
@testable import Catalogue

/// What a page shows of a form, and what comes back from it.
@Suite("Forms of the portal")
struct PortalFormTests {
    private let profile: AreaProfile
    private let item: ItemDefinition

    init() throws {
        let area = try #require(AreaCode("510106"))
        profile = AreaProfile(
            area: area, kind: "county", parent: nil, name: LocalizedText(zh: "某区"), shortName: LocalizedText(zh: "某区"),
            demo: true, numberPrefix: nil, advicePhone: nil, complaintPhone: nil, reviewOrgan: nil, court: nil,
            divisions: [
                .init(code: "510106001", name: LocalizedText(zh: "甲街道"), parent: nil),
                .init(code: "510106001002", name: LocalizedText(zh: "乙社区"), parent: "510106001"),
            ], departments: [], halls: [])
        var item = CaseSamples.item()
        var section = try #require(item.form.first)
        section.fields = [
            Self.field("name", .text), Self.field("fee", .money), Self.field("area", .number),
            Self.field("opening", .date),
            Self.field("kind", .select), Self.field("marks", .multi), Self.field("phone", .phone),
            Self.field("site", .address),
            Self.field("person", .person),
            Self.field("stores", .table, columns: [Self.field("place", .address), Self.field("size", .number)]),
            Self.field("platform", .text, show: ["==": [["var": "form.kind"], "b"]]),
        ]
        item.form = [section]
        self.item = item
    }

    private static func field(
        _ id: String, _ kind: FieldKind, columns: [FormField] = [], show: JSON? = nil
    ) -> FormField {
        let options = ["a", "b", "c"].map { FormField.Option(id: $0, label: LocalizedText(zh: $0), hint: nil) }
        return FormField(
            id: id, label: LocalizedText(zh: id), kind: kind, hint: nil, require: .always, show: show.map { Rule($0) },
            checks: [], min: nil, max: nil, decimals: 2, unit: nil, lines: 1,
            options: kind == .select || kind == .multi ? options : [], columns: columns,
            parts: kind == .person ? [.name, .idcard, .phone] : [], prefill: [], sensitivity: .ordinary,
            autocomplete: nil)
    }

    private func views(_ values: [String: JSON]) throws -> FieldViews {
        let today = try #require(CivilDate("2026-03-12"))
        let rules = FormRules(item: item, context: RuleContext(form: values, today: today))
        return FieldViews(item: item, rules: rules, values: values, profile: profile, language: .zh, text: { $0.key })
    }

    /// What a browser would send of a field's view when nobody touches it.
    private func sent(_ view: View) -> [(name: String, value: String)] {
        func text(_ name: String) -> String { view.child(named: name) as? String ?? "" }
        func flag(_ name: String) -> Bool { view.child(named: name) as? Bool ?? false }
        let name = text("name")
        let inner = (view.child(named: "fields") as? [View] ?? []) + rows(view)
        if !inner.isEmpty { return inner.flatMap(sent) }
        if flag("isDate") { return ["year", "month", "day"].map { ("\(name).\($0)", text($0)) } }
        if let options = view.child(named: "options") as? [View] {
            return options.compactMap { option in
                let chosen =
                    option.child(named: "checked") as? Bool ?? option.child(named: "selected") as? Bool ?? false
                return chosen ? (name, option.child(named: "value") as? String ?? "") : nil
            }
        }
        return [(name, text("value"))]
    }

    private func rows(_ view: View) -> [View] {
        (view.child(named: "rows") as? [View] ?? []).flatMap { $0.child(named: "fields") as? [View] ?? [] }
    }

    @Test("What a page shows goes back as it was")
    func roundTrip() throws {
        let values: [String: JSON] = [
            "name": "演示小吃店", "fee": 120_050, "area": 98.5, "opening": "2026-04-01", "kind": "b", "marks": ["a", "c"],
            "phone": "13800000001", "site": ["division": "510106001002", "line": "一号"],
            "person": ["name": "甲", "idcard": "11010519491231002X", "phone": "13800000001"],
            "stores": [["place": ["division": "510106001", "line": "二号"], "size": 30], ["size": 5]], "platform": "某平台",
        ]
        let section = try #require(item.form.first)
        let pairs = try views(values).views(of: section).flatMap(sent)
        let back = FormInput(FieldViews.pairs(FormData(pairs))).values(of: section)
        #expect(back == values)
    }

    @Test("A field that an answer of the same page brings up is there, hidden, with its rule")
    func conditional() throws {
        let section = try #require(item.form.first)
        func platform(_ kind: JSON) throws -> View {
            let all = try views(["kind": kind]).views(of: section)
            return try #require(all.first { $0.child(named: "id") as? String == "platform" })
        }
        #expect(try platform("a").child(named: "hidden") as? Bool == true)
        #expect(try platform("b").child(named: "hidden") == nil)
        #expect(try platform("a").child(named: "show") as? String == #"{"==":[{"var":"form.kind"},"b"]}"#)
        #expect(try views(["kind": "a"]).seen(in: section).contains("platform") == false)
    }

    @Test("Removing a row sends the others; a table that loses its last row is emptied, not forgotten")
    func rowsOfTables() throws {
        let remove = try #require(TableAction("remove:stores:0"))
        let one = [(name: "stores.0.size", value: "5")]
        let section = try #require(item.form.first)
        #expect(FormInput(remove.applied(to: one)).values(of: section) == ["stores": .null])
        let two = one + [(name: "stores.1.size", value: "7")]
        #expect(FormInput(remove.applied(to: two)).values(of: section) == ["stores": [["size": 7]]])
        #expect(remove.target("/x", rows: 1, column: "place", from: nil) == "/x#stores.0.place")
        #expect(remove.target("/x", rows: 0, column: "place", from: "check") == "/x?from=check#stores")
        let add = try #require(TableAction("add:stores"))
        #expect(add.target("/x", rows: 2, column: "place", from: nil) == "/x?add=stores#stores.2.place")
        #expect(TableAction("save") == nil)
    }

    @Test("The error summary leads to the box of a date, and to a column that is only called so")
    func anchors() {
        func anchor(_ field: String) -> String { FieldFault(field, Message("x")).anchored.field }
        #expect(anchor("opening.month") == "opening-month")
        #expect(anchor("stores.0.bought.year") == "stores.0.bought-year")
        #expect(anchor("stores.0.year") == "stores.0.year")
        #expect(anchor("site.line") == "site.line")
    }

    @Test("Values read as people say them; numbers and phones of people show in part where they should")
    func values() throws {
        let words = ValueWords(profile: profile, language: .zh, masked: true, yuan: "元")
        let open = ValueWords(profile: profile, language: .zh, masked: false, yuan: "元")
        func field(_ id: String) throws -> FormField { try #require(item.field(id)) }
        #expect(words.lines(try field("fee"), 120_050) == ["1,200.50 元"])
        #expect(words.lines(try field("opening"), "2026-04-01") == ["2026 年 4 月 1 日"])
        #expect(words.lines(try field("site"), ["division": "510106001002", "line": "一号"]) == ["甲街道 · 乙社区 一号"])
        #expect(words.lines(try field("phone"), "13800000001") == ["138****0001"])
        #expect(open.lines(try field("phone"), "13800000001") == ["13800000001"])
        #expect(words.lines(try field("name"), .null) == [])
        #expect(sizeWords(4_900) == "5 KB" && sizeWords(2_621_440) == "2.5 MB")
    }

    @Test("A section called like a page of the draft has an address of its own")
    func reserved() throws {
        let area = try #require(AreaCode("510106"))
        let path = PortalPaths.section(area, "d", "materials")
        #expect(path == "/510106/my/drafts/d/-materials")
        #expect(PortalPaths.sectionID("-materials") == "materials" && PortalPaths.sectionID("operator") == "operator")
    }
}
