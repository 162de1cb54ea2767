package import Cryptography
package import Foundation
import Hummingbird
package import Kernel
package import Logging
package import Storage

/// What every route and job works with; made once by the composition root and handed on.
package struct AppContext: Sendable {
    package let database: any Database
    package let time: TimeSource
    package let logger: Logger
    package let pages: PageLibrary
    package let assets: Assets
    package let settings: WebSettings
    package let limiter: RateLimiter
    let keptPages = KeptPages()
    package let authenticator: any Authenticator
    package let chrome: any ChromeSource
    package let readiness: Readiness
    let signer: CookieSigner
    /// In which algorithms kept forms are sealed at the moment.
    let suite: @Sendable () -> Seal.Suite

    package init(
        database: any Database, time: TimeSource, logger: Logger, pages: PageLibrary, assets: Assets,
        settings: WebSettings,
        cookieKey: [UInt8], authenticator: any Authenticator, chrome: any ChromeSource,
        readiness: Readiness = Readiness(), suite: @escaping @Sendable () -> Seal.Suite = { .aes256GCM }
    ) {
        self.database = database
        self.time = time
        self.logger = logger
        self.pages = pages
        self.assets = assets
        self.settings = settings
        limiter = RateLimiter()
        self.authenticator = authenticator
        self.chrome = chrome
        self.readiness = readiness
        signer = CookieSigner(key: cookieKey)
        self.suite = suite
    }
}

/// What the operator sets.
package struct WebSettings: Sendable {
    /// Demonstration data: accounts with known passwords, watermarks 演示; a production start refuses them.
    package let demo: Bool
    /// Where the portal is seen from outside, without a slash at the end; stands in QR codes.
    package let publicURL: String
    /// The largest upload in bytes.
    package let uploadLimit: Int
    /// Take the caller's address from `X-Forwarded-For`: only behind a proxy that sets it.
    package let trustsProxy: Bool
    /// Where uploads and generated files are kept.
    package let files: URL

    package init(demo: Bool, publicURL: String, uploadLimit: Int = 50 << 20, trustsProxy: Bool = false, files: URL) {
        self.demo = demo
        self.publicURL = publicURL
        self.uploadLimit = uploadLimit
        self.trustsProxy = trustsProxy
        self.files = files
    }
}

/// What the frame around a page shows of its area and of the one who looks; filled by Directory, Identity and Notify.
package struct Chrome: Sendable {
    package var areaName: String?
    package var advicePhone: String?
    package var complaintPhone: String?
    /// Unread messages of the resident.
    package var unread: Int
    /// Open tasks, those near their limit, those over it; for staff.
    package var tasks: (all: Int, warn: Int, over: Int)?
    /// Links of the desk's rail that the viewer may follow.
    package var rail: [RailLink]

    package init(
        areaName: String? = nil, advicePhone: String? = nil, complaintPhone: String? = nil, unread: Int = 0,
        tasks: (all: Int, warn: Int, over: Int)? = nil, rail: [RailLink] = []
    ) {
        self.areaName = areaName
        self.advicePhone = advicePhone
        self.complaintPhone = complaintPhone
        self.unread = unread
        self.tasks = tasks
        self.rail = rail
    }
}

/// A link of the desk's rail.
package struct RailLink: Sendable, Hashable {
    /// Below the area, such as `/desk/tasks`.
    package let path: String
    /// The key of its text.
    package let key: String
    /// What leads to it after `g`.
    package let letter: String?
    /// Other addresses of the same place: there, and below, it is marked as current too.
    package let covers: [String]

    package init(_ path: String, _ key: String, letter: String? = nil, covers: [String] = []) {
        self.path = path
        self.key = key
        self.letter = letter
        self.covers = covers
    }

    /// How much of the address `place` (below the area) it covers, in characters; 0 for nothing.
    func reach(_ place: String) -> Int {
        ([path] + covers).filter { place == $0 || place.hasPrefix($0 + "/") }.map(\.count).max() ?? 0
    }
}

/// Fills the frame around a page.
package protocol ChromeSource: Sendable {
    /// Whether there is such an area here: all addresses below another one are unknown.
    func knows(_ area: AreaCode) async throws -> Bool
    func chrome(of area: AreaCode?, for viewer: Viewer, in language: Language, database: any Database) async throws
        -> Chrome
}

extension ChromeSource {
    package func knows(_ area: AreaCode) async throws -> Bool { true }
}

/// Signs what is kept in the browser and must come back unchanged.
struct CookieSigner: Sendable {
    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    func nonce() -> String { Base64URL.encode(Randomness.bytes(18)) }

    func code(_ purpose: String, _ text: String) -> [UInt8] {
        MAC.hmacSHA256(Array("\(purpose)\u{0}\(text)".utf8), key: key)
    }

    func mac(_ purpose: String, _ text: String) -> String { Base64URL.encode(code(purpose, text)) }

    func sign(_ purpose: String, _ text: String) -> String {
        Base64URL.encode(Array(text.utf8)) + "." + mac(purpose, text)
    }

    func open(_ purpose: String, _ signed: String) -> String? {
        let parts = signed.split(separator: ".")
        guard parts.count == 2, let bytes = Base64URL.decode(parts[0]) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return MAC.equal(Array(mac(purpose, text).utf8), Array(parts[1].utf8)) ? text : nil
    }
}
