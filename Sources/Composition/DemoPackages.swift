import Cases
import Catalogue
import Directory
import Documents
import Identity
import Kernel
import Packages
import Storage
import Web
import Workflow

extension House {
    /// In each area a company on its way: the licence is there, the other departments are at work. Run again, it changes nothing.
    package func seedPackages(say: @Sendable (String) -> Void) async throws {
        guard let founder = try await founder() else { return }
        for (area, _) in try await directory.areas() {
            guard try await catalogue.slugs(of: area).contains("start-a-company"),
                let street = try await directory.profile(of: area).divisions.first
            else { continue }
            let number = try await submitCompany(founder, in: area, street: street.code)
            let opened = try await packages.openOwn(number, area: area, founder)
            guard let licence = opened.state.step("licence")?.number,
                let clerk = try await clerk(of: area, department: opened.state.department)
            else { continue }
            let now = time.now()
            let occasion = Occasion(
                area: area, at: now, actor: Viewer.staff(clerk).actor(via: .window), request: "demo")
            try await cases.accept(licence, clerk, occasion)
            try await cases.complete(licence, delivery: "electronic", clerk, occasion)
            say("\(area): a company under way, \(try await packages.openSteps(at: now)) steps opened")
        }
    }

    /// A plainly fictitious founder; nil where there is one already.
    private func founder() async throws -> ResidentViewer? {
        let name = "演示居民丁"
        do {
            let account = try await identity.createResident(
                phone: "13800000004", name: name, idNumber: "110105199003070017", password: Self.demoPassword)
            return ResidentViewer(
                account: account.id, bucket: account.bucket, session: "", displayName: name, subject: account.id,
                organisation: nil, isOrganisation: false)
        } catch DomainError.conflict {
            return nil
        }
    }

    private func submitCompany(_ founder: ResidentViewer, in area: AreaCode, street: String) async throws -> String {
        let now = time.now()
        let item = try await catalogue.current("start-a-company", area: area).definition
        let wanted = item.situations.first { $0.id == "wanted" }?.answers.map { JSON.string($0.id) } ?? []
        let id = try await cases.startDraft(
            item.slug, answers: ["wanted": .array(wanted), "place_promise": "promise", "who": "self"], founder,
            area: area, language: .zh, at: now
        ).row.id
        try await cases.changeDraft(id, area: area, founder, at: now) { content, item in
            for (field, value) in item.examples(on: now.date) where content.form[field] == nil {
                content.form[field] = value
            }
            content.form["site"] = ["division": .string(street), "line": "样例路1号"]
            content.form["shareholders"] = [
                ["holder": ["name": "演示居民丁", "idcard": "110105199003070017"], "share": 50_000_000]
            ]
            content.visited = item.form.map(\.id)
        }
        let files = cases.files
        _ = try await cases.attach(named: "公司章程.pdf", material: "articles", to: id, area: area, founder, at: now) {
            vault, file, _, _ in
            try files.store(Array("%PDF-1.4\n%%EOF\n".utf8), kind: .pdf, into: vault, id: file)
        }
        let occasion = Occasion(
            area: area, at: now, actor: Viewer.resident(founder).actor(via: .web), request: "demo")
        return try await cases.submit(id, founder, occasion, language: .zh).number
    }

    /// The first window clerk of an area, as if signed in.
    private func clerk(of area: AreaCode, department: String) async throws -> StaffViewer? {
        guard let member = try await identity.staffMembers(area).first(where: { $0.name == "演示窗口一" }) else {
            return nil
        }
        return StaffViewer(
            id: member.id, area: area, session: "", displayName: member.name, permissions: Role.clerk.permissions,
            queues: ["\(department)/clerk"], departments: [department])
    }
}
