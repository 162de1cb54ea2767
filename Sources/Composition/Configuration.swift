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
    /// Where SMS go.
    package var sms: SMSRoute

    /// Where SMS go: nowhere but into a file (masked), to a program of the district, or to its gateway.
    package enum SMSRoute: Sendable, Hashable {
        case log
        /// The program's whole path; it gets each SMS as JSON on standard input.
        case command(String)
        /// The gateway's address, and the file with the token it wants.
        case web(String, tokenFile: String?)

        /// Reads `log`, `command:/usr/local/bin/send-sms` or `https://…`; nil for anything else.
        package init?(_ text: String, tokenFile: String? = nil) {
            let command = "command:"
            switch text {
            case "log": self = .log
            case let text where text.hasPrefix(command): self = .command(String(text.dropFirst(command.count)))
            case let text where text.hasPrefix("https://") || text.hasPrefix("http://"):
                self = .web(text, tokenFile: tokenFile)
            default: return nil
            }
        }
    }

    package init(
        data: URL, database: String? = nil, host: String = "127.0.0.1", port: Int = 8080, publicURL: String? = nil,
        demo: Bool = false, trustsProxy: Bool = false, connections: Int = 8, sms: SMSRoute = .log
    ) {
        self.data = data
        self.database = database
        self.host = host
        self.port = port
        self.publicURL = publicURL ?? "http://\(host):\(port)"
        self.demo = demo
        self.trustsProxy = trustsProxy
        self.connections = connections
        self.sms = sms
    }

    /// Where what is sent nowhere is written down.
    var outbox: URL { data.appendingPathComponent("outbox") }
}
