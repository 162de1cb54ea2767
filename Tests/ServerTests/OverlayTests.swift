import Kernel
import Testing

@testable import Directory

/// What administrators change lies over the packs: the rules of it, without a database.
@Suite("Edits over a pack")
struct OverlayTests {
    private static func profile(
        phone: String? = "12345", health: String = "028-11111111", halls: [AreaProfile.Hall] = [hall]
    ) throws -> AreaProfile {
        AreaProfile(
            area: try #require(AreaCode("510106")), kind: "county", parent: nil, name: LocalizedText(zh: "样例区"),
            shortName: LocalizedText(zh: "样例区"), demo: true, numberPrefix: nil, advicePhone: phone,
            complaintPhone: "12388",
            reviewOrgan: LocalizedText(zh: "样例区人民政府"), court: LocalizedText(zh: "样例区人民法院"), divisions: [],
            departments: [
                .init(id: "health", name: LocalizedText(zh: "卫健局"), shortName: nil, uscc: nil, phone: health)
            ], halls: halls)
    }

    private static let hall = AreaProfile.Hall(
        id: "centre", name: LocalizedText(zh: "政务中心", en: "Centre"), address: nil, phone: nil, hours: [],
        windows: [.init(id: "w1", number: "1", name: LocalizedText(zh: "综合窗口"), departments: [])])

    private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    @Test("Without edits the pack holds as it is")
    func nothing() throws {
        let profile = try Self.profile()
        #expect(try Overlay().apply(to: profile) == profile)
        #expect(try AreaTree(profile, years: []).profile() == profile)
    }

    @Test("An edited field holds, everything else follows the pack")
    func edited() throws {
        var overlay = Overlay()
        let change = overlay.save(
            ["advicePhone": "028-87705000"], at: .area, over: try AreaTree(Self.profile(), years: []))
        #expect(change == .init(values: ["advicePhone": "028-87705000"], previous: ["advicePhone": "12345"]))
        let later = try Self.profile(health: "028-22222222")
        let holding = try overlay.apply(to: later)
        #expect(holding.advicePhone == "028-87705000")
        #expect(holding.department("health")?.phone == "028-22222222")
        #expect(try overlay.conflicts(with: AreaTree(later, years: [])).isEmpty)
    }

    @Test("The pack changing its mind about an edited field is a conflict, until it is saved once more")
    func conflict() throws {
        var overlay = Overlay()
        _ = overlay.save(["advicePhone": "028-87705000"], at: .area, over: try AreaTree(Self.profile(), years: []))
        let later = try AreaTree(Self.profile(phone: "12346"), years: [])
        let conflicts = overlay.conflicts(with: later)
        #expect(conflicts == [PlaceConflict(path: "", field: "advicePhone", pack: "12346", kept: "028-87705000")])
        #expect(try overlay.apply(to: later).profile().advicePhone == "028-87705000")
        // The pack comes to say the same: no conflict.
        #expect(try overlay.conflicts(with: AreaTree(Self.profile(phone: "028-87705000"), years: [])).isEmpty)
        let kept = overlay.save(["advicePhone": "028-87705000"], at: .area, over: later)
        #expect(kept?.values == kept?.previous)
        #expect(overlay.conflicts(with: later).isEmpty)
        #expect(overlay.save(["advicePhone": "028-87705000"], at: .area, over: later) == nil)
    }

    @Test("Saving what the pack says is no edit, and takes an earlier one back")
    func takenBack() throws {
        let pack = try AreaTree(Self.profile(), years: [])
        var overlay = Overlay()
        #expect(overlay.save(["advicePhone": "12345"], at: .area, over: pack) == nil)
        _ = overlay.save(["advicePhone": .null], at: .area, over: pack)
        #expect(try overlay.apply(to: pack).profile().advicePhone == nil)
        _ = overlay.save(["advicePhone": "12345"], at: .area, over: pack)
        #expect(overlay == Overlay())
    }

    @Test("What an administrator added stays; what the pack dropped goes, and is said to")
    func addedAndDropped() throws {
        let pack = try AreaTree(Self.profile(), years: [])
        var overlay = Overlay()
        let name = try JSON(encoding: LocalizedText(zh: "统计局"))
        _ = overlay.save(["name": name, "phone": "028-33333333"], at: .department("statistics"), over: pack)
        _ = overlay.save(["number": "1A"], at: .window(hall: "centre", "w1"), over: pack)
        let without = try AreaTree(Self.profile(halls: []), years: [])
        let holding = try overlay.apply(to: without).profile()
        #expect(holding.departments.map(\.id) == ["health", "statistics"])
        #expect(holding.halls.isEmpty)
        #expect(overlay.conflicts(with: without).map(\.path) == ["halls/centre/windows/w1"])
    }

    @Test("A hall can be added with windows, and a window taken away")
    func windows() throws {
        let pack = try AreaTree(Self.profile(), years: [])
        var overlay = Overlay()
        let name = try JSON(encoding: LocalizedText(zh: "分中心"))
        _ = overlay.save(["name": name, "hours": []], at: .hall("added-1"), over: pack)
        _ = overlay.save(
            ["name": name, "departments": ["health"]], at: .window(hall: "added-1", "added-2"), over: pack)
        _ = overlay.save([Overlay.removed: true], at: .window(hall: "centre", "w1"), over: pack)
        let halls = try overlay.apply(to: pack).profile().halls
        #expect(halls.map(\.id) == ["centre", "added-1"])
        #expect(halls.map { $0.windows.map(\.id) } == [[], ["added-2"]])
        #expect(halls[0].name == LocalizedText(zh: "政务中心", en: "Centre"))
    }

    @Test("A year of the calendar is added, and taken back")
    func years() throws {
        let pack = [CalendarYear(year: 2026, off: [try day("2026-10-01")], work: [])]
        let tree = try AreaTree(nil, years: pack)
        var overlay = Overlay()
        _ = overlay.save(["off": ["2027-01-01"], "work": []], at: .year(2027), over: tree)
        #expect(
            try overlay.apply(to: pack) == pack + [CalendarYear(year: 2027, off: [try day("2027-01-01")], work: [])])
        _ = overlay.save(["off": .null, "work": .null], at: .year(2027), over: tree)
        #expect(try overlay.apply(to: pack) == pack)
        #expect(overlay == Overlay())
    }

    @Test("An overlay is read as it was written, empty values too")
    func codable() throws {
        var overlay = Overlay()
        _ = overlay.save(
            ["advicePhone": .null, "court": try JSON(encoding: LocalizedText(zh: "法院"))], at: .area,
            over: try AreaTree(Self.profile(), years: []))
        #expect(try JSON(parsing: JSON(encoding: overlay).canonical).decoded(as: Overlay.self) == overlay)
    }

    @Test(
        "A phone can be dialled from anywhere, or it is none",
        arguments: [
            ("12345", "12345"), ("028-87705000", "028-87705000"), ("０２８－８７７０５０００", "028-87705000"),
            ("0532 87610001", "053287610001"),
            ("13800138000", "13800138000"), ("400-123-4567", "400-123-4567"), ("028-87705000-801", "028-87705000-801"),
            ("110", "110"), ("96166", "96166"), ("87705000", nil), ("877", nil), ("1234567890123", nil), ("无", nil),
            ("", nil), ("12", nil),
        ] as [(String, String?)])
    func phones(_ typed: String, _ read: String?) { #expect(PlaceRules.phone(typed) == read) }

    @Test("Days are read by line and range, and written back shorter")
    func dayLists() throws {
        let list = try DayList(reading: "2027-02-05 至 2027-02-07\n2027-02-08\n\n２０２７-10-01")
        #expect(list.days.count == 5)
        #expect(list.text == "2027-02-05 至 2027-02-08\n2027-10-01")
        #expect(try DayList(reading: list.text) == list)
        for text in ["2027-02-30", "2027-02-05 至", "2027-02-07 至 2027-02-05", "2月5日", "2027-01-01 至 2027-12-31"] {
            #expect(throws: DayList.Fault.self) { try DayList(reading: text) }
        }
    }

    @Test("A span of hours is read with any sign between")
    func spans() throws {
        for text in ["9:00—12:00", "09:00-12:00", "９：００ 至 １２：００", "9:00~12:00"] {
            let span = try #require(PlaceRules.span(text))
            #expect(span == (540, 720))
        }
        for text in ["9-12", "9:00", "9:60—12:00", "9:00—12:00—13:00", ""] { #expect(PlaceRules.span(text) == nil) }
    }
}
