# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2191
# Shared by ./quickstart and ./test: puts in place what they need and finds it again the next time.
# To be sourced in bash with `set -euo pipefail`, in the root of the tree.

TFA_CACHE=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tf-atmos
MOTO_PIN="moto[server]==5.2.5"
MOTO_VENV=build/moto-venv
TOFU_MODULE=github.com/opentofu/opentofu
TOFU_VERSION=1.10.10
TOFU_SUM="h1:ELFHOkY0x/bHvkgBP4KK3i7Y19CSFuHOyeZOLc0cqWY="

# What building needs, as probe=Debian package. cmd: a program, pc: a pkg-config module, lib: a header, package: itself.
NEEDS_BUILD=(cmd:gcc=gcc lib:stdio.h=libc6-dev cmd:cmake=cmake cmd:ninja=ninja-build
    cmd:pkg-config=pkg-config pc:yaml-0.1=libyaml-dev pc:json-c=libjson-c-dev
    pc:libcurl=libcurl4-openssl-dev pc:libcrypto=libssl-dev lib:ltdl.h=libltdl-dev)
NEEDS_TEST=(cmd:g++=g++ cmd:ccache=ccache pc:cmocka=libcmocka-dev)

note() { printf '%s\n' "$*" >&2; }
step() { printf '==> %s\n' "$*"; }

has_need() {
    local probe=${1%%=*} package=${1#*=}
    case $probe in
    cmd:*) command -v "${probe#cmd:}" >/dev/null 2>&1 ;;
    pc:*) pkg-config --exists "${probe#pc:}" 2>/dev/null ;;
    lib:*) echo "#include <${probe#lib:}>" | gcc -E -x c - >/dev/null 2>&1 ;;
    *) false ;;
    esac || dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed
}

# setup_packages NEED...: installs what is missing, or says what to install and exits 69.
setup_packages() {
    local need missing=() as_root=()
    for need in "$@"; do
        has_need "$need" || missing+=("${need#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            as_root=(sudo -n)
        else
            as_root=(false)
        fi
    fi
    if ! command -v apt-get >/dev/null 2>&1 || [ "${as_root[*]}" = false ]; then
        note "missing: ${missing[*]}"
        note "These are names of Debian 12 and Ubuntu 24.04; install them, for example as root with"
        note "    apt-get install ${missing[*]}"
        exit 69
    fi
    step "installing ${missing[*]}"
    mkdir -p build
    if ! { "${as_root[@]}" apt-get update -q &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends "${missing[@]}"; } >build/apt.log 2>&1; then
        tail -n 20 build/apt.log >&2
        note "apt-get failed (build/apt.log)"
        exit 69
    fi
}

# setup_build PRESET [ARG...]: configures and builds; on failure shows the errors and returns 1.
setup_build() {
    local preset=$1 log=build/$1.log
    shift
    mkdir -p build
    step "building $preset"
    if cmake --preset "$preset" "$@" >"$log" 2>&1 && cmake --build --preset "$preset" >>"$log" 2>&1; then
        return 0
    fi
    grep -E -A8 'error|FAILED|Error' "$log" | head -n 60 >&2 || tail -n 30 "$log" >&2
    note "the build failed ($log)"
    return 1
}

# setup_python: sets PYTHON to an interpreter that can make virtual environments.
setup_python() {
    local candidate
    for _ in 1 2; do
        for candidate in python3 /usr/bin/python3; do
            if "$candidate" -c 'import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
                PYTHON=$candidate
                return 0
            fi
        done
        setup_packages cmd:python3=python3 package:=python3-venv
    done
    note "no python3 with venv was found"
    return 1
}

# setup_moto: the AWS simulator in a virtual environment; sets PYTHON to its interpreter, which has PyYAML too.
# Returns 1 where it cannot be installed.
setup_moto() {
    local stamp=$MOTO_VENV/.installed
    if [ "$(cat "$stamp" 2>/dev/null)" != "$MOTO_PIN" ] || ! "$MOTO_VENV/bin/python" -c '' 2>/dev/null; then
        setup_python || return 1
        step "installing $MOTO_PIN into $MOTO_VENV"
        rm -rf "$MOTO_VENV"
        if ! { "$PYTHON" -m venv "$MOTO_VENV" &&
            "$MOTO_VENV/bin/python" -m pip install --disable-pip-version-check -q "$MOTO_PIN"; } \
            >build/moto.log 2>&1; then
            tail -n 5 build/moto.log >&2
            return 1
        fi
        printf '%s\n' "$MOTO_PIN" >"$stamp"
    fi
    PYTHON=$PWD/$MOTO_VENV/bin/python
    TFA_MOTO_SERVER=$PWD/$MOTO_VENV/bin/moto_server
    export TFA_MOTO_SERVER
}

# setup_terraform: exports TFA_TERRAFORM, the path of terraform or tofu: from PATH, from an earlier build, or built
# now from the module proxy where Go is there. Returns 1 and sets TERRAFORM_WHY where none can be had.
setup_terraform() {
    local tofu=$TFA_CACHE/tofu-$TOFU_VERSION/tofu
    TERRAFORM_WHY=
    if ! TFA_TERRAFORM=$(command -v terraform || command -v tofu); then
        if [ -x "$tofu" ]; then
            TFA_TERRAFORM=$tofu
        elif ! command -v go >/dev/null 2>&1; then
            TERRAFORM_WHY="neither terraform nor tofu is on PATH, and there is no Go to build OpenTofu with"
        elif build_tofu "$tofu"; then
            TFA_TERRAFORM=$tofu
        else
            TERRAFORM_WHY="neither terraform nor tofu is on PATH, and building OpenTofu failed (build/tofu.log)"
        fi
    fi
    export TFA_TERRAFORM
    [ -n "$TFA_TERRAFORM" ]
}

# build_tofu FILE: the pinned OpenTofu. `go install` refuses a module with replacements, hence by hand: fetch the
# module, compare its checksum, build in its folder.
build_tofu() {
    local target=$1 folder info dir
    folder=$(dirname "$target")
    mkdir -p build "$folder"
    step "building OpenTofu $TOFU_VERSION into $folder (once, some minutes)"
    info=$(cd "$folder" && go mod download -json "$TOFU_MODULE@v$TOFU_VERSION" 2>&1) || true
    printf '%s\n' "$info" >build/tofu.log
    dir=$(sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p' build/tofu.log)
    if [ ! -d "$dir" ] || ! grep -qF "\"Sum\": \"$TOFU_SUM\"" build/tofu.log; then
        tail -n 5 build/tofu.log >&2
        return 1
    fi
    if ! (cd "$dir" && go build -trimpath -ldflags "-s -w -X $TOFU_MODULE/version.dev=no" \
        -o "$folder/tofu.new" ./cmd/tofu) >>build/tofu.log 2>&1; then
        tail -n 5 build/tofu.log >&2
        return 1
    fi
    mv "$folder/tofu.new" "$target"
}
