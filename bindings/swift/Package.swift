// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "keywright",
    platforms: [.macOS(.v13), .iOS(.v16), .tvOS(.v16), .watchOS(.v9)],
    products: [.library(name: "Keywright", targets: ["Keywright"])],
    targets: [
        // The C header of the library; `cargo xtask swift` writes it, and Native.swift, which calls it.
        .systemLibrary(name: "KeywrightFFI"),
        .target(
            name: "Keywright",
            dependencies: ["KeywrightFFI"],
            linkerSettings: [.linkedLibrary("keywright_uniffi")]
        ),
        .testTarget(name: "KeywrightTests", dependencies: ["Keywright"]),
    ]
)
