import Directory
import Identity
import Kernel

/// The directory's journal names staff as Identity does.
struct DirectoryNames: StaffNames {
    let identity: IdentityAPI

    func names(of staff: Set<String>, area: AreaCode) async throws -> [String: String] {
        try await identity.staffNames(area, Array(staff))
    }
}
