// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "rollcall",
    products: [
        .executable(name: "rollcall", targets: ["rollcall"]),
        .executable(name: "gateway-simulator", targets: ["gateway-simulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
    ],
    targets: [
        // System libraries. Exactly one module imports each.
        .systemLibrary(name: "CHeap"),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        // The vocabulary, and what every module needs: files, locks, URLs, masking.
        .target(name: "Core"),

        // Reads policies and configuration.
        .target(name: "LocatedYAML", dependencies: ["CYAML", "Core"]),
        .target(
            name: "PolicyFiles",
            dependencies: ["LocatedYAML", "Core", .product(name: "Crypto", package: "swift-crypto")]
        ),

        // Calls the gateway.
        .target(name: "HTTPTransfer", dependencies: ["CCurl", "Core"]),
        .target(name: "GatewayAPI", dependencies: ["HTTPTransfer", "Core"]),

        // Stores runs, calls and what Rollcall remembers.
        .target(
            name: "RunLedger",
            dependencies: [
                "Core", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),

        // Plans and applies changes.
        .target(
            name: "Reconciliation",
            dependencies: [
                "GatewayAPI", "Core", "PolicyFiles", "RunLedger",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // Prints plans, reports and history; the command line.
        .target(
            name: "Reports",
            dependencies: [
                "GatewayAPI", "Core", "PolicyFiles", "Reconciliation", "RunLedger",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("Templates")]
        ),
        .target(
            name: "Commands",
            dependencies: [
                "GatewayAPI", "HTTPTransfer", "Core", "PolicyFiles", "Reconciliation", "Reports",
                "RunLedger",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.embedInCode("Schemas")]
        ),
        .executableTarget(name: "rollcall", dependencies: ["CHeap", "Commands"]),

        // The simulated gateway.
        .target(
            name: "GatewaySimulator",
            dependencies: [
                "LocatedYAML", "Core",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ]
        ),
        .executableTarget(
            name: "gateway-simulator",
            dependencies: [
                "GatewaySimulator", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        .testTarget(name: "CoreTests", dependencies: ["Core"]),
        .testTarget(name: "LocatedYAMLTests", dependencies: ["LocatedYAML"]),
        .testTarget(
            name: "PolicyFilesTests",
            dependencies: ["Goldens", "LocatedYAML", "Core", "PolicyFiles"],
            exclude: ["Fixtures", "Golden"]
        ),
        // Compares texts with recorded ones.
        .target(name: "Goldens", path: "Tests/Goldens"),
        // A server that answers exactly the bytes a test gives it.
        .target(name: "ScriptedServer", path: "Tests/ScriptedServer"),
        // The whole program with a simulated gateway and a clock that only sleeping moves.
        .target(
            name: "Stage",
            dependencies: [
                "Commands", "GatewaySimulator", "HTTPTransfer", "Core", "Reconciliation", "RunLedger",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/Stage"
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Commands", "GatewaySimulator", "Goldens", "HTTPTransfer", "Core", "Reconciliation",
                "Reports", "RunLedger", "ScriptedServer",
                "Stage",
                "gateway-simulator", "rollcall", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures", "Golden"]
        ),
        .testTarget(name: "HTTPTransferTests", dependencies: ["HTTPTransfer", "Core", "ScriptedServer"]),
        .testTarget(
            name: "GatewayAPITests",
            dependencies: ["GatewayAPI", "HTTPTransfer", "Core", "ScriptedServer"]
        ),
        .testTarget(
            name: "RunLedgerTests",
            dependencies: ["Core", "RunLedger", "Stage", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .testTarget(
            name: "ReconciliationTests",
            dependencies: ["GatewayAPI", "Core", "Reconciliation", "RunLedger", "Stage"]),
        .testTarget(
            name: "ReportsTests",
            dependencies: [
                "GatewayAPI", "Goldens", "Core", "PolicyFiles", "Reconciliation", "Reports", "RunLedger", "Stage",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Golden"]
        ),
        .testTarget(
            name: "GatewaySimulatorTests",
            dependencies: [
                "GatewaySimulator", "HTTPTransfer", "Core",
                .product(name: "JWTKit", package: "jwt-kit"),
            ]
        ),
    ]
)

// The fuzzer is built on demand (`make fuzz`) and is not part of the product.
// ROLLCALL_FUZZ=check builds its code without instrumenting everything.
let fuzzing = Context.environment["ROLLCALL_FUZZ"]
if fuzzing != nil {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .executableTarget(
            name: "ReaderFuzzer",
            dependencies: ["CFuzzer", "GatewayAPI", "HTTPTransfer", "LocatedYAML", "Core", "PolicyFiles"],
            path: "Tests/Fuzz/ReaderFuzzer",
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]
        ),
    ]
}

// The benchmarks are built on demand (`make bench`) and are not part of the product.
if Context.environment["ROLLCALL_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "rollcall-bench",
            dependencies: [
                "GatewayAPI", "HTTPTransfer", "Core", "RunLedger",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Benchmarks/rollcall-bench"
        )
    )
}

// One set of language features for every target: explicit imports, explicit exports, warnings as errors.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .treatAllWarnings(as: .error),
    ]
    // The fuzzer sees every branch in our own code, and none in dependencies.
    if fuzzing != nil, fuzzing != "check" {
        target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer", "-assert-config", "Debug"]))
    }
}
