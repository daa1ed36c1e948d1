# What the scripts beside this file share. They source it; it does nothing by itself.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# Says what is missing, and ends the script.
stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

has() {
    command -v "$1" > /dev/null 2>&1
}

# Packages may be installed with apt-get, and they are Debian's own: Ubuntu's Chromium is not a
# package but a pointer to a store that containers cannot reach.
can_install() {
    [ "$(id -u)" = 0 ] && has apt-get && grep -q '^ID=debian$' /etc/os-release 2> /dev/null
}

# Installs Debian packages. Standard output stays free for the script's own answer.
install_packages() {
    printf 'Installing %s\n' "$*" >&2
    {
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
    } > /dev/null
}

# install_python FOLDER REQUIREMENTS: the versions that the file names, in a virtual environment that is made
# anew only when the file changes.
install_python() {
    local folder=$1 wanted=$2
    cmp -s "$wanted" "$folder/requirements.txt" && return
    python3 -m venv --clear "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
    cp "$wanted" "$folder/requirements.txt"
}
