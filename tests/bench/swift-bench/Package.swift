// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "bench",
    platforms: [.macOS(.v13)],
    dependencies: [.package(path: "../../../bindings/swift")],
    targets: [
        .executableTarget(name: "Bench", dependencies: [.product(name: "Keywright", package: "swift")])
    ]
)
