package import HTTPTypes
package import Hummingbird
package import Kernel

/// One route as it was declared: the table of all of them is what permissions, tests and the API description are checked against.
package struct RouteEntry: Sendable {
    package let method: HTTPRequest.Method
    package let pattern: String
    package let access: Access
    /// Under `/api/v1`: answers JSON and takes bearer tokens.
    package let isAPI: Bool
    /// The body is read by the handler itself (uploads).
    package let streams: Bool
    /// A page of the desk, or of the API what only staff and their systems may call.
    package var isOfDesk: Bool {
        pattern.hasPrefix("/:area/desk") || pattern == "/desk" || pattern.hasPrefix("/desk/")
            || (isAPI && access.isForStaff)
    }
    let names: [String]
    /// What the page is written from: where it is there, what was written for one reader who is not signed in is shown to others.
    var stamp: (@Sendable (AreaCode) async throws -> String)?
    /// What the description of the API says of it; nil for a page.
    var contract: Contract.Operation?
    let handler: @Sendable (Exchange, [String]) async throws -> Response
}

/// Collects the routes of all modules.
package final class Routes {
    package private(set) var entries: [RouteEntry] = []

    package init() {}

    /// A page or resource to look at.
    ///
    /// - Parameter stamp: changes with what the page is written from. Where it is given, the page says the same to everybody who is not
    ///   signed in, and is kept for some seconds.
    package func get<each P>(
        _ path: Path<repeat each P>, requires access: Access,
        keptBy stamp: (@Sendable (AreaCode) async throws -> String)? = nil,
        _ handler: @escaping @Sendable (Exchange, repeat each P) async throws -> Response
    ) {
        add(.get, path, access, streams: false, stamp: stamp, handler)
    }

    /// A command; `streams` where the handler reads an upload itself.
    package func post<each P>(
        _ path: Path<repeat each P>, requires access: Access, streams: Bool = false,
        _ handler: @escaping @Sendable (Exchange, repeat each P) async throws -> Response
    ) {
        add(.post, path, access, streams: streams, handler)
    }

    /// Replaces a part, only for the API.
    package func put<each P>(
        _ path: Path<repeat each P>, requires access: Access, streams: Bool = false,
        _ handler: @escaping @Sendable (Exchange, repeat each P) async throws -> Response
    ) {
        add(.put, path, access, streams: streams, handler)
    }

    /// Removes something, only for the API.
    package func delete<each P>(
        _ path: Path<repeat each P>, requires access: Access,
        _ handler: @escaping @Sendable (Exchange, repeat each P) async throws -> Response
    ) {
        add(.delete, path, access, streams: false, handler)
    }

    private func add<each P>(
        _ method: HTTPRequest.Method, _ path: Path<repeat each P>, _ access: Access, streams: Bool,
        stamp: (@Sendable (AreaCode) async throws -> String)? = nil,
        _ handler: @escaping @Sendable (Exchange, repeat each P) async throws -> Response
    ) {
        entries.append(
            RouteEntry(
                method: method, pattern: path.pattern, access: access, isAPI: path.pattern.hasPrefix("/api/"),
                streams: streams, names: path.names, stamp: stamp
            ) { exchange, raw in
                let values = try path.values(raw)
                return try await handler(exchange, repeat each values)
            })
    }
}
