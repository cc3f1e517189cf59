#!/bin/sh
# Installs a package into a copy of this system that is thrown away, starts the program by links, and removes it again.
#
#   trial.sh deb|rpm PACKAGE SERVICE FIRST-LINK SECOND-LINK
#
# Runs as root in a mount and a process namespace of its own. After each link it waits for a line on standard input: somebody
# outside has seen that the program asked SERVICE for what the link bears. What it prints is read by xtask: `stage`s, and the
# `left` files that were not there before.
set -eu

if [ "${TRIAL_ROOT:-}" = "" ]; then
  kind=$1 package=$2
  # Nothing that is mounted here is seen outside, and all of it goes with the last process.
  mount --make-rprivate /
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/upper /mnt/work /mnt/system
  mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/system
  mount -t proc proc /mnt/system/proc
  mount --rbind /sys /mnt/system/sys
  mount --rbind /dev /mnt/system/dev
  mount -t tmpfs tmpfs /mnt/system/tmp
  mount -t tmpfs tmpfs /mnt/system/run
  cp "$package" "/mnt/system/tmp/package.$kind"
  cp "$0" /mnt/system/tmp/trial.sh
  shift 2
  exec env -i TRIAL_ROOT=yes PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 chroot /mnt/system sh /tmp/trial.sh "$kind" "$@"
fi

kind=$1 service=$2 first=$3 second=$4

# All that a package may touch; what belongs to the package manager itself, logs and caches that programs make anew are left out.
files() {
  find /usr /etc /opt /var -xdev \( -path /var/lib/dpkg -o -path /var/lib/rpm -o -path /var/log -o -path /var/cache \) -prune \
    -o -print | sort
}

installed_handler() {
  gio mime x-scheme-handler/mostik | sed -n 's/^Default application for .*: //p'
}

app() {
  for exe in /proc/[0-9]*/exe; do
    if [ "$(readlink "$exe" 2>/dev/null)" = /usr/bin/mostik ]; then
      pid=${exe#/proc/}
      echo "${pid%/exe}"
    fi
  done
}

# Until these processes have ended; not for ever.
gone() {
  for pid; do timeout 20 tail --pid="$pid" -f /dev/null; done
}

inside() {
  printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
  xdg-open "$1"
  read -r _
  echo "stage started by xdg-open"
  first_one=$(app)
  gio open "$2"
  read -r _
  gone $(app | grep -vx "$first_one")
  echo "stage given the second link by gio, by a second program that has ended"
  kill "$first_one"
  gone "$first_one"
}

if [ "${TRIAL_SESSION:-}" = "" ]; then
  if [ "$kind" = rpm ]; then
    mkdir -p /tmp/rpmdb
    # Debian's rpm knows no package of this system, so that what ours asks for is looked at elsewhere.
    install="rpm --dbpath /tmp/rpmdb --nodeps --install /tmp/package.rpm"
    remove="rpm --dbpath /tmp/rpmdb --erase mostik"
    # On systems with rpm desktop-file-utils has a file trigger that does this.
    refresh="update-desktop-database /usr/share/applications"
  else
    install="dpkg --install /tmp/package.deb"
    remove="dpkg --purge mostik"
    refresh=true
  fi
  if [ -n "$(installed_handler)" ]; then
    echo "something here opens mostik: links already: $(installed_handler)" >&2
    exit 1
  fi
  files >/tmp/before
  $install >/tmp/install.log 2>&1 || { cat /tmp/install.log >&2; exit 1; }
  $refresh
  [ "$(installed_handler)" = mostik.desktop ] || { echo "mostik: links are not registered" >&2; exit 1; }
  echo "stage installed, mostik: links registered"

  mkdir -m 700 /tmp/person /tmp/session
  export HOME=/tmp/person XDG_RUNTIME_DIR=/tmp/session XDG_CURRENT_DESKTOP=GNOME MOSTIK_SERVICE="$service"
  # A server that the system ends with the namespace.
  mkfifo /tmp/number
  Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp 3>/tmp/number 2>/tmp/xvfb.log </dev/null &
  read -r number </tmp/number
  export DISPLAY=":$number" TRIAL_SESSION=yes
  dbus-run-session -- sh "$0" "$kind" "$service" "$first" "$second" 2>/tmp/session.log ||
    { cat /tmp/session.log >&2; exit 1; }

  $remove >/tmp/remove.log 2>&1 || { cat /tmp/remove.log >&2; exit 1; }
  $refresh
  [ -z "$(installed_handler)" ] || { echo "mostik: links are still registered" >&2; exit 1; }
  files >/tmp/after
  comm -13 /tmp/before /tmp/after | sed 's/^/left /'
  comm -23 /tmp/before /tmp/after | sed 's/^/lost /'
  echo "stage removed"
  find /tmp/person -name '*mostik*' -prune | sed 's/^/person /'
  exit 0
fi

inside "$first" "$second"
