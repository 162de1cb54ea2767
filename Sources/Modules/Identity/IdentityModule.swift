package import Directory
package import Foundation
package import Kernel
package import Storage
package import Web
package import Workflow

/// People and what they may do: residents' accounts and whom they act for, staff with posts and deputies, systems with
/// tokens (个人信息保护法 arts. 13–15, 31, 45, 47; GB/T 22239-2019 level 3; GB/T 35273-2020).
///
/// Neighbours: every module asks it who somebody is; it knows none of them but the office's machinery and the directory.
package struct IdentityModule: Module {
    package let name = "identity"
    package var migrations: [Migration] { [M001.migration] }
    package var permissions: [Permission] { IdentityPermissions.all }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    /// The procedures of this module, for `tongban verify`.
    package static var replays: [any Replayable] { [Replay<PostProceeding>(), Replay<CheckProceeding>()] }
    let identity: IdentityAPI
    let directory: DirectoryAPI
    let codes: any CodeDrawer
    let ownData: [any OwnData]
    let history: any CounterHistory

    /// - Parameters:
    ///   - codes: draws what authenticator apps read.
    ///   - history: what the counter shows of the one who sits there.
    ///   - ownData: what other modules keep of a resident, for the file he may take along.
    package init(
        identity: IdentityAPI, directory: DirectoryAPI, codes: any CodeDrawer, history: any CounterHistory,
        ownData: [any OwnData] = []
    ) {
        self.identity = identity
        self.directory = directory
        self.codes = codes
        self.history = history
        self.ownData =
            [OwnChecks(identity: identity, directory: directory), OwnSecurityLog(identity: identity)] + ownData
    }

    package func addRoutes(to routes: Routes) {
        IdentityRoutes(identity: identity, directory: directory, codes: codes, ownData: ownData, history: history)
            .add(to: routes)
    }

    package func addQueues(to queues: Queues) {
        queues.add("outbox.\(IdentityAPI.letters)") { _, tx in try Outbox.queue(IdentityAPI.letters, tx) }
    }

    package func addJobs(to jobs: Jobs) {
        jobs.add("identity.sweep", every: 3600) { [identity] now in try await identity.sweep(at: now) }
        jobs.add("identity.letters", every: 2) { [identity] now in try await identity.carryLetters(at: now) }
        jobs.add("identity.absences", every: 300) { [identity] now in try await identity.moveTasksOfAbsent(at: now) }
    }
}
