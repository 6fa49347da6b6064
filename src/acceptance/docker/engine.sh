# shellcheck shell=bash disable=SC2154 # ./sluice, which sources this, sets root, logs, command
# Sourced by ./sluice for `test --all`: a Docker engine when none answers, and images made of
# files that this machine has, so that no registry of images is needed.

docker_folder= # of the engine that we started

need_docker() {
  if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    step Docker "an engine answers"
    need docker-compose
    make_images
    return
  fi
  if ((EUID != 0)); then
    lacks "a Docker engine" "start one, or run: sudo $0 $command${arguments:+ $arguments}"
    return
  fi
  need docker dockerd docker-compose
  command -v dockerd >/dev/null || return 0 # `need` has noted it
  step Docker "starting an engine for this run"
  docker_folder=$(mktemp -d -t sluice-docker-XXXXXX)
  iptables-save >"$docker_folder/v4.rules"
  ip6tables-save >"$docker_folder/v6.rules"
  cat /proc/sys/net/ipv4/ip_forward >"$docker_folder/ip_forward"
  ip link show docker0 >"$docker_folder/docker0" 2>/dev/null || rm "$docker_folder/docker0"
  trap stop_docker EXIT
  export DOCKER_HOST=unix://$docker_folder/docker.sock
  dockerd --data-root "$docker_folder/data" --exec-root "$docker_folder/exec" \
    --pidfile "$docker_folder/pid" -H "$DOCKER_HOST" >"$logs/dockerd.log" 2>&1 </dev/null &
  if ! quietly Docker docker-wait wait_for_docker; then
    lacks "a Docker engine" "dockerd did not start; why is in $logs/dockerd.log"
    return
  fi
  make_images
}

wait_for_docker() {
  local deadline=$((SECONDS + 60))
  until docker info; do
    ((SECONDS < deadline)) || return 1
    sleep 0.5
  done
}

# Leaves no process, interface or rule of the engine.
stop_docker() {
  local table
  kill "$(<"$docker_folder/pid")" && tail --pid="$(<"$docker_folder/pid")" -f /dev/null
  [[ -e $docker_folder/docker0 ]] || ip link del docker0
  for table in nat filter; do
    restore_table iptables ip "$docker_folder/v4.rules" "$table"
    restore_table ip6tables ip6 "$docker_folder/v6.rules" "$table"
  done
  cat "$docker_folder/ip_forward" >/proc/sys/net/ipv4/ip_forward
  rm -rf "$docker_folder"
} 2>/dev/null

restore_table() { # PROGRAM FAMILY SAVED TABLE
  if grep -q "^\*$4\$" "$3"; then
    "$1-restore" -T "$4" <"$3"
  elif [[ $("$1" -V) = *nf_tables* ]]; then
    nft delete table "$2" "$4" || : # it was not made
  else
    "$1" -t "$4" -P FORWARD ACCEPT || : # the nat table has none
    "$1" -t "$4" -F && "$1" -t "$4" -X
  fi
}

# sluice-base:local, a JDK and a shell: what the Dockerfile builds on in tests.
# sluice-postgres:local, the PostgreSQL of our own artifact, behaving as the official image does.
make_images() {
  export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
  export SLUICE_POSTGRES_IMAGE=sluice-postgres:local SLUICE_BASE_IMAGE=sluice-base:local
  need tar xz unzip
  need_build
  quietly "Docker images" docker-images import_images || lacks "images for Docker" "see $logs/docker-images.log"
}

import_images() {
  local work status=0
  work=$(mktemp -d -t sluice-image-XXXXXX)
  base_files "$work/base" && import_base "$work/base" &&
    postgres_files "$work/base" && import_postgres "$work/base" || status=$?
  rm -rf "$work"
  return "$status"
}

import_base() {
  tar -C "$1" -c . | docker import --change 'ENV PATH=/opt/java/bin:/usr/bin:/bin JAVA_HOME=/opt/java' - sluice-base:local
}

import_postgres() {
  tar -C "$1" --exclude=./opt/java -c . | docker import \
    --change 'ENV PATH=/usr/local/pgsql/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data' \
    --change 'ENTRYPOINT ["/usr/local/bin/entrypoint"]' --change 'CMD ["postgres"]' \
    --change 'EXPOSE 5432' - sluice-postgres:local
}

base_files() { # FOLDER
  local folder=$1 program
  mkdir -p "$folder"/{etc,tmp,usr/bin,usr/local/bin,var/lib/postgresql,run,opt,dev,proc,sys}
  chmod 1777 "$folder/tmp"
  ln -s usr/bin "$folder/bin"
  printf '%s\n' 'root:x:0:0::/:/bin/sh' 'postgres:x:999:999::/var/lib/postgresql:/bin/sh' >"$folder/etc/passwd"
  printf '%s\n' 'root:x:0:' 'postgres:x:999:' >"$folder/etc/group"
  cp -aL "$JAVA_HOME" "$folder/opt/java"
  rm -rf "$folder/opt/java"/{jmods,lib/src.zip,man,demo}
  for program in sh bash basename cat chmod chown cp cut date dirname env expr grep head id ln locale ls mkdir mv readlink rm sed \
    setpriv sleep sort tail test touch tr true uname; do
    install -D -m 755 "$(type -P "$program")" "$folder/usr/bin/$program"
  done
  copy_libraries "$folder" "$folder"/usr/bin/* "$folder"/opt/java/bin/java "$folder"/opt/java/lib/*.so "$folder"/opt/java/lib/server/*.so
  if [[ -d /usr/lib/locale/C.utf8 ]]; then mkdir -p "$folder/usr/lib/locale" && cp -a /usr/lib/locale/C.utf8 "$folder/usr/lib/locale/"; fi
}

postgres_files() { # FOLDER
  local folder=$1 jar
  jar=$(find "$root/src/control-plane/target/dist/lib" -name "embedded-postgres-binaries-linux-$(machine)-*.jar" | head -n 1)
  [[ -n $jar ]] || {
    echo "the control plane's artifact has no PostgreSQL for $(uname -m)"
    return 1
  }
  mkdir -p "$folder/usr/local/pgsql"
  unzip -p "$jar" '*.txz' | tar -xJ -C "$folder/usr/local/pgsql"
  copy_libraries "$folder" "$folder"/usr/local/pgsql/bin/*
  install -m 755 "$root/src/acceptance/docker/postgres-entrypoint" "$folder/usr/local/bin/entrypoint"
}

machine() { if [[ $(uname -m) = aarch64 ]]; then echo arm64v8; else echo amd64; fi; }

copy_libraries() { # FOLDER FILE…: what the dynamic linker would load for them on this machine
  local folder=$1 library
  shift
  ldd "$@" 2>/dev/null | sed -nE 's#^[^/]*(/[^ ]+) \(0x.*#\1#p' | sort -u | while read -r library; do
    [[ $library = "$folder"/* || -e $folder$library ]] || install -D -m 755 "$(readlink -f "$library")" "$folder$library"
  done
}
