import Cases
import Catalogue
import Cryptography
import Directory
import Documents
import Kernel

/// 受理回执 of a one-thing package: one paper and one code for the whole, with every department's step on it. The departments' own
/// receipts and notices of acceptance stand beside it (行政许可法 art. 32).
enum PackageReceipt {
    /// - Parameters:
    ///   - steps: those the applicant asked for, in the order of the package.
    ///   - files: what was handed in once for all of them.
    static func draft(
        number: String, code: QueryCode, package: ItemDefinition, profile: AreaProfile, applicant: String,
        handler: HandlerContent?, steps: [PackagePlan.Step], files: [DraftContent.File], at now: Moment
    ) -> NoticeDraft {
        let names = Dictionary(grouping: files, by: \.material)
        let papers = package.materials.compactMap { material -> [String]? in
            names[material.id].map { [material.name.zh, "电子", String($0.count)] }
        }
        let chosen = Set(steps.map(\.id))
        let rows = steps.enumerated().map { index, step in
            let before = step.after.filter(chosen.contains).compactMap { id in
                steps.first { $0.id == id }?.name.zh
            }
            return [
                String(index + 1), step.name.zh, profile.departmentName(step.department, in: .zh),
                before.isEmpty ? "已交给部门" : "“\(before.joined(separator: "、"))”办好后自动开始",
            ]
        }
        let heard = papers.isEmpty ? [] : [NoticeDraft.Block.table(columns: ["材料名称", "形式", "份数"], rows: papers)]
        return NoticeDraft(
            kind: "receipt", series: "收", plain: true, organ: profile.departmentTitle(package.department),
            title: "一件事收件回执", addressee: nil,
            body: [
                .facts(
                    [
                        ["一件事编号", CaseNumber.grouped(number)], ["查询码", code.description], ["申请事项", package.name.zh],
                        ["申请人", applicant], ["收件时间", "\(now.date.printed) \(now.clock)"],
                        ["总时限", "受理后\(package.limits.promised.printed)内全部办好"],
                    ] + Notices.handler(handler)),
                .table(columns: ["序号", "步骤", "办理部门", "怎样开始"], rows: rows),
            ] + heard + [
                .paragraph("材料只交这一次。各部门分别受理、作出决定，先办好的结果先给您；需要补正的，由该部门一次告知。"),
                .note("凭一件事编号和查询码，不登录也可以查询整件事的进度。查询码请妥善保管。"),
            ], date: now.date, createdAt: now, link: Notices.progress(number: number, code: code.text))
    }
}
