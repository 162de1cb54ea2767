import Catalogue
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web
import Workflow

/// Receives uploads of the portal and the API: piece by piece, and always to the end, so that the reason of a refusal
/// arrives.
struct Upload: Sendable {
    typealias Reader = MultipartReader<RequestBody.AsyncIterator>
    typealias Receive = (OpenVault, String, [FileKind], Int) async throws -> (file: StoredFile, digest: String)

    let cases: CasesAPI
    let exchange: Exchange

    /// What one row of the materials page sent.
    struct Row: Sendable {
        var files: [DraftContent.File] = []
        var action: String?
        var faults: [FieldFault] = []
    }

    /// Reads a row's form: buttons, and files for one material; a file that arrived in parts before is named by `upload`.
    ///
    /// - Parameter known: a file by its id, where an upload was handed in before and the answer was lost.
    func row(
        field: String, known: (String) async throws -> DraftContent.File? = { _ in nil },
        take: (Reader.Part, inout Reader) async throws -> DraftContent.File
    ) async throws -> Row {
        var reader = try await exchange.multipart()
        var row = Row()
        var called = ""
        do {
            while let part = try await reader.nextPart() {
                guard let name = part.filename else {
                    let text = try await reader.text()
                    switch part.name {
                    case "action": row.action = text
                    case "filename": called = text
                    case "upload":
                        do {
                            row.files.append(try await handIn(text, .init(name: field, filename: called), known, take))
                        } catch {
                            row.faults += try Self.faults(error, at: field)
                        }
                    default: break
                    }
                    continue
                }
                if name.isEmpty { continue }
                do {
                    row.files.append(try await take(part, &reader))
                } catch {
                    row.faults += try Self.faults(error, at: field)
                }
            }
        } catch let error as DomainError {
            throw error
        } catch is Reader.Fault {
            throw DomainError.invalid(field, "web.fault.upload")
        }
        return row
    }

    /// Takes an upload that arrived in parts like a file of the form.
    private func handIn(
        _ text: String, _ part: Reader.Part, _ known: (String) async throws -> DraftContent.File?,
        _ take: (Reader.Part, inout Reader) async throws -> DraftContent.File
    ) async throws -> DraftContent.File {
        let area = try exchange.place()
        guard let ticket = Uploads.Ticket(text) else { throw DomainError.notFound }
        let uploads = Uploads(database: cases.database, files: cases.files, vaults: cases.vaults)
        let owner = try exchange.resident().account
        switch try await uploads.whole(ticket, owner: owner, area: area, at: exchange.now) {
        case .handedIn(let id):
            guard let file = try await known(id) else { throw DomainError.notFound }
            return file
        case .content(let content):
            var reader = Reader(content: RequestBody(asyncSequence: content).makeAsyncIterator())
            let file = try await take(part, &reader)
            try await uploads.handedIn(ticket, as: file.id, area: area)
            return file
        }
    }

    /// Reads a form whose files are named `m-MATERIAL`; the rest are its fields.
    func form(
        take: (Reader.Part, inout Reader) async throws -> DraftContent.File
    ) async throws -> (form: FormData, faults: [FieldFault]) {
        var reader = try await exchange.multipart()
        var form = FormData()
        var faults: [FieldFault] = []
        do {
            while let part = try await reader.nextPart() {
                guard let name = part.filename else {
                    form.append(part.name, try await reader.text())
                    continue
                }
                guard !name.isEmpty, part.name.hasPrefix("m-") else { continue }
                do {
                    _ = try await take(part, &reader)
                } catch {
                    faults += try Self.faults(error, at: part.name)
                }
            }
        } catch let error as DomainError {
            throw error
        } catch is Reader.Fault {
            throw DomainError.invalid("", "web.fault.upload")
        }
        return (form, faults)
    }

    /// One file for a material of a draft.
    func attach(
        _ part: Reader.Part, _ reader: inout Reader, _ material: String, to draft: String, area: AreaCode,
        _ viewer: ResidentViewer
    ) async throws -> DraftContent.File {
        try await cases.attach(
            named: part.filename ?? "", material: material, to: draft, area: area, viewer, at: exchange.now
        ) {
            vault, id, allowed, limit in
            try await cases.files.receive(
                part, &reader, into: vault, id: id, field: "m-\(material)", allowed: allowed, limit: limit)
        }
    }

    /// One file for a listed point of a correction.
    func supplement(
        _ part: Reader.Part, _ reader: inout Reader, _ material: String, of number: String, area: AreaCode,
        _ viewer: ResidentViewer
    ) async throws -> DraftContent.File {
        let file = try await cases.receiveSupplementFile(
            number, material: material, name: part.filename ?? "", viewer, area: area, at: exchange.now
        ) { vault, id, allowed, limit in
            try await cases.files.receive(
                part, &reader, into: vault, id: id, field: "m-\(material)", allowed: allowed, limit: limit)
        }
        return try await cases.keepFile(file, of: number, viewer, area: area, at: exchange.now)
    }

    /// What a reader can mend, as faults beside the control; anything else goes on up.
    static func faults(_ error: any Error, at field: String) throws -> [FieldFault] {
        switch error {
        case DomainError.invalid(let faults): return faults.map { FieldFault(field, $0.message) }
        case DomainError.tooLarge(let message), DomainError.refused(let message): return [FieldFault(field, message)]
        default: throw error
        }
    }

    /// The answer to a script: what became of the file.
    func answer(_ row: Row, ready: String, href: (String) -> String, remove: (String) -> String) -> Response {
        if let fault = row.faults.first {
            return exchange.json(
                [
                    "title": .string(exchange.text("web.error.invalid.title")), "status": 422,
                    "detail": .string(exchange.text(fault.message)), "reason": .string(fault.message.key),
                ], status: .unprocessableContent)
        }
        guard let file = row.files.last else {
            return exchange.json(["detail": .string(exchange.text("web.fault.upload"))], status: .unprocessableContent)
        }
        return exchange.json([
            "id": .string(file.id), "name": .string(file.name), "size": .string(sizeWords(file.size)),
            "bytes": .int(Int64(file.size)),
            "href": .string(href(file.id)), "remove": .string(remove(file.id)), "ready": .string(ready),
        ])
    }
}
