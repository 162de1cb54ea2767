import Cases
import Catalogue
import Directory
import Documents
import Foundation
import Identity
import Kernel
import Notify
import Storage
import Web
import Workflow

// Where one module fills what another one asks for.

/// Cases and packages act on their timers.
struct OfficeTimers<P: Proceeding>: TimerHandler {
    let office: Office<P>
    var kind: String { P.kind }

    func fire(_ timer: TimerStore.Due, at now: Moment, request: String, _ tx: Transaction) throws -> Bool {
        try office.fire(timer, at: now, request: request, tx)
    }
}

/// The house's own texts and the work of the machinery.
struct HouseModule: Module {
    let name = "house"
    let timers: TimerWorker
    let database: any Database
    let anchors: AnchorFiles
    let gauges: QueueGauges
    var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }

    func addJobs(to jobs: Jobs) {
        let timers = timers
        let database = database
        let anchors = anchors
        let gauges = gauges
        jobs.add("house.gauges", every: 10) { now in try await gauges.measure(at: now) }
        jobs.add("workflow.anchors", every: 300) { now in try await anchors.run(at: now) }
        jobs.add("workflow.forgotten", every: 30) { _ in try await anchors.tell() }
        jobs.add("web.kept", every: 600) { now in try await KeptPosts.sweep(database, at: now) }
        jobs.add("workflow.timers", every: 2) { now in _ = try await timers.run(at: now) }
    }
}

/// An SMS is signed with the name of the area's body.
struct DirectoryOrgans: OrganNames {
    let directory: DirectoryAPI

    func name(of area: AreaCode) async throws -> LocalizedText? {
        do { return try await directory.profile(of: area).name } catch DomainError.notFound { return nil }
    }
}

/// Messages name items as the catalogue does.
struct CatalogueNames: ItemNames {
    let catalogue: CatalogueAPI

    func names(of slugs: Set<String>, area: AreaCode) async throws -> [String: LocalizedText] {
        try await catalogue.names(of: slugs, area: area)
    }
}

/// Authenticator apps read what the setter of documents draws.
struct DocumentCodes: CodeDrawer {
    func code(of text: String) throws -> DrawnCode {
        let picture = try CodePicture(text)
        return DrawnCode(side: picture.side, path: picture.path)
    }
}
