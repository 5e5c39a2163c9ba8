#!/usr/bin/env bash
# Sets up Swift for the tests where there is none: bindings/swift/toolchain.sh FOLDER. `cargo xtask swift` runs it.
#
# Debian has Swift from its release 13 on, built against a C library that an older Debian can't install beside its own. So
# the packages are unpacked into FOLDER and never installed, and FOLDER/in-swift runs a program that sees them laid over this
# machine's /usr. Nothing else sees them; the machine's own packages and their lists stay as they are.
#
# Wants root, an x86-64 Debian (12 was tried) with overlayfs, and what every Debian has: apt, dpkg-deb, tar, unshare.
set -euo pipefail

folder=$(realpath -m "${1:?usage: toolchain.sh FOLDER}")
release=trixie
packages=(swiftlang libc6-dev libstdc++-14-dev)
# Raise it when what is unpacked changes.
wanted="2 $release ${packages[*]}"

if [ -x "$folder/in-swift" ] && [ "$(cat "$folder/set-up" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

unable() {
    echo "no Swift can be set up here: $1" >&2
    exit 1
}
[ "$(id -u)" = 0 ] || unable "it takes root"
[ "$(. /etc/os-release && echo "$ID")" = debian ] || unable "this is not Debian"
[ "$(dpkg --print-architecture)" = amd64 ] || unable "only x86-64 was tried"
[ "$(readlink /lib)" = usr/lib ] || unable "/usr is not merged"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$keyring" ] || unable "there is no $keyring: apt-get install debian-archive-keyring"
grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null || unable "the kernel has no overlayfs"
# From where this machine has its own packages.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 '/debian/*$') ||
    unable "apt knows no mirror of Debian"

# An apt of our own, which thinks that nothing is installed. It checks signatures and hashes as always.
rm -rf "$folder"
apt=$folder/apt
mkdir -p "$folder/unpacked" "$apt"/{lists/partial,archives/partial,none}
touch "$apt/status"
echo "deb [signed-by=$keyring] $mirror $release main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "$apt/none";
Dir::Etc::main "$apt/none/conf";
Dir::Etc::parts "$apt/none";
Dir::Etc::preferences "$apt/none/preferences";
Dir::Etc::preferencesparts "$apt/none";
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
export APT_CONFIG=$apt/apt.conf
apt-get --quiet=2 update
apt-get --quiet=2 --yes --download-only install "${packages[@]}"

# Without what no test needs: the debugger, the editors' server, static and embedded libraries, documentation.
unpack() {
    dpkg-deb --fsys-tarfile "$1" | tar --extract --directory "$folder/unpacked" --no-same-owner \
        --exclude='*lldb*' --exclude='*sourcekit*' --exclude='*/bin/clangd' --exclude='*/docc' \
        --exclude='*/lib/swift_static' --exclude='*/lib/swift/embedded' --exclude='*/FrameworkABIBaseline' \
        --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' \
        --exclude='./etc' --exclude='./var'
}
large=$(ls "$apt"/archives/swiftlang_*.deb)
unpack "$large" &
for package in "$apt"/archives/*.deb; do
    [ "$package" = "$large" ] || unpack "$package"
done
wait $!
rm -rf "$apt"

cat >"$folder/in-swift" <<RUN
#!/usr/bin/env bash
# in-swift PROGRAM ARGUMENTS: runs a program that sees Debian $release's /usr, with Swift, laid over this machine's.
exec unshare --mount --propagation private bash -euc '
    mount -t overlay overlay -o "ro,lowerdir=$folder/unpacked/usr:/usr" /usr
    export PATH=/usr/libexec/swift/bin:\$PATH
    # Swift leaves things in it.
    export TMPDIR=\$(mktemp -d)
    trap "rm -rf \$TMPDIR" EXIT
    "\$@"' in-swift "\$@"
RUN
chmod +x "$folder/in-swift"

# What can't compile and run a program is no toolchain.
trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
echo 'import Foundation; print(Data([1, 2, 3]).base64EncodedString())' >"$trial/main.swift"
"$folder/in-swift" swiftc -module-cache-path "$trial" -o "$trial/main" "$trial/main.swift"
[ "$("$folder/in-swift" "$trial/main")" = AQID ] || unable "the toolchain makes programs that don't work"
echo "$wanted" >"$folder/set-up"
