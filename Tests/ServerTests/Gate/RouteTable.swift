import HTTPTypes
import Testing
import Web

/// Who gets in where: one line a route. Everybody who is not named is refused: who is signed in at the route's door gets
/// what an address without a page gives, byte for byte; who is not is asked to sign in. A route without a line fails.
///
/// `owner` is the resident whose draft, case, file, message or upload stands in the address; the officers named are those
/// of the department that has the case (`office`: its clerk, reviewer, approver and head, and the area's supervisor);
/// `neighbour` holds the same posts in another department of the area, `away` in another area.
/// `system` is a registered client with the area's scopes, `foreign` one with the same scopes in another area.
enum RouteTable {
    struct Line: Sendable {
        let method: HTTPRequest.Method
        let pattern: String
        let admits: Set<Caller>
        /// Written `~other`: answered without a refusal, but for another's object just as for none, and nothing happens.
        let alike: Set<Caller>
        var name: String { "\(method.rawValue) \(pattern)" }
    }

    /// Names that stand for several callers.
    private static let groups: [Substring: Set<Caller>] = [
        "everybody": Set(Caller.allCases), "residents": Caller.residents, "staff": Caller.officers,
        "office": [.clerk, .reviewer, .approver, .head, .supervisor],
    ]

    static func lines() throws -> [Line] {
        try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let words = line.split(separator: " ")
            let method = try #require(HTTPRequest.Method(rawValue: String(words[0])))
            var (admits, alike) = (Set<Caller>(), Set<Caller>())
            for word in words.dropFirst(2) {
                let name = word.drop { $0 == "~" }
                let named = try #require(
                    groups[name] ?? Caller(rawValue: String(name)).map { [$0] }, "\(line): \(name)")
                if name == word { admits.formUnion(named) } else { alike.formUnion(named) }
            }
            return Line(method: method, pattern: String(words[1]), admits: admits, alike: alike)
        }
    }

    private static let text = """
        # Open to everybody
        GET    /healthz                                                           everybody
        GET    /readyz                                                            everybody
        GET    /metrics                                                           everybody
        GET    /fonts/:name                                                       everybody
        GET    /preferences                                                       everybody
        POST   /preferences                                                       everybody
        GET    /api/v1/openapi.json                                               everybody
        GET    /                                                                  everybody
        GET    /:area/                                                            everybody
        GET    /:area/accessibility                                               everybody
        GET    /:area/browse/:by                                                  everybody
        GET    /:area/counter-screen/:code                                        everybody
        GET    /:area/decisions                                                   everybody
        GET    /:area/decisions/:number                                           everybody
        GET    /:area/forgot                                                      everybody
        POST   /:area/forgot                                                      everybody
        GET    /:area/halls                                                       everybody
        GET    /:area/help                                                        everybody
        GET    /:area/items/:slug                                                 everybody
        GET    /:area/items/:slug/apply                                           residents
        POST   /:area/items/:slug/apply                                           everybody
        GET    /:area/items/:slug/chart                                           everybody
        GET    /:area/items/:slug/chart.bpmn                                      everybody
        GET    /:area/items/:slug/form.pdf                                        everybody
        GET    /:area/items/:slug/papers/:material/:name                          everybody
        GET    /:area/items/:slug/sample.pdf                                      everybody
        GET    /:area/limits                                                      everybody
        GET    /:area/limits.csv                                                  everybody
        GET    /:area/powers                                                      everybody
        GET    /:area/privacy                                                     everybody
        GET    /:area/progress                                                    everybody
        POST   /:area/progress                                                    everybody
        GET    /:area/objections                                                  everybody
        POST   /:area/objections                                                  everybody
        GET    /:area/publicity                                                   everybody
        GET    /:area/publicity/:number                                           everybody
        POST   /:area/publicity/:number                                           everybody
        GET    /:area/remote-check/:token                                         everybody
        POST   /:area/remote-check/:token                                         everybody
        GET    /:area/remote-check/:token/back                                    everybody
        GET    /:area/remote-check/:token/video                                   everybody
        POST   /:area/remote-check/:token/video                                   everybody
        GET    /:area/scan/:token                                                 everybody
        POST   /:area/scan/:token                                                 everybody
        GET    /:area/register                                                    everybody
        POST   /:area/register                                                    everybody
        GET    /:area/responsibilities                                            everybody
        GET    /:area/search                                                      everybody
        GET    /:area/search/suggest                                              everybody
        GET    /:area/sign-in                                                     everybody
        POST   /:area/sign-in                                                     everybody
        GET    /:area/sign-in/province                                            everybody
        GET    /:area/sign-in/province/return                                     everybody
        POST   /:area/sign-out                                                    everybody
        GET    /:area/verify                                                      everybody
        GET    /:area/verify/:code                                                everybody
        GET    /desk                                                              everybody
        # Residents
        GET    /:area/kept                                                        residents
        GET    /:area/my/account                                                  residents
        POST   /:area/my/account/devices                                          residents
        POST   /:area/my/account/export                                           residents
        POST   /:area/my/account/password                                         residents
        GET    /:area/my/account/person                                           residents
        POST   /:area/my/account/person                                           residents
        GET    /:area/my/account/phone                                            residents
        POST   /:area/my/account/phone                                            residents
        POST   /:area/my/account/systems                                          residents
        GET    /:area/my/acting-for                                               residents
        POST   /:area/my/acting-for                                               residents
        GET    /:area/my/cases                                                    residents
        GET    /:area/my/cases/:number                                            owner
        GET    /:area/my/cases/:number/acts/:act                                          owner
        POST   /:area/my/cases/:number/acts/:act                                          owner
        GET    /:area/my/cases/:number/amend                                      owner
        POST   /:area/my/cases/:number/amend                                      owner
        GET    /:area/my/cases/:number/bill                                       owner
        GET    /:area/my/cases/:number/bill.pdf                                   owner
        GET    /:area/my/cases/:number/correction                                 owner
        POST   /:area/my/cases/:number/correction                                 owner
        GET    /:area/my/cases/:number/correction/files/:file                     owner
        POST   /:area/my/cases/:number/correction/files/:file/remove              owner
        POST   /:area/my/cases/:number/correction/materials/:material             owner
        POST   /:area/my/cases/:number/correction/save                            owner
        GET    /:area/my/cases/:number/files/:file                                owner
        GET    /:area/my/cases/:number/handler                                    owner
        POST   /:area/my/cases/:number/handler                                    owner
        GET    /:area/my/cases/:number/notices/:id                                owner
        GET    /:area/my/cases/:number/remote-check                               owner
        POST   /:area/my/cases/:number/remote-check                               owner
        GET    /:area/my/cases/:number/rating                                     owner
        POST   /:area/my/cases/:number/rating                                     owner
        GET    /:area/my/cases/:number/submitted                                  owner
        GET    /:area/my/packages/:number                                         owner
        GET    /:area/my/packages/:number/rating                                  owner
        POST   /:area/my/packages/:number/rating                                  owner
        GET    /:area/my/packages/:number/receipt                                 owner
        GET    /:area/my/packages/:number/steps/:step/leave-out                   owner
        POST   /:area/my/packages/:number/steps/:step/leave-out                   owner
        GET    /:area/my/packages/:number/withdraw                                owner
        POST   /:area/my/packages/:number/withdraw                                owner
        GET    /:area/my/cases/:number/withdraw                                   owner
        POST   /:area/my/cases/:number/withdraw                                   owner
        GET    /:area/my/drafts/:id                                               owner
        GET    /:area/my/drafts/:id/:section                                      owner
        POST   /:area/my/drafts/:id/:section                                      owner
        GET    /:area/my/drafts/:id/:section/with-files                           owner ~other ~agent
        POST   /:area/my/drafts/:id/:section/with-files                           owner
        GET    /:area/my/drafts/:id/check                                         owner
        POST   /:area/my/drafts/:id/check                                         owner
        GET    /:area/my/drafts/:id/handler                                       owner
        POST   /:area/my/drafts/:id/handler                                       owner
        GET    /:area/my/drafts/:id/discard                                       owner
        POST   /:area/my/drafts/:id/discard                                       owner ~other ~agent
        GET    /:area/my/drafts/:id/files/:file                                   owner
        GET    /:area/my/drafts/:id/scans                                         owner
        POST   /:area/my/drafts/:id/scans                                         owner
        GET    /:area/my/drafts/:id/scans/files                                   owner
        POST   /:area/my/drafts/:id/scans/files                                   owner
        POST   /:area/my/drafts/:id/files/:file/remove                            owner
        GET    /:area/my/drafts/:id/materials                                     owner
        POST   /:area/my/drafts/:id/materials                                     owner
        GET    /:area/my/drafts/:id/materials/:material                           owner ~other ~agent
        POST   /:area/my/drafts/:id/materials/:material                           owner
        GET    /:area/my/drafts/:id/questions                                     owner
        POST   /:area/my/drafts/:id/questions                                     owner
        GET    /:area/my/messages                                                 residents
        GET    /:area/my/messages/:id                                             owner
        POST   /:area/my/messages/read                                            residents
        POST   /:area/my/uploads                                                  residents
        GET    /:area/my/uploads/:id                                              owner
        POST   /:area/my/uploads/:id                                              owner
        # The desk
        GET    /:area/desk/kept                                                   staff
        GET    /:area/desk/absence                                                staff
        POST   /:area/desk/absence                                                staff
        GET    /:area/desk/account                                                staff
        POST   /:area/desk/account                                                staff
        GET    /:area/desk/board                                                  head supervisor neighbour
        POST   /:area/desk/board/assign                                           head supervisor neighbour
        GET    /:area/desk/board/rows                                             head supervisor neighbour
        POST   /:area/desk/board/urge                                             supervisor
        GET    /:area/desk/cases/:number                                          office
        POST   /:area/desk/cases/:number/accept                                   clerk
        GET    /:area/desk/cases/:number/acts/accept/:act                                 clerk
        POST   /:area/desk/cases/:number/acts/accept/:act                                 clerk
        GET    /:area/desk/cases/:number/acts/approve/:act                                approver head
        POST   /:area/desk/cases/:number/acts/approve/:act                                approver head
        GET    /:area/desk/cases/:number/acts/complete/:act                               clerk
        POST   /:area/desk/cases/:number/acts/complete/:act                               clerk
        GET    /:area/desk/cases/:number/acts/head/:act                                   head
        POST   /:area/desk/cases/:number/acts/head/:act                                   head
        GET    /:area/desk/cases/:number/acts/opinion/:act                                reviewer head
        POST   /:area/desk/cases/:number/acts/opinion/:act                                reviewer head
        GET    /:area/desk/cases/:number/acts/review/:act                                 reviewer head
        POST   /:area/desk/cases/:number/acts/review/:act                                 reviewer head
        POST   /:area/desk/cases/:number/approve                                  approver
        POST   /:area/desk/cases/:number/assign                                   clerk head supervisor
        POST   /:area/desk/cases/:number/claim                                    clerk reviewer approver
        POST   /:area/desk/cases/:number/complete                                 clerk
        GET    /:area/desk/cases/:number/bill                                     office
        GET    /:area/desk/cases/:number/bill.pdf                                 office
        GET    /:area/desk/cases/:number/correction                               clerk
        POST   /:area/desk/cases/:number/correction                               clerk
        GET    /:area/desk/cases/:number/decision/decline                         clerk approver head
        POST   /:area/desk/cases/:number/decision/decline                         clerk approver head
        GET    /:area/desk/cases/:number/decision/not-needed                      clerk approver head
        POST   /:area/desk/cases/:number/decision/not-needed                      clerk approver head
        GET    /:area/desk/cases/:number/decision/refuse                          approver head
        POST   /:area/desk/cases/:number/decision/refuse                          approver head
        GET    /:area/desk/cases/:number/decision/return                          approver head
        POST   /:area/desk/cases/:number/decision/return                          approver head
        GET    /:area/desk/cases/:number/decision/void                            head
        POST   /:area/desk/cases/:number/decision/void                            head
        GET    /:area/desk/cases/:number/files/:id                                office
        POST   /:area/desk/cases/:number/mark                                     office
        POST   /:area/desk/cases/:number/note                                     office
        GET    /:area/desk/cases/:number/notices/:id                              office
        # The video of somebody who is not there: who handles and reviews the case, not who approves or supervises. The case is a
        # company's, whose department is the neighbour's.
        GET    /:area/desk/cases/:number/remote-check/:id                         clerk reviewer head neighbour
        POST   /:area/desk/cases/:number/review                                   reviewer
        GET    /:area/desk/detector                                               head supervisor neighbour
        POST   /:area/desk/detector/rules                                         supervisor
        POST   /:area/desk/detector/settle                                        supervisor
        GET    /:area/desk/exports                                                head supervisor neighbour
        GET    /:area/desk/exports/cases.csv                                      head supervisor neighbour
        GET    /:area/desk/exports/cases.xlsx                                     head supervisor neighbour
        GET    /:area/desk/exports/progress                                       head supervisor neighbour
        GET    /:area/desk/counter                                                clerk neighbour
        POST   /:area/desk/counter                                                clerk neighbour
        GET    /:area/desk/counter/people/:account                                clerk neighbour
        POST   /:area/desk/counter/people/:account                                clerk neighbour
        GET    /:area/desk/counter/now                                            clerk neighbour
        POST   /:area/desk/counter/now                                            clerk neighbour
        POST   /:area/desk/counter/now/results                                    clerk neighbour
        GET    /:area/desk/identities                                             clerk head neighbour
        POST   /:area/desk/identities                                             clerk head neighbour
        GET    /:area/desk/identities/:account                                    clerk head neighbour
        POST   /:area/desk/identities/:account                                    clerk head neighbour
        GET    /:area/desk/identities/:account/phone                              clerk head neighbour
        POST   /:area/desk/identities/:account/phone                              clerk head neighbour
        GET    /:area/desk/limits                                                 head supervisor neighbour
        GET    /:area/desk/limits.csv                                             head supervisor neighbour
        GET    /:area/desk/limits/cases                                           head supervisor neighbour
        GET    /:area/desk/messages                                               staff
        GET    /:area/desk/messages/:id                                           clerk
        POST   /:area/desk/messages/read                                          staff
        GET    /:area/desk/operations                                             admin
        POST   /:area/desk/operations/revive                                      admin
        GET    /:area/desk/packages                                               head supervisor neighbour
        GET    /:area/desk/ratings                                                head supervisor neighbour
        GET    /:area/desk/registers                                              head neighbour
        GET    /:area/desk/registers/:register                                    head
        POST   /:area/desk/registers/:register                                    head
        GET    /:area/desk/search                                                 office neighbour
        GET    /:area/desk/sign-in                                                everybody
        POST   /:area/desk/sign-in                                                everybody
        POST   /:area/desk/sign-out                                               everybody
        GET    /:area/desk/tasks                                                  office neighbour
        POST   /:area/desk/tasks/assign                                           office neighbour
        POST   /:area/desk/tasks/claim                                            office neighbour
        POST   /:area/desk/tasks/documents                                        office neighbour
        GET    /:area/desk/tasks/new                                              office neighbour
        # Administrators
        GET    /:area/desk/admin/areas                                            admin
        GET    /:area/desk/admin/areas/edit                                       admin
        POST   /:area/desk/admin/areas/edit                                       admin
        GET    /:area/desk/admin/calendars                                        admin
        GET    /:area/desk/admin/calendars/:year                                  admin
        POST   /:area/desk/admin/calendars/:year                                  admin
        GET    /:area/desk/admin/clients                                          admin security
        POST   /:area/desk/admin/clients                                          admin security
        GET    /:area/desk/admin/clients/:id                                      admin security
        POST   /:area/desk/admin/clients/:id                                      admin security
        GET    /:area/desk/admin/clients/new                                      admin security
        GET    /:area/desk/admin/departments                                      admin
        GET    /:area/desk/admin/departments/:id                                  admin
        POST   /:area/desk/admin/departments/:id                                  admin
        GET    /:area/desk/admin/departments/new                                  admin
        POST   /:area/desk/admin/departments/new                                  admin
        GET    /:area/desk/admin/halls                                            admin
        GET    /:area/desk/admin/halls/:id                                        admin
        POST   /:area/desk/admin/halls/:id                                        admin
        GET    /:area/desk/admin/halls/:id/windows/:window                        admin
        POST   /:area/desk/admin/halls/:id/windows/:window                        admin
        GET    /:area/desk/admin/halls/:id/windows/new                            admin
        POST   /:area/desk/admin/halls/:id/windows/new                            admin
        GET    /:area/desk/admin/halls/new                                        admin
        POST   /:area/desk/admin/halls/new                                        admin
        GET    /:area/desk/admin/import                                           admin
        POST   /:area/desk/admin/import                                           admin
        GET    /:area/desk/admin/import/:list                                     admin
        POST   /:area/desk/admin/import/:list                                     admin
        GET    /:area/desk/admin/import/:list/problems                            admin
        GET    /:area/desk/admin/items                                            admin
        GET    /:area/desk/admin/items/:slug                                      admin
        GET    /:area/desk/admin/items/:slug/rehearsal                            admin
        POST   /:area/desk/admin/items/:slug/rehearsal                            admin
        POST   /:area/desk/admin/posts/:id                                        admin security
        GET    /:area/desk/admin/security                                         audit
        GET    /:area/desk/admin/security/export.csv                              audit
        POST   /:area/desk/admin/security/retention                               audit
        GET    /:area/desk/admin/staff                                            admin security
        POST   /:area/desk/admin/staff                                            admin security
        GET    /:area/desk/admin/staff/:id                                        admin security
        POST   /:area/desk/admin/staff/:id                                        admin security
        POST   /:area/desk/admin/staff/:id/posts                                  admin security
        GET    /:area/desk/admin/staff/new                                        admin security
        # The API
        GET    /api/v1/areas/:area/cases                                          office neighbour system
        GET    /api/v1/areas/:area/cases/:number                                  office system
        POST   /api/v1/areas/:area/cases/:number/accept                           clerk system
        POST   /api/v1/areas/:area/cases/:number/acts/accept/:act                         clerk system
        POST   /api/v1/areas/:area/cases/:number/acts/approve/:act                        approver head system
        POST   /api/v1/areas/:area/cases/:number/acts/complete/:act                       clerk system
        POST   /api/v1/areas/:area/cases/:number/acts/head/:act                           head
        POST   /api/v1/areas/:area/cases/:number/acts/opinion/:act                        reviewer head
        POST   /api/v1/areas/:area/cases/:number/acts/review/:act                         reviewer head system
        POST   /api/v1/areas/:area/cases/:number/approve                          approver system
        POST   /api/v1/areas/:area/cases/:number/assign                           clerk head supervisor system
        GET    /api/v1/areas/:area/cases/:number/bill                             office system
        POST   /api/v1/areas/:area/cases/:number/claim                            clerk reviewer approver system
        POST   /api/v1/areas/:area/cases/:number/complete                         clerk system
        POST   /api/v1/areas/:area/cases/:number/correction                       clerk system
        POST   /api/v1/areas/:area/cases/:number/decline                          clerk approver system
        GET    /api/v1/areas/:area/cases/:number/files/:file                      office system
        POST   /api/v1/areas/:area/cases/:number/not-needed                       clerk approver system
        GET    /api/v1/areas/:area/cases/:number/notices/:id                      office system
        POST   /api/v1/areas/:area/cases/:number/refuse                           approver system
        POST   /api/v1/areas/:area/cases/:number/review                           reviewer system
        POST   /api/v1/areas/:area/cases/:number/send-back                        approver system
        GET    /api/v1/areas/:area/items                                          nobody residents staff away system
        GET    /api/v1/areas/:area/items/:slug                                    nobody residents staff away system
        POST   /api/v1/areas/:area/items/:slug/drafts                             residents
        GET    /api/v1/areas/:area/limits                                         nobody residents staff away system
        GET    /api/v1/areas/:area/me                                             residents system
        GET    /api/v1/areas/:area/my/cases                                       residents
        GET    /api/v1/areas/:area/my/packages                                    residents
        GET    /api/v1/areas/:area/my/packages/:number                            owner
        POST   /api/v1/areas/:area/my/packages/:number/rating                     owner
        POST   /api/v1/areas/:area/my/packages/:number/withdraw                   owner
        POST   /api/v1/areas/:area/my/packages/:number/steps/:step/leave-out       owner
        GET    /api/v1/areas/:area/packages                                       head supervisor neighbour
        GET    /api/v1/areas/:area/my/cases/:number                               owner
        POST   /api/v1/areas/:area/my/cases/:number/acts/:act                             owner
        GET    /api/v1/areas/:area/my/cases/:number/bill                          owner
        GET    /api/v1/areas/:area/my/cases/:number/files/:file                   owner
        GET    /api/v1/areas/:area/my/cases/:number/notices/:id                   owner
        POST   /api/v1/areas/:area/my/cases/:number/rating                        owner
        PUT    /api/v1/areas/:area/my/cases/:number/amendment                     owner
        DELETE /api/v1/areas/:area/my/cases/:number/amendment                     owner
        POST   /api/v1/areas/:area/my/cases/:number/supplement                    owner
        POST   /api/v1/areas/:area/my/cases/:number/supplement/materials/:material/files owner
        POST   /api/v1/areas/:area/my/cases/:number/withdraw                      owner
        GET    /api/v1/areas/:area/my/drafts                                      residents
        GET    /api/v1/areas/:area/my/drafts/:id                                  owner
        DELETE /api/v1/areas/:area/my/drafts/:id                                  owner
        PUT    /api/v1/areas/:area/my/drafts/:id/answers                          owner
        GET    /api/v1/areas/:area/my/drafts/:id/files/:file                      owner
        DELETE /api/v1/areas/:area/my/drafts/:id/files/:file                      owner
        POST   /api/v1/areas/:area/my/drafts/:id/materials/:material/files        owner
        PUT    /api/v1/areas/:area/my/drafts/:id/handler                          owner
        DELETE /api/v1/areas/:area/my/drafts/:id/handler                          owner
        POST   /api/v1/areas/:area/my/drafts/:id/handler/files                    owner
        PUT    /api/v1/areas/:area/my/drafts/:id/sections/:section                owner
        POST   /api/v1/areas/:area/my/drafts/:id/submit                           owner
        GET    /api/v1/areas/:area/tasks                                          office neighbour system
        POST   /api/v1/token                                                      everybody
        GET    /api/v1/areas/:area/decisions                                      nobody residents staff away system
        GET    /api/v1/areas/:area/decisions/:number                              nobody residents staff away system
        GET    /api/v1/areas/:area/publicity                                      nobody residents staff away system
        GET    /api/v1/areas/:area/publicity/:number                              nobody residents staff away system
        POST   /api/v1/areas/:area/publicity/:number/objections                   nobody residents staff away system
        POST   /api/v1/areas/:area/objections                                     nobody residents staff away system
        """
}
