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
            chrome.rail = Self.links.filter { staff.permissions.contains(Permission($0.permission)) }
                .map { (path: $0.path, key: $0.key, letter: $0.letter) }
        }
        return chrome
    }

    private static let links: [(path: String, key: String, letter: String?, permission: String)] = [
        ("/desk/tasks", "house.rail.tasks", "t", "cases.view"),
        ("/desk/search", "house.rail.search", "s", "cases.search"),
        ("/desk/board", "house.rail.board", "b", "supervision.board"),
        ("/desk/exports", "house.rail.exports", nil, "cases.export"),
        ("/desk/identities", "house.rail.identities", nil, "identity.verify"),
        ("/desk/absence", "house.rail.absence", nil, "cases.view"),
        ("/desk/admin/items", "house.rail.items", nil, "catalogue.admin"),
        ("/desk/admin/areas", "house.rail.places", nil, "directory.admin"),
        ("/desk/admin/staff", "house.rail.staff", nil, "identity.admin"),
        ("/desk/admin/clients", "house.rail.clients", nil, "identity.admin"),
        ("/desk/admin/security", "house.rail.security", nil, "identity.audit"),
        ("/desk/operations", "house.rail.operations", nil, "operations.view"),
    ]
}
