import HTTPTypes
import Hummingbird
import Kernel
import Web

/// The choice of an area, and its halls.
struct DirectoryRoutes: Sendable {
    let directory: DirectoryAPI

    func add(to routes: Routes) {
        routes.get(Path("/"), requires: .open, chooser)
        routes.get(Path("/desk"), requires: .open, deskChooser)
        routes.get(Path("/:area/halls", AreaCode.self), requires: .open, halls)
        routes.get(Path("/:area/help", AreaCode.self), requires: .open, help)
        routes.get(Path("/:area/accessibility", AreaCode.self), requires: .open, accessibility)
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
                "areas": areas.map { View(["href": "/\($0.area.text)/desk/tasks", "name": $0.name, "code": $0.area.text]) },
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
                "hours": hall.hours.map { View(["text": Self.text($0, exchange)]) },
                "windows": hall.windows.map { window in
                    View([
                        "number": window.number, "name": window.name[language],
                        "departments": window.departments.isEmpty
                            ? exchange.text("directory.halls.anything")
                            : window.departments.map { profile.departmentName($0, in: language) }.joined(separator: "、"),
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
        return try await exchange.page("directory.accessibility", title: exchange.text("directory.accessibility.title"), View())
    }

    /// `周一至周五 9:00—12:00`
    private static func text(_ hours: AreaProfile.Hours, _ exchange: Exchange) -> String {
        func time(_ minutes: Int) -> String { "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)" }
        func day(_ number: Int) -> String { exchange.text("directory.day.\(number)") }
        let consecutive = hours.days.count > 2 && zip(hours.days, hours.days.dropFirst()).allSatisfy { $1 == $0 + 1 }
        let days =
            consecutive
            ? exchange.text("directory.days.range", ["from": day(hours.days.first ?? 1), "to": day(hours.days.last ?? 5)])
            : hours.days.map(day).joined(separator: "、")
        let span = "\(days) \(time(hours.from))—\(time(hours.to))"
        return hours.extra ? exchange.text("directory.hours.extra", ["hours": span]) : span
    }
}
