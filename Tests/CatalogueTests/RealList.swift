import Foundation
import Testing

@testable import Catalogue

/// A district's real list of 1,135 items. Real data is never copied here: it is read where this machine has it, beside the
/// package or where `TONGBAN_SHARED` says.
enum RealList {
    static var file: URL {
        let shared =
            ProcessInfo.processInfo.environment["TONGBAN_SHARED"].map { URL(filePath: $0) }
            ?? PackSamples.packsFolder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared")
        return shared.appending(path: "data/real-items-511602.csv")
    }

    /// Where the list is not here its tests are left out and say so; they fail where everything has to be tested.
    static var isExpected: Bool {
        FileManager.default.fileExists(atPath: file.path) || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    static let absence: Comment = "the real list of items is not on this machine"

    static func data() throws -> Data { try Data(contentsOf: file) }
}
