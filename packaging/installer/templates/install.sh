#!/bin/sh
# WGAN Studio @VERSION@ for your home folder, without administrator rights.
#
#   sh @FILE@                       install or upgrade
#   sh @FILE@ --uninstall           remove it; your sessions and settings stay
#   sh @FILE@ --target DIR          install into DIR instead of ~/.local/opt/wganstudio
#
# The app follows this script in the same file, packed with xz.
set -eu

version="@VERSION@"
payload_line=@LINE@
payload_sha256=@SHA256@
payload_size=@SIZE@
unpacked_kib=@KIB@
oldest_glibc="@GLIBC@"

fail() {
    echo "error: $1" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

target="$HOME/.local/opt/wganstudio"
action=install
while [ $# -gt 0 ]; do
    case $1 in
        --uninstall) action=uninstall ;;
        --target)
            [ $# -gt 1 ] || fail "--target needs a folder."
            target=$2
            shift
            ;;
        -h | --help)
            sed -n '2,6s/^# \{0,1\}//p' "$0"
            exit 0
            ;;
        *) fail "there is no option $1; try --help." ;;
    esac
    shift
done
case $target in
    /*) ;;
    *) target="$PWD/$target" ;;
esac

data="${XDG_DATA_HOME:-$HOME/.local/share}"
desktop="$data/applications/wganstudio.desktop"
mime="$data/mime/packages/wganstudio.xml"
icons="$data/icons/hicolor"
link="$HOME/.local/bin/wganstudio"

# Desktops cache the contents of these folders; update the caches.
refresh() {
    if has update-mime-database && [ -d "$data/mime/packages" ]; then
        update-mime-database "$data/mime" >/dev/null 2>&1 || true
    fi
    if has update-desktop-database && [ -d "$data/applications" ]; then
        update-desktop-database "$data/applications" >/dev/null 2>&1 || true
    fi
    if has gtk-update-icon-cache && [ -f "$icons/icon-theme.cache" ]; then
        gtk-update-icon-cache -q -t "$icons" >/dev/null 2>&1 || true
    fi
}

is_ours() {
    [ -f "$1/_internal/resources/icons/wganstudio.svg" ]
}

if [ "$action" = uninstall ]; then
    if [ -f "$desktop" ]; then # it contains the app's folder
        placed=$(sed -n 's/^Exec="\(.*\)\/wganstudio" %f$/\1/p' "$desktop")
        target=${placed:-$target}
    fi
    [ -d "$target" ] || fail "WGAN Studio is not in $target."
    is_ours "$target" || fail "$target does not hold WGAN Studio; nothing was removed."
    rm -rf "$target"
    rm -f "$desktop" "$mime" "$icons/scalable/apps/wganstudio.svg"
    [ "$(readlink "$link" 2>/dev/null)" != "$target/wganstudio" ] || rm -f "$link"
    refresh
    # Remove caches and folders that held only our files.
    if rmdir "$data/mime/packages" 2>/dev/null; then
        rm -rf "$data/mime"
    fi
    if [ "$(ls "$data/applications" 2>/dev/null)" = mimeinfo.cache ]; then
        rm -f "$data/applications/mimeinfo.cache"
    fi
    for folder in "$icons/scalable/apps" "$icons/scalable" "$icons" "$data/icons" "$data/applications" \
        "$HOME/.local/bin" "$(dirname "$target")"; do
        rmdir "$folder" 2>/dev/null || true
    done
    echo "WGAN Studio was removed; sessions and settings stay where they are."
    exit 0
fi

# -- checks before anything is written

[ "$(uname -s)" = Linux ] || fail "this file is for Linux."
[ "$(uname -m)" = "@MACHINE@" ] || fail "this file is for @MACHINE@ processors, and this machine has $(uname -m)."
glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/^glibc //')
[ -n "$glibc" ] || fail "WGAN Studio needs a Linux with glibc; this system uses another C library."
if [ "$(printf '%s\n%s\n' "$oldest_glibc" "$glibc" | sort -V | head -n 1)" != "$oldest_glibc" ]; then
    fail "this Linux is too old: it has glibc $glibc, and WGAN Studio needs $oldest_glibc or newer (@SYSTEMS@)."
fi
has xz || fail "xz is missing, which unpacks the app; install the package xz-utils (Debian, Ubuntu) or xz."
mkdir -p "$(dirname "$target")" || fail "$(dirname "$target") cannot be created; choose another folder with --target."
free=$(df -Pk "$(dirname "$target")" | awk 'NR == 2 { print $4 }')
if [ "$free" -lt $((unpacked_kib + 10240)) ]; then
    fail "$((unpacked_kib / 1024)) MB are needed in $(dirname "$target"), and $((free / 1024)) MB are free; use --target."
fi
if [ -e "$target" ] && ! is_ours "$target"; then
    fail "$target exists and does not hold WGAN Studio; move it away or use --target."
fi
echo "Checking the file ..."
sum=$(tail -n +$payload_line "$0" | sha256sum | cut -d ' ' -f 1)
[ "$sum" = "$payload_sha256" ] || fail "the file is damaged (its payload should have $payload_size bytes); download it again."

# -- unpack beside the target, then replace it in one step

new="$target.new.$$"
old="$target.old.$$"
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT TERM
mkdir "$new"
echo "Unpacking WGAN Studio $version into $target (about 20 s) ..."
tail -n +$payload_line "$0" | xz -dc | tar -xf - -C "$new" || fail "unpacking failed; nothing has changed."
missing=$(LD_LIBRARY_PATH="$new/_internal" ldd "$new"/_internal/PySide6/Qt/plugins/platforms/libqxcb.so "$new"/wganstudio 2>/dev/null |
    sed -n 's/^[[:space:]]*\([^ ]*\) => not found$/\1/p' | sort -u | tr '\n' ' ')
[ ! -e "$target" ] || mv "$target" "$old"
mv "$new" "$target"
rm -rf "$old"

mkdir -p "$(dirname "$desktop")" "$(dirname "$mime")" "$icons/scalable/apps" "$(dirname "$link")"
{
    grep -v '^Exec=' "$target/share/wganstudio.desktop"
    echo "Exec=\"$target/wganstudio\" %f"
} >"$desktop"
cp "$target/share/wganstudio.xml" "$mime"
cp "$target/_internal/resources/icons/wganstudio.svg" "$icons/scalable/apps/"
if [ -L "$link" ] || [ ! -e "$link" ]; then
    ln -sf "$target/wganstudio" "$link"
fi
refresh

echo "WGAN Studio $version is installed; it is in the application menu, or start $target/wganstudio"
if ! has update-mime-database; then
    echo "Double-clicking a .wgs file needs the package shared-mime-info; File > Open works without it."
fi
if [ -n "$missing" ]; then
    echo "Before it can open a window this system needs: $missing" >&2
    echo "  on Debian and Ubuntu: sudo apt install @PACKAGES@" >&2
    exit 3
fi
exit 0
