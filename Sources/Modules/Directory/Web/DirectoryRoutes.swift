import HTTPTypes
import Hummingbird
import Kernel
import Web

/// Addresses of an administrator's pages.
enum DirectoryPaths {
    static let areas = Path("/:area/desk/admin/areas", AreaCode.self)
    static let area = Path("/:area/desk/admin/areas/edit", AreaCode.self)
    static let departments = Path("/:area/desk/admin/departments", AreaCode.self)
    static let newDepartment = Path("/:area/desk/admin/departments/new", AreaCode.self)
    static let department = Path("/:area/desk/admin/departments/:id", AreaCode.self, String.self)
    static let halls = Path("/:area/desk/admin/halls", AreaCode.self)
    static let newHall = Path("/:area/desk/admin/halls/new", AreaCode.self)
    static let hall = Path("/:area/desk/admin/halls/:id", AreaCode.self, String.self)
    static let newWindow = Path("/:area/desk/admin/halls/:id/windows/new", AreaCode.self, String.self)
    static let window = Path("/:area/desk/admin/halls/:id/windows/:window", AreaCode.self, String.self, String.self)
    static let calendars = Path("/:area/desk/admin/calendars", AreaCode.self)
    static let calendar = Path("/:area/desk/admin/calendars/:year", AreaCode.self, Int.self)

    static func list(_ page: PlacePage, _ area: AreaCode) -> String {
        switch page {
        case .areas: areas.url(area)
        case .departments: departments.url(area)
        case .halls: halls.url(area)
        case .calendars: calendars.url(area)
        }
    }
}

/// The choice of an area, and its halls.
struct DirectoryRoutes: Sendable {
    /// 机构场所: an administrator's pages of this module.
    static let admin = Permission("directory.admin")
    let directory: DirectoryAPI
    let staff: any StaffNames

    func add(to routes: Routes) {
        addAdmin(to: routes)
        routes.get(Path("/"), requires: .open, chooser)
        routes.get(Path("/desk"), requires: .open, deskChooser)
        routes.get(Path("/:area/halls", AreaCode.self), requires: .open, halls)
        routes.get(Path("/:area/help", AreaCode.self), requires: .open, help)
        routes.get(Path("/:area/accessibility", AreaCode.self), requires: .open, accessibility)
    }

    private func addAdmin(to routes: Routes) {
        let pages = PlacePages(directory: directory, staff: staff)
        let admin = Access.permission(Self.admin)
        let area = AreaAdmin(pages: pages)
        routes.get(DirectoryPaths.areas, requires: admin, area.list)
        routes.get(DirectoryPaths.area, requires: admin, area.edit)
        routes.post(DirectoryPaths.area, requires: admin, area.save)
        let departments = DepartmentAdmin(pages: pages)
        routes.get(DirectoryPaths.departments, requires: admin, departments.list)
        routes.get(DirectoryPaths.newDepartment, requires: admin, departments.new)
        routes.post(DirectoryPaths.newDepartment, requires: admin, departments.create)
        routes.get(DirectoryPaths.department, requires: admin, departments.edit)
        routes.post(DirectoryPaths.department, requires: admin, departments.save)
        let halls = HallAdmin(pages: pages)
        routes.get(DirectoryPaths.halls, requires: admin, halls.list)
        routes.get(DirectoryPaths.newHall, requires: admin, halls.new)
        routes.post(DirectoryPaths.newHall, requires: admin, halls.create)
        routes.get(DirectoryPaths.hall, requires: admin, halls.edit)
        routes.post(DirectoryPaths.hall, requires: admin, halls.save)
        let windows = WindowAdmin(pages: pages)
        routes.get(DirectoryPaths.newWindow, requires: admin, windows.new)
        routes.post(DirectoryPaths.newWindow, requires: admin, windows.create)
        routes.get(DirectoryPaths.window, requires: admin, windows.edit)
        routes.post(DirectoryPaths.window, requires: admin, windows.save)
        let calendars = CalendarAdmin(pages: pages)
        routes.get(DirectoryPaths.calendars, requires: admin, calendars.list)
        routes.get(DirectoryPaths.calendar, requires: admin, calendars.edit)
        routes.post(DirectoryPaths.calendar, requires: admin, calendars.save)
    }

    /// Who: somebody new. One area: straight to it.
    @Sendable func chooser(_ exchange: Exchange) async throws -> Response {
        let areas = try await directory.areas()
        if areas.count == 1, let only = areas.first, exchange.query("choose") == nil {
            return exchange.redirect("/\(only.area.text)/")
        }
        return try await exchange.page(
            "directory.areas", title: exchange.text("directory.areas.title"),
            View(["areas": areas.map { View(["href": "/\($0.area.text)/", "name": $0.name, "code": $0.area.text]) }]))
    }

    @Sendable func deskChooser(_ exchange: Exchange) async throws -> Response {
        let areas = try await directory.areas()
        if areas.count == 1, let only = areas.first { return exchange.redirect("/\(only.area.text)/desk/tasks") }
        return try await exchange.page(
            "directory.areas", title: exchange.text("directory.areas.deskTitle"),
            View([
                "desk": true,
                "areas": areas.map {
                    View(["href": "/\($0.area.text)/desk/tasks", "name": $0.name, "code": $0.area.text])
                },
            ]))
    }

    @Sendable func halls(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let profile = try await directory.profile(of: area)
        let calendar = try await directory.calendar(of: area)
        let language = exchange.language
        let open = calendar.isWorkingDay(exchange.now.date)
        let halls = profile.halls.map { hall in
            View([
                "name": hall.name[language], "address": hall.address?[language], "phone": hall.phone,
                "hours": hall.hours.map { View(["text": exchange.words($0)]) },
                "windows": hall.windows.map { window in
                    View([
                        "number": window.number, "name": window.name[language],
                        "departments": window.departments.isEmpty
                            ? exchange.text("directory.halls.anything")
                            : window.departments.map { profile.departmentName($0, in: language) }.joined(separator: "、")
                            ,
                    ])
                },
            ])
        }
        return try await exchange.page(
            "directory.halls", title: exchange.text("directory.halls.title"),
            View([
                "halls": halls, "demoData": profile.demo,
                "today": exchange.text(open ? "directory.halls.workingDay" : "directory.halls.dayOff"),
            ]))
    }

    @Sendable func help(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        _ = try await directory.profile(of: area)
        return try await exchange.page("directory.help", title: exchange.text("directory.help.title"), View())
    }

    @Sendable func accessibility(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        _ = try await directory.profile(of: area)
        return try await exchange.page(
            "directory.accessibility", title: exchange.text("directory.accessibility.title"), View())
    }
}

extension Exchange {
    /// `周一至周五 9:00—12:00`
    func words(_ hours: AreaProfile.Hours) -> String {
        func day(_ number: Int) -> String { text("directory.day.\(number)") }
        let consecutive = hours.days.count > 2 && zip(hours.days, hours.days.dropFirst()).allSatisfy { $1 == $0 + 1 }
        let days =
            consecutive
            ? text("directory.days.range", ["from": day(hours.days.first ?? 1), "to": day(hours.days.last ?? 5)])
            : hours.days.map(day).joined(separator: "、")
        let span = "\(days) \(clockText(hours.from))—\(clockText(hours.to))"
        return hours.extra ? text("directory.hours.extra", ["hours": span]) : span
    }
}

/// `9:00` of minutes since midnight.
func clockText(_ minutes: Int) -> String { "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)" }
