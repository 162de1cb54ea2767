import Cases
import Catalogue
import Directory
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 不办其中一步: a step that the package asks about and that has not begun is left out.
struct LeaveOutPage: Sendable {
    let packages: PackagesAPI

    func add(to routes: Routes) {
        routes.get(PackagePaths.leaveOut, requires: .resident, confirm)
        routes.post(PackagePaths.leaveOut, requires: .resident, carryOut)
    }

    static func isOpen(_ step: StepState, _ state: PackageState, _ rules: PackageContext) -> Bool {
        !state.stage.isEnded && state.withdrawnAt == nil && PackageProcedure.hindrance(step, state, rules) == nil
    }

    @Sendable func confirm(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ step: String) async throws
        -> Response
    {
        let opened = try await packages.openOwn(number, area: area, try exchange.resident())
        return try await page(opened, step, exchange)
    }

    @Sendable func carryOut(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ step: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        do {
            try await packages.leaveOut(step, of: number, viewer, exchange.occasion(area))
        } catch let error as DomainError {
            guard case .refused(let why) = error else { throw error }
            return exchange.redirect(PackagePaths.one.url(area, number), flash: why, kind: "info")
        }
        return exchange.redirect(PackagePaths.one.url(area, number), flash: Message("packages.leaveOut.done"))
    }

    private func page(_ opened: OpenPackage, _ id: String, _ exchange: Exchange) async throws -> Response {
        let (state, item) = (opened.state, opened.definition.definition)
        guard let step = state.step(id) else { throw DomainError.notFound }
        let rules = PackageContext(
            at: exchange.now, calendar: try await packages.cases.directory.calendar(of: opened.area), item)
        let back = PackagePaths.one.url(opened.area, state.number)
        if let why = PackageProcedure.hindrance(step, state, rules) {
            return exchange.redirect(back, flash: why, kind: "info")
        }
        func name(_ id: String) -> String { item.plan?.step(id)?.name[exchange.language] ?? id }
        let waiting = state.steps.filter { $0.stage == .waiting && $0.plan.after.contains(id) }.map { name($0.plan.id) }
        let view = View([
            "item": item.name[exchange.language], "number": CaseNumber.grouped(state.number), "step": name(id),
            "follows": waiting.isEmpty
                ? exchange.text("packages.leaveOut.nothing")
                : exchange.text(
                    "packages.leaveOut.waiting",
                    ["names": waiting.joined(separator: exchange.language == .en ? ", " : "、")]),
            "action": PackagePaths.leaveOut.url(opened.area, state.number, id), "back": back,
        ])
        return try await exchange.page(
            "packages.leave-out", title: exchange.text("packages.leaveOut.title") + name(id), view)
    }
}
