import Catalogue
import Composition
import Directory
import Foundation
import HTTPTypes
import Identity
import Kernel
import TestKit
import Testing
import Web

/// Those who try every door.
enum Caller: String, CaseIterable, Sendable {
    case nobody, owner, other, agent
    case clerk, reviewer, approver, head, supervisor, admin, security, audit, neighbour
    case away, system, foreign

    static let residents: Set<Caller> = [.owner, .other, .agent]
    static let officers: Set<Caller> = [
        .clerk, .reviewer, .approver, .head, .supervisor, .admin, .security, .audit, .neighbour,
    ]

    /// Other systems have no pages; they call the API only.
    var isSystem: Bool { self == .system || self == .foreign }

    /// Whether this caller is somebody at the route's door.
    func isKnown(at entry: RouteEntry) -> Bool {
        if isSystem { return true }
        return entry.isOfDesk ? Caller.officers.contains(self) : Caller.residents.contains(self)
    }
}

/// A browser of each caller, signed in at the door that is his, and what he needs to send forms there.
final class Cast {
    /// The area next door, of which `away` is an officer.
    static let elsewhere = "370213"
    /// A department that has nothing to do with the road's item.
    let neighbouring: String
    private let office: Office
    private var clients: [Caller: Client] = [:]
    private var bearers: [Caller: String] = [:]
    private var tokens: [String: String] = [:]
    /// A registered system that nobody uses, so that administrators may end it.
    private(set) var thirdSystem = ""

    init(_ office: Office, _ road: Road) async throws {
        self.office = office
        let home = try await office.house.catalogue.current(road.slug, area: road.area).definition.department
        let departments = try await office.house.directory.profile(of: road.area).departments.map(\.id)
        neighbouring = try #require(departments.first { $0 != home })
        let away = try #require(AreaCode(Cast.elsewhere))
        try await officer("gate.neighbour", "演示邻局", road.area, neighbouring)
        let afar = try await office.house.directory.profile(of: away).departments[0].id
        try await officer("gate.away", "演示外区", away, afar)
        let known = try await office.house.identity.staffMembers(road.area)
        let head = try #require(known.first { $0.name == "演示分管负责人" })
        try await office.house.identity.grant(road.area, staff: head.id, role: .head, department: home)
        for caller in Caller.allCases where !caller.isSystem { clients[caller] = try await signedIn(caller) }
        for (caller, area) in [(Caller.system, road.area), (.foreign, away)] {
            bearers[caller] = try await register(in: area)
        }
        let (id, _) = try await office.house.identity.createClient(
            road.area, name: "演示旧系统", scopes: [Permission("cases.view")], areas: [road.area])
        thirdSystem = String(id.split(separator: ".").last ?? "")
    }

    func client(_ caller: Caller) throws -> Client {
        if let client = clients[caller] { return client }
        let client = Client(office)
        clients[caller] = client
        return client
    }

    /// The token for forms of the door a route belongs to.
    func token(_ caller: Caller, atDesk: Bool, area: String) async throws -> String {
        let key = "\(caller) \(atDesk) \(area)"
        if let known = tokens[key] { return known }
        let page =
            atDesk
            ? (Caller.officers.contains(caller) || (caller == .away && area == Cast.elsewhere)
                ? "desk/account" : "desk/sign-in")
            : (Caller.residents.contains(caller) ? "my/account" : "sign-in")
        let token = try await client(caller).token(of: "/\(area)/\(page)")
        try #require(token.count == 86, "\(caller) has no form at \(page)")
        tokens[key] = token
        return token
    }

    func bearer(_ caller: Caller) -> String? { bearers[caller] }

    private func officer(_ login: String, _ name: String, _ area: AreaCode, _ department: String) async throws {
        let identity = office.house.identity
        let id = try await identity.createStaff(
            area, login: login, name: name, password: House.demoPassword, mustChange: false)
        for role in [Role.clerk, .reviewer, .approver, .head] {
            try await identity.grant(area, staff: id, role: role, department: department)
        }
    }

    private func signedIn(_ caller: Caller) async throws -> Client {
        let client = Client(office)
        let answer: Client.Answer
        switch caller {
        case .nobody, .system, .foreign: return client
        case .owner: answer = try await client.signInResident("13800000001")
        case .other: answer = try await client.signInResident("13800\(Office.area)")
        case .agent:
            _ = try await client.signInResident("13800000002")
            let viewer = try await office.residentViewer("13800000002")
            let company = try #require(try await office.house.identity.organisations(of: viewer).first)
            let page = "/\(Office.area)/my/acting-for"
            answer = try await client.post(page, ["action": "switch", "subject": company.subject], from: page)
        case .neighbour: answer = try await client.signInStaff("gate.neighbour")
        case .away:
            let page = "/\(Cast.elsewhere)/desk/sign-in"
            answer = try await client.post(
                page, ["login": "gate.away", "password": House.demoPassword], from: page)
        default: answer = try await client.signInStaff("demo.\(caller)")
        }
        try #require(answer.status == 303, "\(caller) could not sign in: \(answer.status)")
        return client
    }

    private func register(in area: AreaCode) async throws -> String {
        let scopes = [
            "cases.view", "cases.search", "cases.accept", "cases.correct", "cases.review", "cases.approve",
            "cases.complete", "cases.decline",
        ]
        let (id, secret) = try await office.house.identity.createClient(
            area, name: "演示系统", scopes: Set(scopes.map { Permission($0) }), areas: [area])
        let answer = try await Client(office).send(
            .post, "/api/v1/token",
            Array("grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)".utf8),
            [.contentType: "application/x-www-form-urlencoded"])
        return try #require(answer.json?["access_token"].text, "\(answer.text)")
    }
}
