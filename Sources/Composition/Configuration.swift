package import Foundation

/// What the operator decides at start, from the command line and the environment.
package struct Configuration: Sendable {
    /// Where the database (SQLite), keys and files are kept.
    package var data: URL
    /// `postgres://…`; nil for the embedded database in the data folder.
    package var database: String?
    package var host: String
    package var port: Int
    /// Where the portal is seen from outside.
    package var publicURL: String
    /// Demonstration data and accounts; watermarks on documents.
    package var demo: Bool
    package var trustsProxy: Bool
    /// Connections to PostgreSQL.
    package var connections: Int

    package init(
        data: URL, database: String? = nil, host: String = "127.0.0.1", port: Int = 8080, publicURL: String? = nil,
        demo: Bool = false, trustsProxy: Bool = false, connections: Int = 8
    ) {
        self.data = data
        self.database = database
        self.host = host
        self.port = port
        self.publicURL = publicURL ?? "http://\(host):\(port)"
        self.demo = demo
        self.trustsProxy = trustsProxy
        self.connections = connections
    }
}
