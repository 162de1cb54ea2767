import Catalogue
import Directory
import Documents
import Kernel
import Web

/// Drafts and cases as the API gives them.
struct CaseJSON {
    let language: Language
    let text: (Message) -> String

    init(_ exchange: Exchange) {
        language = exchange.language
        text = { exchange.text($0) }
    }

    func line(_ line: CaseLine, name: LocalizedText?) -> JSON {
        [
            "number": .string(line.number), "item": .string(line.item),
            "itemName": .string(name?[language] ?? line.item),
            "department": .string(line.department), "stage": .string(line.stage.rawValue),
            "stageName": .string(text(line.stage.message(of: line.number))),
            "channel": .string(line.channel.rawValue),
            "submittedAt": moment(line.openedAt), "dueAt": moment(line.dueAt), "endedAt": moment(line.endedAt),
            "changedAt": moment(line.changedAt),
        ]
    }

    /// How a case stands: stage, limits, result.
    func head(_ head: CaseHead) -> JSON { .object(members(head)) }

    private func members(_ head: CaseHead) -> [String: JSON] {
        let state = head.state
        var members: [String: JSON] = [
            "number": .string(state.number), "item": .string(state.item), "itemVersion": .int(Int64(state.itemVersion)),
            "itemName": .string(head.item.definition.name[language]), "department": .string(state.department),
            "departmentName": .string(head.profile.departmentName(state.department, in: language)),
            "stage": .string(state.stage.rawValue),
            "stageName": .string(text(state.stage.message(of: state.number))),
            "channel": .string(state.channel.rawValue), "version": .int(Int64(head.version)),
            "submittedAt": moment(state.submittedAt), "receivedAt": moment(state.receivedAt),
            "acceptedAt": moment(state.acceptedAt),
            "decidedAt": moment(state.decidedAt), "endedAt": moment(state.endedAt),
            "deemedAccepted": .bool(state.deemed),
            "limits": [
                "acceptance": limit(state.acceptance), "correction": limit(state.correction),
                "promised": limit(state.promised),
                "statutory": limit(state.statutory),
            ],
        ]
        beside(state, &members)
        if let result = state.result {
            members["result"] = [
                "number": result.number.map(JSON.string) ?? .null, "on": .string(result.on.description),
                "until": result.until.map { .string($0.description) } ?? .null, "delivery": .string(result.delivery),
            ]
        }
        return members
    }

    /// What is under way beside the plain road; nothing where nothing is.
    private func beside(_ state: CaseState, _ members: inout [String: JSON]) {
        members["paused"] = .bool(state.isPaused)
        if let procedures = state.procedures {
            members["procedures"] = .array(
                procedures.map {
                    [
                        "id": .string($0.id), "kind": .string($0.kind.rawValue), "startedAt": moment($0.startedAt),
                        "expected": .string($0.expected.description), "pauses": .bool($0.pauses),
                    ]
                })
        }
        if let branches = state.branches {
            members["opinions"] = .array(
                branches.map {
                    [
                        "department": .string($0.department), "round": .int(Int64($0.round)),
                        "dueAt": moment($0.limit.dueAt),
                        "opinion": $0.opinion.map { .string($0.rawValue) } ?? .null,
                        "answeredAt": moment($0.answeredAt),
                    ]
                })
        }
        if let awaited = state.awaited {
            members["awaited"] = [
                "kind": .string(awaited.kind.rawValue), "until": .string(awaited.limit.dueOn.description),
            ]
        }
        if let served = state.served {
            members["served"] = [
                "method": .string(served.method.rawValue), "on": .string(served.on.description),
                "reviewUntil": .string(served.reviewUntil.description),
                "courtUntil": .string(served.courtUntil.description),
            ]
        }
        if let afterwards = state.afterwards {
            members["afterwards"] = [
                "kind": .string(afterwards.kind.rawValue), "at": moment(afterwards.at),
            ]
        }
    }

    /// A whole case: how it stands, what was handed in, documents, history.
    func whole(
        _ opened: OpenCase, history: [TimelineEntry], notices: [NoticeRow], points: [CorrectionWords.Point],
        internalLines: Bool
    ) throws -> JSON {
        let state = opened.state
        let content = try opened.content()
        var members = members(opened.head)
        members["situations"] = .object(content.situations)
        members["form"] = .object(content.form)
        members["files"] = .array(
            state.files.map { file in
                [
                    "id": .string(file.id), "material": .string(file.material),
                    "name": .string(content.fileNames[file.id] ?? ""), "bytes": .int(Int64(file.size)),
                    "type": .string(file.type),
                    "sha256": .string(file.digest),
                ]
            })
        members["notices"] = .array(
            notices.map { notice in
                [
                    "id": .string(notice.id), "kind": .string(notice.kind), "title": .string(notice.title),
                    "number": notice.number.map(JSON.string) ?? .null, "state": .string(notice.state),
                    "issuedAt": moment(notice.issuedAt),
                ]
            })
        members["timeline"] = .array(
            history.filter { internalLines || !$0.isInternal }.map { entry($0, of: state.number, opened.profile) })
        if opened.round != nil {
            members["correction"] = .array(
                points.map { point in
                    [
                        "id": .string(point.id), "subject": .string(point.subject), "problem": .string(point.problem),
                        "fix": .string(point.fix),
                    ]
                })
        }
        return .object(members)
    }

    private func entry(_ entry: TimelineEntry, of number: String, _ profile: AreaProfile) -> JSON {
        var arguments: [String: String] = [:]
        if let due = entry.due { arguments["due"] = due.words(in: language) }
        if let count = entry.count { arguments["count"] = count.grouped }
        if let department = entry.department {
            arguments["department"] = profile.departmentName(department, in: language)
        }
        let who =
            switch entry.doer {
            case .applicant: "applicant"
            case .officer: "office"
            case .system: "system"
            }
        return [
            "at": moment(entry.at), "kind": .string(entry.kind), "who": .string(who),
            "text": .string(text(entry.message(arguments, of: number))),
            "notice": entry.notice.map { .string($0.id) } ?? .null,
            "due": entry.due.map { .string($0.description) } ?? .null,
        ]
    }

    private func limit(_ limit: RunningLimit?) -> JSON {
        guard let limit else { return .null }
        return [
            "limit": .string(limit.limit.description), "startedAt": moment(limit.startedAt),
            "dueAt": moment(limit.dueAt),
            "dueOn": .string(limit.dueOn.description), "provisional": .bool(limit.provisional),
        ]
    }

    func moment(_ moment: Moment?) -> JSON { moment.map { .string($0.description) } ?? .null }

    // MARK: Drafts

    /// - Parameter handler: what is missing of who handles it.
    func draft(_ draft: OpenDraft, _ check: DraftCheck, handler: [FieldFault]) -> JSON {
        let faults = (check.faults + handler).map { fault -> JSON in
            [
                "field": .string(fault.field), "reason": .string(fault.message.key),
                "detail": .string(text(fault.message)),
            ]
        }
        return [
            "id": .string(draft.row.id), "item": .string(draft.row.item),
            "itemVersion": .int(Int64(draft.row.itemVersion)),
            "version": .int(Int64(draft.row.version)), "expiresAt": moment(draft.row.expiresAt),
            "changedAt": moment(draft.row.changedAt),
            "situations": .object(draft.content.situations), "form": .object(draft.content.form),
            "sections": .array(check.rules.sections.map { .string($0.id) }),
            "materials": .array(
                check.situations.materials.map { needed in
                    [
                        "id": .string(needed.material.id), "name": .string(needed.material.name[language]),
                        "required": .bool(needed.required),
                        "upload": .bool(needed.toUpload && needed.material.form != .paper),
                    ]
                }),
            "files": .array(
                draft.content.files.map { file in
                    [
                        "id": .string(file.id), "material": .string(file.material), "name": .string(file.name),
                        "bytes": .int(Int64(file.size)), "type": .string(file.type), "sha256": .string(file.digest),
                    ]
                }),
            "faults": .array(faults), "missing": .array(check.missing.map { .string($0.id) }),
            "ready": .bool(check.isReady && handler.isEmpty),
            "handler": draft.content.handler.map { handler in
                [
                    "name": .string(handler.name), "idNumber": .string(handler.idNumber),
                    "scope": .array(handler.scope.map { .string($0.rawValue) }),
                    "until": handler.until.map { .string($0.description) } ?? .null,
                ]
            } ?? .null,
        ]
    }
}
