import Cases
import Catalogue
import Directory
import HTTPTypes
import Hummingbird
import Kernel
import Storage
import Web
import Workflow

/// Packages over the API: a resident's own, and those of an area for supervisors.
struct PackagesJSON: Sendable {
    let packages: PackagesAPI

    func add(to routes: Routes) {
        routes.get(PackagePaths.apiList, requires: .resident, list)
        routes.get(PackagePaths.apiOne, requires: .resident, show)
        routes.post(PackagePaths.apiWithdraw, requires: .resident, withdraw)
        routes.post(PackagePaths.apiLeaveOut, requires: .resident, leaveOut)
        routes.get(PackagePaths.apiDesk, requires: .permission(PackageListPage.permission), supervise)
    }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let own = try await packages.cases.ownedPackages(by: try exchange.resident(), area: area)
        return exchange.json(["packages": .array(own.map(json))])
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await packages.openOwn(number, area: area, try exchange.resident())
        return exchange.json(json(opened.state.standing))
    }

    /// Sent again it answers the same: a package is withdrawn once.
    @Sendable func withdraw(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        _ = try await exchange.describedJSON(absent: [:])
        let state = try await packages.withdraw(number, try exchange.resident(), exchange.occasion(area))
        return exchange.json(json(state.standing))
    }

    /// Sent again it answers the same: a step is left out once.
    @Sendable func leaveOut(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ step: String) async throws
        -> Response
    {
        _ = try await exchange.describedJSON(absent: [:])
        let state = try await packages.leaveOut(
            step, of: number, try exchange.resident(), exchange.occasion(area))
        return exchange.json(json(state.standing))
    }

    @Sendable func supervise(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let view = exchange.query("view").flatMap { PackagesStore.View(rawValue: $0) } ?? .running
        let now = exchange.now
        let seen = packages.cases.supervisedDepartments(of: try exchange.staff()).map { Set($0) }
        let found = try await packages.cases.database.read { [packages] tx in
            try PackagesStore.list(view, area: area, now: now, limit: 200, tx).compactMap {
                try packages.desk.office.state(of: $0.id, area: area, tx)?.state
            }.filter { PackageListPage.concerns($0, seen) }.map(\.standing)
        }
        return exchange.json(["packages": .array(found.map(json))])
    }

    private func json(_ standing: PackageStanding) -> JSON {
        [
            "number": .string(standing.number), "package": .string(standing.slug), "stage": .string(standing.stage),
            "submittedAt": .string(standing.submittedAt.description),
            "endedAt": standing.endedAt.map { .string($0.description) } ?? .null,
            "dueAt": standing.limit.map { .string($0.dueAt.description) } ?? .null,
            "dueOn": standing.limit.map { .string($0.dueOn.description) } ?? .null,
            "steps": .array(
                standing.steps.map { step in
                    [
                        "id": .string(step.id), "item": .string(step.item), "department": .string(step.department),
                        "state": .string(step.state), "case": step.number.map(JSON.string) ?? .null,
                        "endedAt": step.endedAt.map { .string($0.description) } ?? .null,
                    ]
                }),
        ]
    }
}

extension Exchange {
    /// Under what circumstances a command comes from this request.
    func occasion(_ area: AreaCode) -> Occasion { Occasion(area: area, at: now, actor: actor, request: requestID) }
}
