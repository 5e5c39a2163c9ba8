// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "peer",
    platforms: [.macOS(.v13)],
    dependencies: [.package(path: "../../../../bindings/swift")],
    targets: [
        .executableTarget(name: "Peer", dependencies: [.product(name: "Keywright", package: "swift")])
    ]
)
