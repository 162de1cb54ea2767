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

    /// Reads a row's form: buttons, and files for one material.
    func row(field: String, take: (Reader.Part, inout Reader) async throws -> DraftContent.File) async throws -> Row {
        var reader = try await exchange.multipart()
        var row = Row()
        do {
            while let part = try await reader.nextPart() {
                guard let name = part.filename else {
                    let text = try await reader.text()
                    if part.name == "action" { row.action = text }
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
        try await cases.keepFile(file, of: number, viewer, area: area, at: exchange.now)
        return file
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
