// swift-tools-version: 6.2
import PackageDescription

/// Set by Scripts/fuzz.sh: the package is then built for libFuzzer, in a scratch folder of its own.
let fuzzes = Context.environment["TONGBAN_FUZZ"] == "1"

// One factory function per layer: a target's layer decides its settings and where it stands in the tree.

let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
    ] + (fuzzes ? [.unsafeFlags(["-sanitize=fuzzer"])] : [])

/// Kernel, Cryptography, Storage, drivers and Web: the layers below the modules.
func layer(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(name)", resources: resources, swiftSettings: strict)
}

/// A C library of the system, found through pkg-config.
func system(_ name: String, pkgConfig: String, apt: [String]) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt(apt)])
}

/// A module: one target, the same inner shape for all (docs/architecture.md).
func module(_ name: String, uses modules: [String] = [], and more: [Target.Dependency] = []) -> Target {
    let base: [Target.Dependency] = [
        "Kernel", "Storage", "Web", .product(name: "Logging", package: "swift-log"),
    ]
    return .target(
        name: name,
        dependencies: base + modules.map { .byName(name: $0) } + more,
        path: "Sources/Modules/\(name)",
        resources: [.copy("Resources")],
        swiftSettings: strict)
}

/// A test target beside the target it tests; `files` are read from where they lie, not bundled.
func tests(of name: String, _ more: [Target.Dependency] = [], besides files: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: ["Kernel", "TestKit"] + more, path: "Tests/\(name)Tests",
        exclude: files, swiftSettings: strict)
}

let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "tongban",
    products: [.executable(name: "tongban", targets: ["Server"]), .executable(name: "bench", targets: ["Bench"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The system's libraries.
        system("CLibYAML", pkgConfig: "yaml-0.1", apt: ["libyaml-dev"]),
        system("COpenSSL", pkgConfig: "libcrypto", apt: ["libssl-dev"]),
        system("CLibPQ", pkgConfig: "libpq", apt: ["libpq-dev"]),
        system("CPango", pkgConfig: "pangocairo", apt: ["libpango1.0-dev", "libcairo2-dev"]),
        system("CQREncode", pkgConfig: "libqrencode", apt: ["libqrencode-dev"]),
        system("CJemalloc", pkgConfig: "jemalloc", apt: ["libjemalloc-dev"]),

        // Layers.
        layer("Kernel"),
        layer("Cryptography", ["Kernel", "COpenSSL"]),
        layer("Storage", ["Kernel"]),
        layer(
            "StorageSQLite",
            [
                "Kernel", "Storage", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        layer("StoragePostgres", ["Kernel", "Storage", "CLibPQ"]),
        layer("Typesetting", ["Kernel", "CPango", "CQREncode"]),
        layer(
            "Web", ["Kernel", "Storage", "Cryptography", hummingbird, mustache, logging, metrics, nio, httpTypes],
            resources: [.copy("Resources")]),

        // Modules, from the ground up.
        module("Workflow", and: ["Cryptography"]),
        module("Directory", and: []),
        module("Identity", uses: ["Workflow", "Directory"], and: ["Cryptography"]),
        module("Documents", uses: ["Workflow"], and: ["Cryptography", "Typesetting"]),
        module("Notify", uses: ["Workflow", "Identity"]),
        module(
            "Catalogue", uses: ["Directory", "Workflow"],
            and: ["Cryptography", "Typesetting", "CLibYAML"]),
        module("Registers", uses: ["Workflow", "Directory", "Identity", "Catalogue"], and: ["Cryptography"]),
        module(
            "Cases",
            uses: ["Workflow", "Directory", "Identity", "Documents", "Notify", "Catalogue", "Registers"],
            and: ["Cryptography"]),
        module(
            "Packages",
            uses: ["Workflow", "Directory", "Identity", "Documents", "Catalogue", "Cases"]),
        module("Ratings", uses: ["Workflow", "Identity", "Directory", "Catalogue", "Cases", "Packages"]),
        module("Supervision", uses: ["Workflow", "Identity", "Directory", "Catalogue", "Registers", "Cases"]),

        // The program.
        layer(
            "Composition",
            [
                "Kernel", "Cryptography", "Storage", "StorageSQLite", "StoragePostgres", "Web", "Workflow", "Directory",
                "Identity", "Documents", "Notify", "Catalogue", "Registers", "Cases", "Packages", "Ratings",
                "Supervision", hummingbird, logging, metrics, coreMetrics, lifecycle,
            ], resources: [.copy("Resources")]),
        .executableTarget(
            name: "Server",
            dependencies: [
                "Kernel", "Storage", "Web", "Composition", "Identity", "Catalogue", "Registers", "Workflow",
                "Directory", "Cryptography",
                .product(name: "ArgumentParser", package: "swift-argument-parser"), logging, hummingbird, lifecycle,
                nio, .product(name: "NIOPosix", package: "swift-nio"), "CJemalloc",
            ],
            path: "Sources/Server", swiftSettings: strict),
        .executableTarget(
            name: "Bench",
            dependencies: [
                "Kernel", "Storage", "StorageSQLite", "Web", "Workflow", "Composition", "Cases", "Catalogue",
                "Identity", "Directory", "Documents", "Packages", "Typesetting", "Cryptography", logging,
            ],
            path: "Benchmarks", exclude: [], swiftSettings: strict),
        .target(
            name: "FuzzProperties", dependencies: ["Kernel", "Web", "Workflow", "Catalogue", "Cases", nio],
            path: "Fuzz/Properties", swiftSettings: strict),
        layer("TestKit", ["Kernel", "Storage", "StorageSQLite", "StoragePostgres"]),

        // Tests.
        tests(of: "Kernel"),
        tests(of: "Cryptography", ["Cryptography"]),
        tests(of: "Storage", ["Storage", "StorageSQLite", "StoragePostgres"]),
        tests(of: "Typesetting", ["Typesetting"]),
        tests(of: "Web", ["Web", "Storage", "Cryptography", hummingbird, mustache, nio, httpTypes]),
        tests(of: "Workflow", ["Workflow", "Storage", "Cryptography", "Web", logging]),
        tests(of: "Catalogue", ["Catalogue", "Storage", "Web", "Typesetting"]),
        tests(of: "Notify", ["Notify", "Workflow", "Storage", "Web", hummingbird, logging]),
        tests(of: "Identity", ["Identity", "Workflow", "Storage", "Web", "Cryptography"]),
        tests(
            of: "Cases", ["Cases", "Catalogue", "Registers", "Directory", "Workflow", "Storage", "Web"],
            besides: ["Golden"]),
        tests(
            of: "Packages", ["Packages", "Cases", "Catalogue", "Workflow"], besides: ["Golden"]),
        tests(
            of: "Server",
            [
                "Composition", "Web", "Storage", "Workflow", "Identity", "Catalogue", "Registers", "Cases", "Packages",
                "Cryptography",
                "Directory", "Documents", hummingbird, nio, nioEmbedded,
                httpTypes, logging,
            ]),
        tests(of: "Fuzz", ["FuzzProperties"]),
        tests(of: "Architecture", ["Composition", "Storage", "StorageSQLite", "Web", logging]),
    ],
    swiftLanguageModes: [.v6]
)

if fuzzes {
    package.products.append(.executable(name: "fuzz", targets: ["Fuzz"]))
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzProperties"], path: "Fuzz/Driver",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}
