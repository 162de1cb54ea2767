import Hummingbird
import Kernel
import Web

/// What the administrator's four pages have in common: the list with its history, and the form that is saved over the pack.
struct PlacePages: Sendable {
    let directory: DirectoryAPI
    let staff: any StaffNames
    private let size = 20

    init(directory: DirectoryAPI, staff: any StaffNames) {
        self.directory = directory
        self.staff = staff
    }

    /// One table of a list.
    struct Table {
        var title: String?
        var heads: [String]
        var rows: [View]
        var add: (href: String, label: String)?
    }

    /// One form and what it is about.
    struct Form {
        var title: String
        /// Nil for something new.
        var target: PlaceTarget?
        var fields: [View]
        var page: PlacePage
        var hint: String?
        var canRemove = false
        /// Asks whether to remove it, instead of showing the fields.
        var isRemoving = false
    }

    // MARK: The list

    func list(
        _ exchange: Exchange, _ area: AreaCode, _ page: PlacePage, _ places: Places, _ tables: [Table]
    ) async throws -> Response {
        let before = exchange.query("before").flatMap { Int($0) }
        let edits = try await directory.edits(of: page, area: area, before: before, limit: size + 1)
        let shown = edits.prefix(size)
        let names = try await staff.names(of: Set(shown.compactMap(\.staff)), area: area)
        let words = PlaceWords(exchange: exchange, profile: places.profile)
        let path = DirectoryPaths.list(page, area)
        let older = edits.count > size ? shown.last.map { path + "?before=\($0.version)" } : nil
        let title = exchange.text("directory.admin.\(page.rawValue)")
        return try await exchange.page(
            "directory.admin-list", title: title,
            View([
                "heading": title, "lead": exchange.text("directory.admin.\(page.rawValue)Lead"),
                "tabs": PlacePage.allCases.map {
                    View([
                        "href": DirectoryPaths.list($0, area), "label": exchange.text("directory.admin.\($0.rawValue)"),
                        "current": $0 == page,
                    ])
                },
                "tables": tables.enumerated().map { index, table in
                    View([
                        "id": "table-\(index)", "hasHead": table.title != nil || table.add != nil, "title": table.title,
                        "name": table.title ?? title,
                        "heads": table.heads.map { View(["text": exchange.text($0)]) }, "rows": table.rows,
                        "width": table.heads.count, "addHref": table.add?.href, "addLabel": table.add?.label,
                    ])
                },
                "hasHistory": !shown.isEmpty,
                "history": shown.map { edit in
                    View([
                        "when": edit.at.words(in: exchange.language, near: exchange.now.date),
                        "who": who(edit, names), "target": words.target(edit.target), "lines": words.lines(edit.change),
                    ])
                },
                "pager": older == nil && before == nil
                    ? nil : View(["previous": before == nil ? nil : path, "next": older, "shown": nil]),
            ]))
    }

    /// A row of a list: its name leads to the form.
    static func row(
        _ href: String, _ name: String, _ cells: [[String?]], tags: [(text: String, kind: String)] = []
    ) -> View {
        View([
            "href": href, "name": name,
            "cells": cells.map { lines in View(["lines": lines.map { View(["text": $0]) }]) },
            "tags": tags.map { View(["text": $0.text, "kind": $0.kind]) },
        ])
    }

    /// 已修改, and 与资料包冲突 where the pack has since changed too.
    func tags(_ exchange: Exchange, _ places: Places, _ target: PlaceTarget) -> [(text: String, kind: String)] {
        guard places.overlay.isEdited(target) else { return [] }
        if !places.conflicts(at: target).isEmpty { return [(exchange.text("directory.admin.clashes"), "tag-fault")] }
        return [(exchange.text("directory.admin.edited"), "tag-partial")]
    }

    // MARK: The form

    func show(
        _ exchange: Exchange, _ area: AreaCode, _ places: Places, _ form: Form, faults: [FieldFault] = [],
        clash: PlaceClash? = nil
    ) async throws -> Response {
        let words = PlaceWords(exchange: exchange, profile: places.profile)
        let conflicts = form.target.map { places.conflicts(at: $0) } ?? []
        var meanwhile: View?
        if let clash { meanwhile = try await banner(clash, exchange, area, words) }
        return try await exchange.page(
            "directory.admin-form", title: form.title,
            View([
                "heading": form.title, "here": exchange.request.uri.path,
                "back": DirectoryPaths.list(form.page, area),
                "backLabel": exchange.text("directory.admin.\(form.page.rawValue)"),
                "seen": form.target.map(places.seen) ?? "new", "fields": form.fields,
                "hint": form.hint.map { exchange.text($0) }, "canRemove": form.canRemove,
                "confirming": form.isRemoving,
                "conflicts": conflicts.map { View(["text": words.conflict($0)]) }, "clash": meanwhile,
            ]), faults: faults,
            status: clash != nil ? .conflict : faults.isEmpty ? .ok : .unprocessableContent)
    }

    /// Saves what was read, or answers with the form once more: with its faults, or with what somebody else did meanwhile.
    func save(
        _ exchange: Exchange, _ area: AreaCode, _ page: PlacePage, _ goal: PlaceGoal, _ read: PlaceReader,
        again: ([FieldFault], PlaceClash?) async throws -> Response
    ) async throws -> Response {
        guard read.faults.isEmpty else { return try await again(read.faults, nil) }
        let act = PlaceAct(area: area, actor: exchange.actor, request: exchange.requestID, at: exchange.now)
        do {
            let changed = try await directory.save(read.values, goal, act)
            return exchange.redirect(
                DirectoryPaths.list(page, area),
                flash: Message(changed ? "directory.admin.saved" : "directory.admin.unchanged"),
                kind: changed ? "done" : "info")
        } catch DomainError.invalid(let faults) {
            return try await again(faults, nil)
        } catch let clash as PlaceClash {
            return try await again([], clash)
        }
    }

    /// Who changed what and when, while the form was being filled in.
    private func banner(
        _ clash: PlaceClash, _ exchange: Exchange, _ area: AreaCode, _ words: PlaceWords
    ) async throws -> View {
        guard let edit = clash.edit else {
            return View(["title": exchange.text("directory.admin.clashPack"), "lines": [View]()])
        }
        let names = try await staff.names(of: Set([edit.staff].compactMap { $0 }), area: area)
        let time = edit.at.words(in: exchange.language, near: exchange.now.date)
        return View([
            "title": exchange.text("directory.admin.clash", ["who": who(edit, names), "time": time]),
            "lines": words.lines(edit.change),
        ])
    }

    private func who(_ edit: DirectoryEdit, _ names: [String: String]) -> String {
        edit.staff.flatMap { names[$0] } ?? edit.actor
    }
}
