import HTTPTypes
import Hummingbird

/// What keeps a server from serving: asked by `/readyz`, by which a load balancer takes a server out and puts it back.
package struct Readiness: Sendable {
    /// Nil where all is well, else a sentence for the operator: what is wrong and what to do.
    package typealias Check = @Sendable () async -> String?

    private let checks: [Check]

    package init(_ checks: [Check] = []) { self.checks = checks }

    func problems() async -> [String] {
        var problems: [String] = []
        for check in checks { if let problem = await check() { problems.append(problem) } }
        return problems
    }

    /// `ready`, or 503 with one sentence a line.
    func response() async -> Response {
        let problems = await problems()
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
        if !problems.isEmpty { headers[.retryAfter] = "5" }
        let text = problems.isEmpty ? "ready\n" : problems.map { $0 + "\n" }.joined()
        return Response(
            status: problems.isEmpty ? .ok : .serviceUnavailable, headers: headers,
            body: .init(byteBuffer: .init(string: text)))
    }
}
