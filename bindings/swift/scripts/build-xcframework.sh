#!/bin/sh
# Builds the library for Apple's platforms and puts it into an XCFramework, on a Mac with Xcode.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
root=$(cd "$here/../.." && pwd)
out="$root/target/xcframework"
command -v xcodebuild >/dev/null || { echo "this wants a Mac with Xcode" >&2; exit 1; }

cd "$root"
rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin
build() { cargo rustc --profile mobile --package keywright-uniffi --lib --crate-type staticlib --target "$1"; }
for target in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin; do
    build "$target"
done

# The C header and its module, and the Swift that calls it.
cargo xtask swift --release
headers="$out/headers"
rm -rf "$out"
mkdir -p "$headers" "$out/simulator" "$out/mac"
cp "$here/Sources/KeywrightFFI/"* "$headers/"
library=libkeywright_uniffi.a
lipo -create -output "$out/simulator/$library" \
    "target/aarch64-apple-ios-sim/mobile/$library" "target/x86_64-apple-ios/mobile/$library"
lipo -create -output "$out/mac/$library" \
    "target/aarch64-apple-darwin/mobile/$library" "target/x86_64-apple-darwin/mobile/$library"
xcodebuild -create-xcframework -output "$out/KeywrightFFI.xcframework" \
    -library "target/aarch64-apple-ios/mobile/$library" -headers "$headers" \
    -library "$out/simulator/$library" -headers "$headers" \
    -library "$out/mac/$library" -headers "$headers"
(cd "$out" && zip -qr KeywrightFFI.xcframework.zip KeywrightFFI.xcframework)
swift package compute-checksum "$out/KeywrightFFI.xcframework.zip"
