import Directory
import Kernel
import Notify
import Storage
import Web
import Workflow

/// Fills the frame around pages: the area's name and phones, unread messages, the desk's counts and links.
struct HouseChrome: ChromeSource {
    let directory: DirectoryAPI
    let notify: NotifyAPI
    let time: TimeSource

    func knows(_ area: AreaCode) async throws -> Bool {
        do {
            _ = try await directory.profile(of: area)
            return true
        } catch DomainError.notFound {
            return false
        }
    }

    func chrome(of area: AreaCode?, for viewer: Viewer, in language: Language, database: any Database) async throws
        -> Chrome
    {
        guard let area, let profile = try? await directory.profile(of: area) else { return Chrome() }
        var chrome = Chrome(
            areaName: profile.name[language], advicePhone: profile.advicePhone, complaintPhone: profile.complaintPhone)
        if let resident = viewer.resident {
            chrome.unread = try await notify.unread(account: resident.account, bucket: resident.bucket)
        }
        if let staff = viewer.staff {
            chrome.unread = try await notify.unread(account: staff.id, bucket: staff.area)
            if staff.permissions.contains(Permission("cases.view")) {
                let now = time.now()
                chrome.tasks = try await database.read { tx in
                    func count(_ view: TaskStore.View) throws -> Int {
                        try TaskStore.count(
                            area: area, queues: staff.queues, person: staff.id, view: view, now: now, tx)
                    }
                    return (all: try count(.all), warn: try count(.warned), over: try count(.overdue))
                }
            }
            chrome.rail = Self.links.filter { staff.permissions.contains(Permission($0.permission)) }.map(\.link)
        }
        return chrome
    }

    /// With the permission each asks for.
    private static let links: [(link: RailLink, permission: String)] = [
        (RailLink("/desk/tasks", "house.rail.tasks", letter: "t", covers: ["/desk/cases"]), "cases.view"),
        (RailLink("/desk/counter", "house.rail.counter", letter: "c"), "counter.serve"),
        (RailLink("/desk/search", "house.rail.search", letter: "s"), "cases.search"),
        (
            RailLink(
                "/desk/board", "house.rail.board", letter: "b",
                covers: ["/desk/ratings", "/desk/limits", "/desk/detector"]), "supervision.board"
        ),
        (RailLink("/desk/packages", "house.rail.packages"), "supervision.board"),
        (RailLink("/desk/exports", "house.rail.exports"), "cases.export"),
        (RailLink("/desk/registers", "house.rail.registers"), "registers.keep"),
        (RailLink("/desk/identities", "house.rail.identities"), "identity.verify"),
        (RailLink("/desk/absence", "house.rail.absence"), "cases.view"),
        (RailLink("/desk/admin/items", "house.rail.items", covers: ["/desk/admin/import"]), "catalogue.admin"),
        (
            RailLink(
                "/desk/admin/areas", "house.rail.places",
                covers: ["/desk/admin/departments", "/desk/admin/halls", "/desk/admin/calendars"]), "directory.admin"
        ),
        (RailLink("/desk/admin/staff", "house.rail.staff", covers: ["/desk/admin/posts"]), "identity.admin"),
        (RailLink("/desk/admin/clients", "house.rail.clients"), "identity.admin"),
        (RailLink("/desk/admin/security", "house.rail.security"), "identity.audit"),
        (RailLink("/desk/operations", "house.rail.operations"), "operations.view"),
    ]
}
