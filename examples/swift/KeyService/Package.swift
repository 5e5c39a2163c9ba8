// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "key-service",
    platforms: [.macOS(.v13)],
    dependencies: [.package(path: "../../../bindings/swift")],
    targets: [
        .executableTarget(
            name: "KeyService",
            dependencies: [.product(name: "Keywright", package: "swift")]
        )
    ]
)
