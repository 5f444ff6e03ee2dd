#!/usr/bin/env bash
# A PostgreSQL of its own in VAR/postgres, for this machine only: start (again and again), stop.
# The password is made once and kept beside the data; nothing is trusted without it.
set -eu
root="$(cd "$(dirname "$0")/.." && pwd)"
var="$(realpath -m "${VAR:-$root/var}")"
home="$var/postgres"
data="$home/data"

fail() { echo "$*" >&2; exit 1; }

# PostgreSQL refuses to run as root.
as_owner() {
  if [ "$(id -u)" != 0 ]; then (cd "$home" && "$@")
  else (cd "$home" && runuser -u "$owner" -- "$@"); fi
}

running() { [ -f "$data/PG_VERSION" ] && as_owner "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; }

free_port() {
  for port in $(seq 54320 54399); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
  fail "Ports 54320 to 54399 are all taken. Free one, then try again."
}

make_cluster() {
  echo "Making a PostgreSQL in $home ..." >&2
  rm -rf "$data.new"  # left by a start that was broken off
  (umask 077; head -c 24 /dev/urandom | base64 | tr -d '+/=\n' > "$home/password")
  if [ "$(id -u)" = 0 ]; then chown "$owner" "$home/password"; fi
  as_owner "$bin/initdb" -D "$data.new" -U postgres --pwfile "$home/password" --auth scram-sha-256 \
    --encoding UTF8 --locale C.UTF-8 >/dev/null
  local mb; mb=$(( $(awk '/^MemTotal/ {print $2}' /proc/meminfo) / 1024 ))
  local shared=$(( mb / 6 )); [ "$shared" -gt 4096 ] && shared=4096; [ "$shared" -lt 128 ] && shared=128
  cat >> "$data.new/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = '$home'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = ${shared}MB
effective_cache_size = $(( mb / 2 ))MB
maintenance_work_mem = 512MB
work_mem = 16MB
max_wal_size = 8GB
wal_compression = on
random_page_cost = 1.1          # solid-state disks
jit = off                       # pages ask short questions: compiling them costs more than it saves
SETTINGS
  mv "$data.new" "$data"
}

address() { echo "postgres://inroads:$(cat "$home/password")@127.0.0.1:$(cat "$home/port")/inroads"; }

owner=$(id -un)
if [ "$owner" = root ]; then owner=postgres; fi

# Debian keeps each version in a folder of its own.
find_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

case "${1:-}" in
  start)
    "$root/scripts/debian_packages.sh" postgresql
    bin="$(find_bin)"
    mkdir -p "$home"
    if [ "$(id -u)" = 0 ]; then
      chown "$owner" "$home"
      runuser -u "$owner" -- test -x "$home" ||
        fail "$home: the user '$owner', as whom PostgreSQL runs, cannot reach this folder. Choose another VAR."
    fi
    chmod 700 "$home"
    [ -f "$data/PG_VERSION" ] || make_cluster
    if ! running; then
      free_port > "$home/port"
      as_owner "$bin/pg_ctl" -D "$data" -l "$home/log" -w -t 60 -o "-p $(cat "$home/port")" start >/dev/null ||
        fail "PostgreSQL did not start. The end of $home/log says why: $(tail -n 3 "$home/log" 2>/dev/null)"
    fi
    export PGPASSWORD; PGPASSWORD="$(cat "$home/password")"
    # Through standard input: the command line of a program is no secret.
    tell() { "$bin/psql" -h 127.0.0.1 -p "$(cat "$home/port")" -U postgres -d postgres -qtAX -v ON_ERROR_STOP=1; }
    if [ "$(echo "select 1 from pg_roles where rolname = 'inroads'" | tell)" != 1 ]; then
      echo "create role inroads login createdb password '$PGPASSWORD'" | tell
    fi
    if [ "$(echo "select 1 from pg_database where datname = 'inroads'" | tell)" != 1 ]; then
      echo "create database inroads owner inroads" | tell
    fi
    address
    ;;
  stop)
    bin="$(find_bin)"
    if [ -n "$bin" ] && running; then as_owner "$bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null; fi
    echo "PostgreSQL in $home is stopped; its data stays."
    ;;
  *) fail "usage: $0 start|stop" ;;
esac
