package import Foundation
import FoundationNetworking
import Kernel
import Web

/// Posts each SMS as JSON to the district's gateway; an answer 2xx means that it was taken.
///
/// The message's id stands in the body and as `Idempotency-Key`. Redirections are not followed: the token is for that address alone.
package struct WebGateway: SMSGateway {
    private let url: URL
    private let tokenFile: URL?
    private let session: URLSession

    /// - Parameters:
    ///   - url: `https://…`, or `http://…` within the office network.
    ///   - tokenFile: holds what is sent as `Authorization: Bearer …`; read anew each time, so that it can be changed.
    ///   - limit: seconds to wait for an answer.
    /// - Throws: `BootError` for an address that is none, or a token that cannot be read.
    package init(url text: String, tokenFile: URL?, limit: Int = 10) throws {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme ?? ""), url.host?.isEmpty == false,
            url.user == nil
        else { throw BootError("\(text) is no address of an SMS gateway") }
        self.url = url
        self.tokenFile = tokenFile
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = TimeInterval(limit)
        configuration.timeoutIntervalForResource = TimeInterval(limit)
        configuration.httpShouldSetCookies = false
        session = URLSession(configuration: configuration, delegate: StayThere(), delegateQueue: nil)
        if let tokenFile {
            do { _ = try Self.token(tokenFile) } catch {
                throw BootError("the token of the SMS gateway cannot be read from \(tokenFile.path)")
            }
        }
    }

    package func send(_ message: ShortMessage) async throws {
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = Data(message.json.canonical.utf8)
        request.setValue("application/json; charset=utf-8", forHTTPHeaderField: "Content-Type")
        request.setValue(message.id, forHTTPHeaderField: "Idempotency-Key")
        if let tokenFile {
            request.setValue("Bearer \(try Self.token(tokenFile))", forHTTPHeaderField: "Authorization")
        }
        let status: Int
        do {
            status = (try await session.data(for: request).1 as? HTTPURLResponse)?.statusCode ?? 0
        } catch let error as URLError {
            // Its description holds the address, which may be secret: the code says enough.
            throw GatewayFault(description: "the gateway cannot be reached (\(error.code.rawValue))")
        }
        guard (200..<300).contains(status) else { throw GatewayFault(description: "the gateway answered \(status)") }
    }

    private static func token(_ file: URL) throws -> String {
        let text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw GatewayFault(description: "the gateway's token cannot be read")
        }
        return text
    }
}

/// Answers redirections by staying where it is.
private final class StayThere: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) { completionHandler(nil) }
}
