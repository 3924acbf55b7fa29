#!/bin/bash
# The services behind carrierpay, private to one folder each. Sourced, or run
# as "services.sh FUNCTION ARGUMENTS" by the test harness.
#
# start_X DIR ...  starts what is not alive; calling it again changes nothing
# stop_X DIR       ends just what start_X started
#
# DIR/X.started holds pid, start time and boot of the process, so that a pid
# that meanwhile belongs to a stranger is never signalled. PostgreSQL refuses
# to run as root: for root everything runs as user postgres.

demo=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pg_bin=/usr/lib/postgresql/15/bin
nginx=${CARRIERPAY_NGINX:-/usr/sbin/nginx}
kannel_bin=${CARRIERPAY_KANNEL:-/usr/sbin}

unprivileged=()
if [ "$(id -u)" = 0 ]; then
    unprivileged=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi

# Creates the folder $1 for the service user. No other user can enter it,
# unless the mode $2 says so.

folder() {
    [ -d "$1" ] || mkdir -p "$1"
    own "$1"
    chmod "${2:-700}" "$1"
}

own() { [ "$(id -u)" != 0 ] || chown postgres: "$@"; }

# run/ of a checkout: unix sockets allow 107 bytes and the service user must be
# able to enter; where that does not hold, run/ becomes a link to a place where
# it does. Prints the real folder.

workspace() {
    local run=$1/run elsewhere
    if [ ! -e "$run" ]; then
        if [ ${#run} -le 60 ] && "${unprivileged[@]}" test -x "$1"; then
            mkdir -p "$run"
        else
            elsewhere=$(mktemp -d /var/tmp/carrierpay.XXXXXX)
            # of two who come at once, one makes the link
            ln -sT "$elsewhere" "$run" 2>/dev/null || rmdir "$elsewhere"
        fi
    fi
    run=$(readlink -f "$run")
    folder "$run" 711
    echo "$run"
}

# start time and boot of a process, with a Z behind when it is a zombie

identity() {
    local stat boot
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    # the name may hold spaces; after it come state and, 20th, the start time
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    boot=$(cat /proc/sys/kernel/random/boot_id)
    [ "$1" != Z ] || boot=${boot}Z
    echo "${20} $boot"
}

alive() {
    local pid was
    read -r pid was 2>/dev/null < "$1" && [ "$(identity "$pid")" = "$was" ]
}

# Kills the processes that a killed service left behind, as a killed nginx does
# its workers. They are in the group that the service led, and as long as they
# live the kernel gives that group's number to no other process.

sweep() {
    local pid was now
    read -r pid was 2>/dev/null < "$1" || return 0
    [ "${was#* }" = "$(cat /proc/sys/kernel/random/boot_id)" ] || return 0
    now=$(identity "$pid") || now=
    if [ -z "$now" ] || [ "$now" = "${was}Z" ]; then
        kill -s KILL -- "-$pid" 2>/dev/null || :
    fi
}

launch() {
    local dir=$1 name=$2 fd
    shift 2
    sweep "$dir/$name.started"
    (
        # The caller's pipes must not stay open in the daemon: a process that
        # reads them to their end would wait until the daemon stops.
        for fd in /proc/self/fd/*; do
            fd=${fd##*/}
            [ "$fd" -le 2 ] || [ "$fd" = 255 ] || eval "exec $fd>&-"
        done
        umask 077
        exec >> "$dir/$name.out" 2>&1 < /dev/null
        cd "$dir" || exit 1
        "${unprivileged[@]}" setsid "$@" &
        echo "$! $(identity $!)" > "$dir/$name.started"
    )
}

# until DIR/NAME answers a command, or is dead, or 20 s have gone

await() {
    local dir=$1 name=$2 turn
    shift 2
    for turn in $(seq 400); do
        "$@" >/dev/null 2>&1 && return
        alive "$dir/$name.started" || break
        sleep 0.05
    done
    echo "$name did not start; its folder is $dir" >&2
    tail -n 10 "$dir/$name.out" >&2
    return 1
}

end() {
    local started=$1/$2.started pid turn
    if alive "$started"; then
        read -r pid _ < "$started"
        kill -s "$3" "$pid"
        for turn in $(seq "${4:-400}"); do
            alive "$started" || break
            sleep 0.05
        done
        if alive "$started"; then
            echo "$2 (pid $pid) did not end in time, killed" >&2
            kill -s KILL "$pid"
        fi
    fi
    sweep "$started"
    rm -f "$started"
}

# PostgreSQL on DIR/.s.PGSQL.5432, whose folder only the service user enters;
# further arguments are settings: fsync=off

start_postgres() {
    local dir=$1 setting options=()
    shift
    alive "$dir/postgres.started" && return
    folder "$dir"
    if [ ! -d "$dir/data" ]; then
        rm -rf "$dir/data.new"
        "${unprivileged[@]}" "$pg_bin/initdb" -D "$dir/data.new" -U postgres \
            -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
            > "$dir/initdb.log" 2>&1 \
            || { tail "$dir/initdb.log" >&2; return 1; }
        sync "$dir/data.new"
        mv "$dir/data.new" "$dir/data"
    fi
    for setting in "$@"; do options+=(-c "$setting"); done
    cp "$demo/postgresql.conf" "$dir/postgresql.conf"
    chmod 644 "$dir/postgresql.conf"
    launch "$dir" postgres "$pg_bin/postgres" -D "$dir/data" -k "$dir" \
        -c config_file="$dir/postgresql.conf" "${options[@]}"
    await "$dir" postgres "$pg_bin/pg_isready" -q -h "$dir" -U postgres
}

stop_postgres() { end "$1" postgres INT; }

# the database carrierpay in the PostgreSQL of DIR, with the schema deployed

deploy() (
    export PGHOST=$1 PGUSER=postgres PGDATABASE=carrierpay
    export SQITCH_FULLNAME=carrierpay SQITCH_EMAIL=carrierpay@localhost

    psql -Xqc '' 2>/dev/null \
        || psql -Xqd postgres -c 'create database carrierpay' || return
    cd "$demo/../../sql" && sqitch --quiet deploy db:pg:carrierpay
)

undeploy() (
    export PGHOST=$1 PGUSER=postgres
    export SQITCH_FULLNAME=carrierpay SQITCH_EMAIL=carrierpay@localhost

    cd "$demo/../../sql" && sqitch --quiet revert -y db:pg:carrierpay
)

# Redis on DIR/redis.sock

start_redis() {
    local dir=$1
    alive "$dir/redis.started" && return
    folder "$dir"
    launch "$dir" redis redis-server --port 0 --unixsocket "$dir/redis.sock" \
        --unixsocketperm 700 --dir "$dir" --save '' --appendonly yes
    await "$dir" redis redis-cli -e -s "$dir/redis.sock" ping
}

stop_redis() { end "$1" redis TERM; }

# nginx with DIR as its prefix and DIR/nginx.conf; PRELOAD names libraries that
# a sanitized module needs

start_nginx() {
    local dir=$1
    alive "$dir/nginx.started" && return
    folder "$dir"
    # sockets of a killed nginx would be "already in use"
    rm -f "$dir"/*.sock "$dir/nginx.pid"
    launch "$dir" nginx env ${PRELOAD:+LD_PRELOAD="$PRELOAD"} "$nginx" \
        -p "$dir/" -c "$dir/nginx.conf" -e "$dir/error.log" \
        -g "daemon off; pid $dir/nginx.pid;"
    await "$dir" nginx test -s "$dir/nginx.pid"
}

reload_nginx() { kill -s HUP "$(cat "$1/nginx.pid")"; }
stop_nginx() { end "$1" nginx QUIT; }

# the operator's gateway on 127.0.0.1:PORT, which opens tunnels to the TLS port
# of the edge, and to no other but 443

start_gateway() {
    local dir=$1 port=$2 tls=$3
    alive "$dir/gateway.started" && return
    folder "$dir"
    sed "s|@DIR@|$dir|; s|@PORT@|$port|; s|@TLS@|$tls|" "$demo/gateway.conf" \
        > "$dir/gateway.conf"
    chmod 644 "$dir/gateway.conf"
    rm -f "$dir/gateway.pid"
    launch "$dir" gateway apache2 -DFOREGROUND -f "$dir/gateway.conf"
    await "$dir" gateway test -s "$dir/gateway.pid"
}

stop_gateway() { end "$1" gateway TERM; }

# the merchant's webhook receiver on 127.0.0.1:PORT; it writes DIR/webhooks.log

start_receiver() {
    local dir=$1 port=$2
    alive "$dir/receiver.started" && return
    folder "$dir"
    rm -f "$dir/receiver.out"
    install -m 644 "$demo/receiver" "$dir/receiver.py"
    launch "$dir" receiver python3 "$dir/receiver.py" "$port" \
        "$dir/secret" "$dir/webhooks.log"
    await "$dir" receiver grep -q ready "$dir/receiver.out"
}

stop_receiver() { end "$1" receiver TERM; }

# The shop and the phones. DIR/settings.json says what they need, DIR/program
# is their program, they listen on DIR/shop.sock.

start_shop() {
    local dir=$1
    alive "$dir/shop.started" && return
    rm -f "$dir/shop.sock" "$dir/shop.out"
    launch "$dir" shop /usr/bin/python3 -B "$dir/program/main.py" \
        "$dir/settings.json"
    await "$dir" shop grep -q ready "$dir/shop.out"
}

stop_shop() { end "$1" shop TERM; }

# Kannel: bearerbox and smsbox on loopback. The first PORT is smsbox's, which
# takes messages from the user "carrierpay"; the last is the fake SMSC's, where
# one client plays the phones. What phones write goes to URL. The user's
# password is in the file PASSWORD.

has_kannel() { [ -x "$kannel_bin/bearerbox" ] && [ -x "$kannel_bin/smsbox" ]; }

start_kannel() {
    local dir=$1 password=$2 url=$3 sendsms=$4 smsc=$5 box=$6 admin=$7
    alive "$dir/bearerbox.started" && alive "$dir/smsbox.started" && return
    folder "$dir"
    if ! alive "$dir/bearerbox.started"; then
        # smsbox breaks when bearerbox has gone
        end "$dir" smsbox KILL
        # bearerbox would live on without the port of its SMSC
        vacant "$smsc" "$box" "$admin" || return
    fi
    alive "$dir/smsbox.started" || vacant "$sendsms" || return
    (
        umask 077
        # The demo never calls Kannel's administration, so its password is
        # random and written nowhere else.
        sed "s|@URL@|$url|; s|@SENDSMS@|$sendsms|
             s|@SMSC@|$smsc|; s|@BOX@|$box|; s|@ADMIN@|$admin|
             s|@PASSWORD@|$(cat "$password")|
             s|@SECRET@|$(openssl rand -hex 24)|" "$demo/kannel.conf" \
            > "$dir/kannel.conf"
    )
    own "$dir/kannel.conf"
    if ! alive "$dir/bearerbox.started"; then
        launch "$dir" bearerbox "$kannel_bin/bearerbox" -v 3 "$dir/kannel.conf"
        await "$dir" bearerbox listens "$box" || return
    fi
    if ! alive "$dir/smsbox.started"; then
        launch "$dir" smsbox "$kannel_bin/smsbox" -v 3 "$dir/kannel.conf"
        await "$dir" smsbox listens "$sendsms"
    fi
}

vacant() {
    local port
    for port; do
        if listens "$port"; then
            echo "Kannel does not start: port $port is taken" >&2
            return 1
        fi
    done
}

listens() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# smsbox waits for what bearerbox has acknowledged, so it ends first

stop_kannel() {
    end "$1" smsbox TERM
    end "$1" bearerbox TERM
}

[ "${BASH_SOURCE[0]}" != "$0" ] || "$@"
