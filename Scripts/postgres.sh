#!/bin/sh
# A throw-away PostgreSQL for tests and benchmarks, from the distribution's packages.
#
#   Scripts/postgres.sh start    starts it (or finds it running) and prints its URL
#   Scripts/postgres.sh env      the same, printed as: export TONGBAN_TEST_POSTGRES='…'
#   Scripts/postgres.sh resume   starts exactly that one again after it was killed, with what it kept, on its port
#   Scripts/postgres.sh stop     stops exactly that one and removes its files
#
# It listens on 127.0.0.1 only, on a free port, and keeps nothing safe (fsync=off). Its folder is
# $TONGBAN_POSTGRES_DIR, or one per user under $TMPDIR. PostgreSQL refuses to run as root, so root lends it to the user
# postgres, or nobody where there is none.
set -eu
umask 077

home=${TONGBAN_POSTGRES_DIR:-${TMPDIR:-/tmp}/tongban-postgres-$(id -u)}
mark=$home/tongban-throw-away

fail() {
    echo "postgres.sh: $*" >&2
    exit 1
}

# The newest PostgreSQL server installed.
binaries() {
    if [ -n "${POSTGRES_BIN:-}" ]; then
        echo "$POSTGRES_BIN"
        return
    fi
    newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [ -n "$newest" ] && [ -x "$newest/initdb" ]; then
        echo "$newest"
    elif found=$(command -v initdb 2>/dev/null); then
        dirname "$(readlink -f "$found")"
    else
        fail "no PostgreSQL server here; install it with: apt-get install postgresql"
    fi
}

# Runs a command as the user the server belongs to.
as_owner() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
    elif command -v runuser >/dev/null 2>&1; then
        runuser -u "$owner" -- "$@"
    elif command -v setpriv >/dev/null 2>&1; then
        setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups -- "$@"
    else
        fail "neither runuser nor setpriv is here, and PostgreSQL does not run as root"
    fi
}

choose_owner() {
    if [ "$(id -u)" != 0 ]; then
        owner=$(id -un)
    elif id -u postgres >/dev/null 2>&1; then
        owner=postgres
    else
        owner=nobody
    fi
}

running() {
    [ -f "$mark" ] && [ -f "$home/url" ] && as_owner "$bin/pg_ctl" -D "$home/data" status >/dev/null 2>&1
}

# Starts the server on one port; its output must not keep the caller's pipes and locks open.
try_port() {
    as_owner "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w -t 60 -o "-p $1" start \
        </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
}

create() {
    if [ -e "$home" ]; then
        [ -f "$mark" ] || fail "$home is there and was not made by this script"
        rm -rf "$home"
    fi
    mkdir -m 700 "$home" || fail "$home cannot be made"
    : >"$mark"
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$home/password"
    if [ "$(id -u)" = 0 ]; then chown -R "$owner" "$home"; fi
    (cd / && as_owner "$bin/initdb" -D "$home/data" -U tongban --pwfile="$home/password" --auth=scram-sha-256 \
        --encoding=UTF8 --locale=C --no-sync >"$home/initdb.log" 2>&1) || {
        cat "$home/initdb.log" >&2
        fail "initdb failed"
    }
    cat >>"$home/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 128MB
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
log_min_messages = fatal
SETTINGS
}

start() {
    if ! running; then
        create
        tries=0
        while :; do
            port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
            if (cd / && try_port "$port"); then break; fi
            tries=$((tries + 1))
            if [ "$tries" -ge 10 ]; then
                cat "$home/log" >&2
                fail "it does not start"
            fi
        done
        echo "postgres://tongban:$(cat "$home/password")@127.0.0.1:$port/postgres" >"$home/url"
    fi
    cat "$home/url"
}

resume() {
    [ -f "$mark" ] && [ -f "$home/url" ] || fail "there is none to resume in $home"
    port=$(sed 's/.*:\([0-9]*\)\/postgres$/\1/' "$home/url")
    tries=0
    # The dead server's processes may need a moment to let go of the shared memory.
    until (cd / && try_port "$port"); do
        tries=$((tries + 1))
        [ "$tries" -lt 40 ] || fail "it does not come back; see $home/log"
        sleep 0.25
    done
    cat "$home/url"
}

stop() {
    [ -f "$mark" ] || return 0
    # pg_ctl takes the process from the pid file of this folder and ends no other.
    if as_owner "$bin/pg_ctl" -D "$home/data" status >/dev/null 2>&1; then
        (cd / && as_owner "$bin/pg_ctl" -D "$home/data" -m immediate -w -t 30 stop >/dev/null) || fail "it does not stop"
    fi
    rm -rf "$home"
}

bin=$(binaries)
choose_owner
case ${1:-} in
start) start ;;
env) url=$(start) && echo "export TONGBAN_TEST_POSTGRES='$url'" ;;
resume) resume ;;
stop) stop ;;
*) fail "usage: $0 start | env | resume | stop" ;;
esac
