#!/usr/bin/env bash
# Installs the Debian packages that are missing: deps.sh run|test
set -euo pipefail
what=${1:-run}
packages="libpq-dev libssl-dev libsqlite3-dev libcairo2-dev libpango1.0-dev libqrencode-dev libjemalloc-dev libyaml-dev pkg-config openssl fonts-noto-cjk fonts-noto-core poppler-utils"
[ "$what" = test ] && packages="$packages postgresql chromium zbar-tools python3-venv prometheus"
missing=""
for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
echo "Installing Debian packages:$missing"
sudo=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Please install as root: apt-get install$missing" >&2; exit 1; }
    sudo=sudo
fi
$sudo apt-get update -q
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends $missing
