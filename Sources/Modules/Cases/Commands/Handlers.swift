import Catalogue
import Documents
package import Kernel
package import Storage
package import Web
package import Workflow

// Who handles an application for the applicant, from the draft to the paper that is taken back.

/// A power of attorney with its id.
package struct OpenAttorney: Sendable {
    package let id: String
    package let state: AttorneyProceeding.State
}

extension CasesAPI {
    /// The shell of powers of attorney.
    package static let attorneys = Office<AttorneyProceeding>(projection: AttorneyProjection())

    /// Notes who handles a draft, as far as it was typed; nil takes the handler and the paper off again.
    @discardableResult
    package func saveHandler(
        _ handler: HandlerContent?, of id: String, area: AreaCode, _ viewer: ResidentViewer, at now: Moment
    ) async throws -> OpenDraft {
        try await changeDraft(id, area: area, viewer, at: now) { content, _ in
            content.handler = handler
            if handler == nil { content.files.removeAll { $0.material == HandlerContent.material } }
        }
    }

    /// What is missing of the handler; empty where there is none and none is needed.
    func handlerFaults(_ draft: OpenDraft, _ viewer: ResidentViewer, on today: CivilDate) -> [FieldFault] {
        guard let handler = draft.content.handler else {
            return viewer.byHandler ? [FieldFault("handler", Message("cases.handler.fault.none"))] : []
        }
        return handler.faults(on: today, papers: Self.papers(draft.content.files).count)
    }

    /// The powers of attorney among a draft's files.
    package static func papers(_ files: [DraftContent.File]) -> [DraftContent.File] {
        files.filter { $0.material == HandlerContent.material }
    }

    /// Notes in the transaction of a submission that a power of attorney came with it.
    package static func giveAttorney(
        _ handler: HandlerContent?, application: String, number: String, papers: [String], _ occasion: Occasion,
        _ tx: Transaction
    ) throws {
        guard let handler, let until = handler.until else { return }
        let id = ID<AttorneyProceeding>(at: occasion.at).description
        try attorneys.perform(
            .give(
                .init(
                    application: application, number: number, scope: handler.scope, until: until, papers: papers,
                    at: occasion.at)), on: id, occasion, tx
        ) { _ in AttorneyProceeding.Context(at: occasion.at) }
    }

    /// The power of attorney given with one of these applications; nil where the applicant handles them himself.
    package func attorney(of applications: [String], area: AreaCode) async throws -> OpenAttorney? {
        try await database.read { tx in
            guard let id = try AttorneyStore.ids(of: applications, area: area, tx).first,
                let state = try Self.attorneys.state(of: id, area: area, tx)?.state
            else { return nil }
            return OpenAttorney(id: id, state: state)
        }
    }

    /// A case's own, or that of the package it is a step of.
    func attorney(of opened: OpenCase) async throws -> OpenAttorney? {
        try await attorney(of: [opened.id, opened.state.part?.id].compactMap(\.self), area: opened.area)
    }

    /// The principal takes the power back; what the handler did before stays. Asked twice it changes nothing.
    ///
    /// - Throws: `.notFound`.
    package func withdrawAttorney(_ id: String, _ occasion: Occasion) async throws {
        try await database.write { tx in
            try Self.attorneys.perform(.withdraw, on: id, occasion, tx) { state in
                guard state != nil else { throw DomainError.notFound }
                return AttorneyProceeding.Context(at: occasion.at)
            }
        }
    }

    /// The one a number stands for: a resident's own case, or his own package.
    func ownAttorney(_ number: String, _ viewer: ResidentViewer, area: AreaCode) async throws -> OpenAttorney? {
        do {
            return try await attorney(of: try await openOwn(number, area: area, viewer))
        } catch DomainError.notFound {
            guard try await ownedPackages(by: viewer, area: area).contains(where: { $0.number == number }) else {
                throw DomainError.notFound
            }
            let id = try await database.read { [packages] tx in
                try packages?.find(number: number, area: area, tx)?.id
            }
            return try await attorney(of: [id].compactMap(\.self), area: area)
        }
    }
}
