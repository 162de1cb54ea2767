import Kernel
import Storage
import Workflow

/// Where the powers of attorney of applications are found.
enum AttorneyStore {
    static func insert(_ id: String, application: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO attorney (area, id, application, given_at) VALUES (\(area), \(id), \(application), \(now))
            """)
    }

    /// Ids of the powers given with any of these applications, the newest first.
    static func ids(of applications: [String], area: AreaCode, _ tx: Transaction) throws -> [String] {
        guard !applications.isEmpty else { return [] }
        return try tx.values(
            """
            SELECT id FROM attorney WHERE area = \(area) AND application IN (\(list: applications))
            ORDER BY given_at DESC, id DESC
            """, as: String.self)
    }
}

/// Keeps the rows of `attorney` beside their proceedings.
struct AttorneyProjection: Projection {
    typealias P = AttorneyProceeding

    func project(_ outcome: Outcome<AttorneyProceeding>, from occasion: Occasion, _ tx: Transaction) throws {
        guard outcome.events.contains(where: { if case .given = $0 { true } else { false } }) else { return }
        try AttorneyStore.insert(
            outcome.id, application: outcome.state.application, area: occasion.area, at: occasion.at, tx)
    }

    func labels(_ state: AttorneyProceeding.State) -> (number: String, item: String) { (state.number, "attorney") }

    func timerContext(
        _ state: AttorneyProceeding.State, id: String, _ occasion: Occasion, _ tx: Transaction
    ) throws -> AttorneyProceeding.Context {
        AttorneyProceeding.Context(at: occasion.at)
    }

    func recipient(_ state: AttorneyProceeding.State) -> (account: String, bucket: String)? { nil }
}
