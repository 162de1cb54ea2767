package import Foundation

/// Where the house's own views, texts and assets lie.
package enum WebResources {
    package static var folder: URL {
        Bundle.module.bundleURL.appendingPathComponent("Resources")
    }
}
