import Foundation
import Kernel
import Testing

@testable import Catalogue

@Suite("Importing a list of items")
struct ListImportTests {
    private func read(_ text: String, known: [String: String] = [:]) -> ListImport.Outcome {
        ListImport(file: "list.csv", knownSlugs: known).read(Data(text.utf8))
    }

    @Test("Rows become items with line, type, department and slug")
    func rows() throws {
        let outcome = read("事项名称,实施编码,事项类型,实施主体\n残疾人证新办,511F82001002,行政确认,区残联\n\"补贴,申领\",512B,20,区人社局\n")
        #expect(outcome.findings == [])
        #expect(outcome.entries.map(\.line) == [2, 3])
        let first = try #require(outcome.entries.first)
        #expect(first.slug.hasPrefix("can-ji-ren-zheng-xin-ban-"))
        #expect(first.type == .confirmation)
        #expect(outcome.departments[first.department] == "区残联")
        #expect(outcome.entries.last?.name == "补贴,申领")
        #expect(outcome.entries.last?.type == .publicService)
    }

    @Test("GB 18030 as spreadsheets write it, UTF-8 with a mark, CRLF and CR read alike")
    func encodings() throws {
        let text = "事项名称,实施编码\r\n开饭店㐀𠮷,A1\r\n"
        let utf8 = ListImport(file: "l", knownSlugs: [:]).read(Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8))
        #expect(utf8.entries.map(\.name) == ["开饭店㐀𠮷"])
        #expect(utf8.encoding == "UTF-8")
        // 事项名称 , 开饭店 in GB 18030, made with iconv.
        let gb = Data([0xCA, 0xC2, 0xCF, 0xEE, 0xC3, 0xFB, 0xB3, 0xC6, 0x0D, 0xBF, 0xAA, 0xB7, 0xB9, 0xB5, 0xEA, 0x0D])
        let read = ListImport(file: "l").read(gb)
        #expect(read.encoding == "GB 18030")
        #expect(read.entries.map(\.name) == ["开饭店"])
        let neither = ListImport(file: "l").read(Data([0xFF, 0xFF, 0x00, 0x80]))
        #expect(neither.findings.map(\.rule) == ["list.encoding"])
        #expect(!neither.isImportable)
    }

    @Test("Every fault is reported by its line, and good rows are still read")
    func faults() {
        let outcome = read(
            """
            name,item_code,item_type,department
            一,A1,1,甲局
            二,A1,1,甲局
            一,A1,1,甲局
            三
            ,A4,1,甲局
            四,A5,99,甲局
            五,A 6,1,甲局
            六,A7,1,
            "七,A8,1,甲局
            """)
        func lines(_ rule: String) -> [Int] { outcome.findings.filter { $0.rule == rule }.map(\.line) }
        #expect(lines("list.duplicate") == [3, 4])
        #expect(outcome.findings.filter { $0.rule == "list.duplicate" }.map(\.severity) == [.error, .warning])
        #expect(lines("list.width") == [5, 10])
        #expect(lines("list.name") == [6])
        #expect(lines("list.type") == [7])
        #expect(lines("list.code") == [8])
        #expect(lines("list.department") == [9])
        #expect(lines("list.quote") == [10])
        #expect(outcome.entries.map(\.name) == ["一", "四", "六"])
        #expect(!outcome.isImportable)
    }

    @Test("Columns come in any order; a list without names is refused with its line")
    func columns() {
        let outcome = read("部门;类型;名称\n甲局;许可;事项甲\n")
        #expect(outcome.columns == ListColumns(name: 2, type: 1, department: 0))
        #expect(outcome.entries.map(\.name) == ["事项甲"])
        #expect(outcome.findings.map(\.rule) == ["list.columns"])
        let none = read("甲,乙\n1,2\n")
        #expect(none.findings.map(\.line) == [1])
        #expect(none.findings.map(\.severity) == [.error])
        let chosen = ListImport(file: "l", columns: ListColumns(name: 0)).read(Data("甲,乙\n事项,2\n".utf8))
        #expect(chosen.entries.map(\.name) == ["事项"])
    }

    @Test("Slugs stay the same when the list comes again, whatever the order, also after a change of name")
    func stableSlugs() throws {
        let first = read("name,item_code\n同名,A1\n同名,A2\n另一项,A3\n")
        let again = read("name,item_code\n另一项,A3\n同名,A2\n同名,A1\n")
        func slugs(_ outcome: ListImport.Outcome) -> [String: String] {
            Dictionary(
                uniqueKeysWithValues: outcome.entries.compactMap { entry in entry.code.map { ($0, entry.slug) } })
        }
        #expect(slugs(first) == slugs(again))
        #expect(Set(slugs(first).values).count == 3)
        let renamed = read("name,item_code\n改了名,A1\n", known: slugs(first))
        #expect(renamed.entries.first?.slug == slugs(first)["A1"])
    }

    @Test(
        "The real list of 1,135 items reads without an error, each becoming an item one can apply for",
        .enabled(if: RealList.isExpected, RealList.absence))
    func realList() throws {
        let data = try RealList.data()
        let list = ListImport(file: "real-items-511602.csv")
        let outcome = list.read(data)
        #expect(outcome.rows == 1135)
        #expect(outcome.entries.count == 1135)
        #expect(outcome.findings == [])
        #expect(Set(outcome.entries.map(\.slug)).count == 1135)
        #expect(outcome.entries.allSatisfy { isIdentifier($0.slug, joiner: "-") && $0.slug.utf8.count <= 60 })
        let entry = try #require(outcome.entries.first { $0.name == "残疾人证新办" })
        let item = list.item(entry)
        #expect(item.imported && item.online)
        #expect(item.form.flatMap(\.fields).count + item.materials.count <= 10)
        #expect(item.stages.map(\.kind) == [.accept, .review, .approve, .complete])
        #expect(try ItemDefinition(canonicalJSON: item.canonicalJSON()) == item)
    }

    @Test("An entry written as a pack's file reads back as the same item")
    func asPack() throws {
        let list = ListImport(file: "l")
        let outcome = list.read(
            Data("name,item_code,item_type,department,main_item\n“双\"引号”登记,\"A-1\",10,甲局,主项: 一\n".utf8))
        let entry = try #require(outcome.entries.first)
        let files = [
            PackFile(
                path: "510106-x/pack.yaml",
                text:
                    "area: \"510106\"\nkind: county\nname: {zh: 某区}\ndepartments: [{id: \(entry.department), name: {zh: 甲局}}]\n"
            ),
            PackFile(path: "510106-x/items/\(entry.slug).yaml", text: ListImport.yaml(entry)),
        ]
        let resolved = try #require(PackLibrary(files: files).resolve(try PackSamples.area("510106")))
        let item = try #require(resolved.items.first).definition
        #expect(item == list.item(entry))
        #expect(!resolved.findings.contains { $0.file.hasSuffix("\(entry.slug).yaml") && $0.severity == .error })
    }

    @Test("A hundred thousand rows are read within seconds; one more is a finding")
    func large() {
        var text = "name,item_code,item_type,department\n"
        for number in 0...ListImport.maximumRows { text += "事项\(number),C\(number),1,甲局\n" }
        let started = ContinuousClock.now
        let outcome = read(text)
        #expect(outcome.entries.count == ListImport.maximumRows)
        #expect(outcome.findings.map(\.rule) == ["list.rows"])
        #expect(outcome.findings.first?.line == ListImport.maximumRows + 2)
        #expect(ContinuousClock.now - started < .seconds(240))
    }
}
