import Foundation
import HTTPTypes
import Kernel
import Storage
import Synchronization
import TestKit
import Testing
import Web

@testable import Composition

/// What the server does when disk, database or clock do not do what they should; `make torture` does it to a running one.
@Suite("Hardships")
struct HardshipTests {
    @Test("Where the machine's clock is set back, the office's time stands until it has caught up")
    func clockSetBack() {
        let system = Mutex(FixedTime.start)
        let steady = SteadyTime { system.withLock { $0 } }
        let time = steady.source
        #expect(time.now() == FixedTime.start)
        #expect(steady.lag == 0 && Watch.clock(lag: steady.lag) == nil)
        system.withLock { $0 = FixedTime.start.adding(seconds: -3600) }
        #expect(time.now() == FixedTime.start)
        #expect(steady.lag == 3_600_000)
        #expect(Watch.clock(lag: steady.lag)?.hasPrefix("clock:") == true)
        system.withLock { $0 = FixedTime.start.adding(seconds: 5) }
        #expect(time.now() == FixedTime.start.adding(seconds: 5))
        #expect(steady.lag == 0)
    }

    @Test("A disk with room is no problem, one that is not there is")
    func disk() {
        #expect(Watch.space(FileManager.default.temporaryDirectory) == nil)
        #expect(Watch.space(URL(fileURLWithPath: "/nowhere-\(UUID().uuidString)"))?.hasPrefix("disk:") == true)
    }

    @Test(
        "With the database gone everything answers 503 with a sentence and a time to try again", arguments: Backend.all)
    func databaseGone(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let client = Client(office)
            #expect(try await client.get("/readyz").status == 200)
            await office.house.database.close()
            let ready = try await client.get("/readyz")
            #expect(ready.status == 503 && ready.text.contains("database:"))
            #expect(ready.headers[.retryAfter] != nil)
            #expect(try await client.get("/healthz").status == 200)
            for path in ["/\(Office.area)/", "/api/v1/areas/\(Office.area)/items"] {
                let answer = try await client.get(path)
                #expect(answer.status == 503, "\(path): \(answer.status)")
                #expect(answer.headers[.retryAfter] == "5")
            }
            let answer = try await client.get("/api/v1/areas/\(Office.area)/items")
            #expect(answer.json?["detail"].text?.contains("1") == true)
        }
    }
}
