import Cases
import Catalogue
import Composition
import Directory
import Foundation
import Kernel
import Storage
import Typesetting
import Web
import Workflow

extension Measured {
    /// What costs processor time alone: a decision, a rule set, a page, a document.
    func small() async throws {
        let (house, people) = try await prepare("small")
        Table.head("Without a database")
        try await decisions(house, people)
        try rules()
        try pagesAlone(house)
        try documents()
        await house.database.close()
    }

    private func median(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
        var times: [Double] = []
        for _ in 0..<count {
            let started = ContinuousClock.now
            try body()
            times.append((ContinuousClock.now - started).seconds)
        }
        return Table.quantile(times, 0.5)
    }

    private func decisions(_ house: House, _ people: People) async throws {
        let calendar = try await house.directory.calendar(of: people.area)
        let now = house.time.now()
        func notice(_ kind: String) -> IssuedNotice { IssuedNotice(id: "n-\(kind)", kind: kind, at: now) }
        for slug in [people.slug, "food-business-licence"] {
            let item = try await house.catalogue.current(slug, area: people.area).definition
            let rules = CaseRules(item, version: 1)
            let submission = Submission(
                number: "5101062026010100000019", owner: "owner", bucket: "@00", subject: "owner", channel: .web,
                form: Sealed(slot: "form/1", hash: String(repeating: "0", count: 64)), files: [], onPaper: false,
                receipt: notice("receipt"))
            func context(_ officer: String?) -> CaseContext {
                CaseContext(at: now, rules: rules, calendar: calendar, officer: officer)
            }
            var state: CaseState?
            for event in try CaseProcedure.decide(.submit(submission), nil, context(nil)) {
                state = try CaseProcedure.evolve(state, event)
            }
            let time = try median(2000) {
                for event in try CaseProcedure.decide(.accept(notice: notice("acceptance")), state, context("a")) {
                    _ = CaseProcedure.effects(event, try CaseProcedure.evolve(state, event))
                }
            }
            Table.line(
                "deciding 受理 with its effects, \(slug)", Table.number(time * 1e6) + " µs", "", "50 µs", time < 50e-6)
        }
    }

    private func rules() throws {
        let data: JSON = ["form": ["area": .double(86.5), "seats": .int(24)], "situation": ["kind": "catering"]]
        let set = try (0..<100).map { number in
            try JsonLogic(
                [
                    "and": [
                        ["==": [["var": "situation.kind"], "catering"]],
                        ["<": [["var": "form.seats"], .int(Int64(number + 20))]],
                        [">=": [["+": [["var": "form.area"], .int(Int64(number))]], .int(50)]],
                    ]
                ])
        }
        let today = Moment(milliseconds: 1_773_297_125_000).date
        let time = try median(500) {
            for rule in set { _ = try rule.evaluate(data, on: today, calendar: .weekendsOnly) }
        }
        Table.line("JsonLogic, 100 rules", Table.number(time * 1000) + " ms", "", "1 ms", time < 1e-3)
    }

    private func pagesAlone(_ house: House) throws {
        let rows = (0..<50).map { number in
            View([
                "title": "食品经营许可（新办）", "href": "/510106/items/\(number)", "name": "事项 \(number)", "text": "说明",
            ])
        }
        let view = View(["results": rows, "words": "开饭店", "asked": true, "csrf": "x"])
        let time = try median(500) { _ = try house.context.pages.render("catalogue.search", view, in: .zh) }
        Table.line("rendering a page of 50 results", Table.number(time * 1000) + " ms", "", "1 ms", time < 1e-3)
    }

    private func documents() throws {
        let document = NoticeDocument(
            organ: ["示例区行政审批局"], title: ["行政许可申请受理通知书"], number: "示审受字〔2026〕12号", addressee: "王某某",
            body: [
                .paragraph("您于 2026 年 3 月 10 日提出的食品经营许可申请，材料齐全，符合法定形式，现予受理。"),
                .list(["营业执照", "经营场所平面图"]),
                .facts([.init("办件编号", "510199-20260310-X-000123-7"), .init("承诺时限", "5 个工作日")]),
            ],
            remedies: [.paragraph("如不服本决定，可以自收到本决定书之日起六十日内申请行政复议。")],
            signature: .init(organ: ["示例区行政审批局"], date: Moment(milliseconds: 1_773_297_125_000).date), appendix: [],
            verification: .init(
                url: "https://zwfw.example.gov.cn/510199/verify/7Q2M4K8XW9RT5ZB3C6HJ1VNPAE", code: "7Q2M 4K8X W9RT 5ZB3"
            ),
            watermark: nil, createdAt: Moment(milliseconds: 1_773_297_125_000))
        _ = try renderPDF(document)
        let time = try median(100) { _ = try renderPDF(document) }
        Table.line(
            "a one-page notice as PDF with its code", Table.number(time * 1000) + " ms", "", "15 ms", time < 15e-3)
    }
}
