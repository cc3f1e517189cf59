#!/bin/sh
# Installs a package of the service into a copy of this system that is thrown away, runs it, upgrades it and removes it again.
#
#   trial.sh deb|rpm PACKAGE NEWER-PACKAGE FINISHED-SETTINGS SOCKETS
#
# Runs as root in a mount and a process namespace of its own. What it prints is read by xtask: `stage`s; `serves` with the line of a
# service that runs, and `ends` of one that was asked to end, after each of which it waits for a line on standard input; and the
# files that were `left`. What a service tells systemd it tells the socket `notify` in SOCKETS.
set -eu

if [ "${TRIAL_ROOT:-}" = "" ]; then
  kind=$1 package=$2 newer=$3 settings=$4 sockets=$5
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
  cp "$newer" "/mnt/system/tmp/newer.$kind"
  cp "$settings" /mnt/system/tmp/finished.toml
  cp "$0" /mnt/system/tmp/trial.sh
  # A socket is one only where it lies, and not through the overlay.
  mkdir /mnt/system/tmp/sockets
  mount --bind "$sockets" /mnt/system/tmp/sockets
  exec env -i TRIAL_ROOT=yes PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    chroot /mnt/system sh /tmp/trial.sh "$kind"
fi

kind=$1
unit=/usr/lib/systemd/system/mostik-service.service
settings=/etc/mostik-service/mostik-service.toml
state=/var/lib/mostik-service

fail() {
  echo "$1" >&2
  [ -z "${2:-}" ] || cat "$2" >&2
  exit 1
}

if [ "$kind" = rpm ]; then
  mkdir -p /tmp/rpmdb
  # Debian's rpm knows no package of this system, so that what ours asks for is looked at elsewhere.
  install() { rpm --dbpath /tmp/rpmdb --nodeps --install /tmp/package.rpm; }
  upgrade() { rpm --dbpath /tmp/rpmdb --nodeps --upgrade /tmp/newer.rpm; }
  remove() { rpm --dbpath /tmp/rpmdb --erase mostik-service; }
  # What every system with rpm has.
  mkdir -p /usr/share/licenses
  newest=$settings.rpmnew kept=$settings.rpmsave
else
  install() { dpkg --install /tmp/package.deb; }
  # As an operator who answers «keep mine».
  upgrade() { dpkg --force-confold --install /tmp/newer.deb; }
  remove() { dpkg --remove mostik-service; }
  newest=$settings.dpkg-dist kept=$settings
fi

# All that a package may touch; what belongs to the package manager itself, the list of users, logs and caches are left out.
files() {
  find /usr /etc /opt /var -xdev \( -path /var/lib/dpkg -o -path /var/lib/rpm -o -path /var/log -o -path /var/cache \) -prune \
    -o -print | grep -Ev '^/etc/(passwd|group|shadow|gshadow)-?$|^/etc/\.pwd\.lock$' | sort
}

of_unit() { sed -n "s/^$1=//p" "$unit"; }

# What systemd would do for the unit before it starts it, and how it would start it.
as_unit() {
  user=$(of_unit User)
  mkdir -p "$state"
  chown "$user:$user" "$state"
  chmod "$(of_unit StateDirectoryMode)" "$state"
  cd "$state"
  umask "$(of_unit UMask)"
  exec env -i PATH="$PATH" USER="$user" HOME="$state" STATE_DIRECTORY="$state" "$@" \
    setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \
    $(of_unit ExecStart)
}

start() {
  mkfifo -m 600 /tmp/told
  (as_unit NOTIFY_SOCKET=/tmp/sockets/notify WATCHDOG_USEC=1000000 >/tmp/told 2>/tmp/service.log) &
  pid=$!
  read -r ready </tmp/told || fail "the service does not start:" /tmp/service.log
  rm /tmp/told
  [ "$(stat -c %U "/proc/$pid")" = mostik ] || fail "the service runs as $(stat -c %U "/proc/$pid")"
  echo "serves $ready"
  read -r _
}

stop() {
  kill -TERM "$pid"
  echo "ends"
  read -r _
  wait "$pid" || fail "asked to end, the service ends with $?:" /tmp/service.log
}

files >/tmp/before
install >/tmp/install.log 2>&1 || fail "it cannot be installed:" /tmp/install.log
grep -q "check-config --config $settings" /tmp/install.log || fail "the installation does not say what comes next:" /tmp/install.log
[ "$(getent passwd mostik | cut -d: -f6-7)" = "$state:/usr/sbin/nologin" ] || fail "the user is $(getent passwd mostik)"
[ "$(stat -c %a:%U:%G "$settings")" = 640:root:mostik ] || fail "the configuration is $(stat -c %a:%U:%G "$settings")"
[ ! -e /etc/systemd/system/multi-user.target.wants/mostik-service.service ] || fail "it would start by itself"
systemd-analyze verify "$unit" 2>/tmp/verify.log || fail "systemd does not take the unit:" /tmp/verify.log
echo "stage installed: user mostik, configuration 0640 root:mostik, nothing started, next steps told"

status=0
(as_unit >/tmp/service.log 2>&1) || status=$?
[ "$status" = "$(of_unit RestartPreventExitStatus)" ] || fail "unfinished, it ends with $status:" /tmp/service.log
grep -q '^secret_key: not set' /tmp/service.log || fail "unfinished, it does not say what is missing:" /tmp/service.log
echo "stage unfinished, it refuses to start with status $status and names what is missing"

# As an editor does that keeps owner and mode.
cat /tmp/finished.toml >"$settings"
mostik-service check-config --config "$settings" >/tmp/checked || fail "the finished configuration is refused"
start
stop
[ "$(stat -c %a:%U "$state/mostik.sqlite")" = 600:mostik ] || fail "the database is $(stat -c %a:%U "$state/mostik.sqlite")"
echo '[{"phone":"+79000002357","first_name":"Елизавета","last_name":"Ким","role":"pupil","class_name":null}]' >/tmp/profiles.json
setpriv --reuid mostik --regid mostik --clear-groups mostik-service import-profiles --config "$settings" /tmp/profiles.json \
  >/tmp/imported || fail "profiles cannot be imported"
echo "stage ended by SIGTERM with status 0; STOPPING told; database 0600 mostik"

sha256sum "$state"/* >/tmp/data
upgrade >/tmp/upgrade.log 2>&1 || fail "it cannot be upgraded:" /tmp/upgrade.log
sha256sum --check --quiet /tmp/data || fail "the upgrade touched the data"
cmp -s "$settings" /tmp/finished.toml || fail "the upgrade changed the configuration"
[ "$(stat -c %a:%U:%G "$settings")" = 640:root:mostik ] || fail "upgraded, the configuration is $(stat -c %a:%U:%G "$settings")"
[ -e "$newest" ] || fail "the upgrade hides the new reference file"
echo "stage upgraded: data and configuration kept, the new reference beside it"
rm "$newest"
start
stop

sha256sum "$state"/* >/tmp/data
remove >/tmp/remove.log 2>&1 || fail "it cannot be removed:" /tmp/remove.log
sha256sum --check --quiet /tmp/data || fail "removal touched the data"
cmp -s "$kept" /tmp/finished.toml || fail "removal took the configuration"
[ ! -e /usr/bin/mostik-service ] || fail "removal left the program"
echo "stage removed: data and configuration stay"

if [ "$kind" = deb ]; then
  dpkg --purge mostik-service >/tmp/purge.log 2>&1 || fail "it cannot be purged:" /tmp/purge.log
  [ ! -e "$state" ] && [ ! -e /etc/mostik-service ] || fail "the purge left data or configuration"
  echo "stage purged: data and configuration are gone, the user stays"
else
  # An rpm knows no purge; this is the operator's.
  rm -r "$state" /etc/mostik-service
fi
files >/tmp/after
comm -13 /tmp/before /tmp/after | sed 's/^/left /'
