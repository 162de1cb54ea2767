import Directory
import Hummingbird
import Kernel
import Web

/// 办事指南: whether it can be done, with what, how long it takes, where. The answers stand in the address, so a guide can be shared.
struct GuidePage: Sendable {
    let catalogue: CatalogueAPI
    let directory: DirectoryAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws -> Response {
        let profile = try await directory.profile(of: area)
        let item = try await catalogue.current(slug, area: area).definition
        let situations = try await situations(of: item, exchange, area)
        let pack = try await catalogue.index(of: area)
        let names = try await catalogue.names(of: GuideAnswers.mentioned(by: item, situations), area: area)
        let answers = GuideAnswers(
            item: item, situations: situations, profile: profile, pack: pack, names: names, exchange: exchange)
        if exchange.query("fragment") == "materials" { return try exchange.fragment("catalogue.live", answers.view) }
        var view = answers.view
        for (name, value) in GuideFacts(item: item, profile: profile, exchange: exchange).fields {
            view.set(name, value)
        }
        return try await exchange.page("catalogue.guide", title: item.name[exchange.language], view)
    }

    func situations(of item: ItemDefinition, _ exchange: Exchange, _ area: AreaCode) async throws -> Situations {
        let pairs = item.situations.flatMap { situation in
            exchange.queryAll("s." + situation.id).map { (name: situation.id, value: $0) }
        }
        let organisation = exchange.viewer.resident?.isOrganisation ?? !item.servesPersons
        return Situations(
            of: item,
            in: RuleContext(
                situations: Situations.answers(from: pairs, of: item),
                applicant: organisation ? .organisation : .person,
                today: exchange.now.date, calendar: try await directory.calendar(of: area)))
    }
}
