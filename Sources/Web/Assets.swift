package import Foundation
import HTTPTypes
import Hummingbird

/// Style sheets, scripts and pictures, read at boot and served under an address that changes with their content.
package struct Assets: Sendable {
    private let files: [String: (type: String, bytes: ByteBuffer)]
    /// Of all files together, so that scripts can import each other by relative addresses.
    package let fingerprint: String

    /// Reads every file below `folder`.
    package init(folder: URL, fingerprint hash: ([UInt8]) -> String) throws {
        var files: [String: (type: String, bytes: ByteBuffer)] = [:]
        var all: [UInt8] = []
        let base = folder.standardizedFileURL.path
        let paths = (FileManager.default.enumerator(atPath: base)?.allObjects as? [String] ?? []).sorted()
        for path in paths {
            guard let type = Self.types[(path as NSString).pathExtension] else { continue }
            let data = try Data(contentsOf: URL(fileURLWithPath: base).appendingPathComponent(path))
            files[path] = (type, ByteBuffer(bytes: data))
            all += Array(path.utf8) + data
        }
        self.files = files
        fingerprint = String(hash(all).prefix(12))
    }

    /// The address of a file.
    package func url(_ path: String) -> String { "/static/\(fingerprint)/\(path)" }

    /// The file, to be kept for a year: another content has another address.
    func response(_ path: String) -> Response? {
        guard let file = files[path] else { return nil }
        return Response(
            status: .ok,
            headers: [
                .contentType: file.type, .cacheControl: "public, max-age=31536000, immutable",
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: file.bytes))
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "woff2": "font/woff2", "ttf": "font/ttf",
        "webmanifest": "application/manifest+json", "json": "application/json", "txt": "text/plain; charset=utf-8",
    ]
}
