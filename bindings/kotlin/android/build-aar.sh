#!/bin/sh
# Builds the library for four ABIs, generates the Kotlin that calls it, and the AAR. Wants ANDROID_NDK_HOME, cargo-ndk
# and Gradle.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
: "${ANDROID_NDK_HOME:?name the folder of the NDK, r27 or newer}"
command -v cargo-ndk >/dev/null || { echo "cargo install cargo-ndk" >&2; exit 1; }

cd "$root"
rustup target add aarch64-linux-android armv7-linux-androideabi x86_64-linux-android i686-linux-android
# Since Android 15 pages may have 16 KiB; the NDK of r27 asks for it, r28 does it by itself.
export RUSTFLAGS="${RUSTFLAGS:-} -C link-arg=-Wl,-z,max-page-size=16384"
cargo ndk --platform 24 -t arm64-v8a -t armeabi-v7a -t x86_64 -t x86 -o "$here/build/jniLibs" \
    build --profile mobile --package keywright-uniffi --lib

# What calls the library is the same for every ABI.
cargo xtask kotlin --release
mkdir -p "$here/build/generated"
cp -R bindings/kotlin/target/native/kotlin/. "$here/build/generated/"

cd "$here"
gradle --no-daemon assembleRelease
for library in "$here"/build/jniLibs/*/libkeywright_uniffi.so; do
    "$ANDROID_NDK_HOME"/toolchains/llvm/prebuilt/*/bin/llvm-readelf -lW "$library" |
        awk '/LOAD/ && $NF != "0x4000" && $NF != "0x10000" { print "not aligned to 16 KiB: " FILENAME; exit 1 }'
done
echo "build/outputs/aar/*.aar"
