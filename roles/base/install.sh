#!/bin/sh
# Installs packages on the host as one transaction, after putting right what an interrupted one
# left. Arguments: seconds to wait for another package manager; the locale that the packages' own
# data (a database cluster) is made with; units that must not start with their package's defaults,
# in one argument; then the packages.
set -eu
timeout=$1 locale=$2 held=$3
shift 3

# A connection that is lost must not cut dpkg off half-way: nothing here writes to it until the end.
trap '' HUP
log=/var/log/apt/readyhost.log
mkdir -p /var/log/apt

unset LC_ALL LANGUAGE
export LANG="$locale" LC_MESSAGES=C
export DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1
export NEEDRESTART_SUSPEND=1
export READYHOST_HELD=" $held "

# Whatever starts with the defaults of its package listens with them, and starts a second time with
# its real configuration. The script below only acts inside of this transaction, so that it is
# harmless wherever a killed run leaves it.
policy=/usr/sbin/policy-rc.d
if ! [ -e $policy ] || grep -qs READYHOST_HELD $policy; then
  cat >$policy.new <<'EOF'
#!/bin/sh
[ "$1" = --quiet ] && shift
unit=${1%.service}
case "${READYHOST_HELD:-}" in *" $unit "*) systemctl is-active -q "$unit" || exit 101 ;; esac
exit 0
EOF
  chmod 755 $policy.new
  mv $policy.new $policy
  trap 'rm -f $policy' EXIT
fi

# apt waits for dpkg's lock when asked to, but not for those of its own lists and archives; dpkg
# waits for none.
end=$(($(date +%s) + timeout))
waiting() {
  until "$@" >"$log" 2>&1 </dev/null; do
    if ! grep -Eq 'Could not get lock|Unable to (acquire|lock)|locked by another process' "$log"; then
      echo "$* failed:" >&2
      tail -n 30 "$log" >&2
      exit 1
    fi
    if [ "$(date +%s)" -ge "$end" ]; then
      echo "another package manager has held its lock for $timeout s:" >&2
      grep -i lock "$log" >&2
      exit 1
    fi
    sleep 1
  done
}
apt() {
  waiting apt-get -y -q -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 -o Acquire::Languages=none \
    -o DPkg::Lock::Timeout="$timeout" --no-install-recommends \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

missing() {
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^.i ' || return 0
  done
  return 1
}

waiting dpkg --configure -a
apt --fix-broken install
if missing "$@"; then
  apt update
  apt install "$@"
fi
