# Watches whether Envoy listens, for hosts that would rather pass by it than fail (onProxyFailure:
# open). It takes our jumps out when Envoy does not listen on every port that rules lead to, and puts
# them in again when it does, whether an agent runs or not. What precedes this text sets:
#
# folder, where its files are; v4 and v6, the programs that restore rules; ports in hex as the kernel
# lists them; user, the UID that Envoy has.
#
# With the argument "in" it only puts in what is out.

# It ends between two tables: a note that is wrong about one would put jumps in twice.
over=
trap '' HUP INT QUIT PIPE
trap 'over=1' TERM
cd "$folder" || exit 1

restore() {
  case $1 in
    v4.*) "$v4" --noflush --wait 10 <"$2" ;;
    *) "$v6" --noflush --wait 10 <"$2" ;;
  esac >/dev/null 2>&1
}

listens() {
  missing=" $ports "
  while read -r slot local remote state queues timer retransmits uid rest; do
    case $state in
      0A)
        port=${local##*:}
        if [ "$uid" = "$user" ]; then
          case $missing in
            *" $port "*) missing="${missing%%" $port "*} ${missing#*" $port "}" ;;
          esac
        fi
        ;;
      st) ;;
      *) break ;; # the kernel tells listeners first
    esac
  done </proc/net/tcp
  case $missing in
    *[0-9A-F]*) return 1 ;;
  esac
}

# Each jump by itself, however often it stands, for a table in which somebody has changed others.
clear_out() {
  for jump in one."$1".*; do
    if [ -f "$jump" ]; then
      while restore "$1" "$jump"; do :; done
    fi
  done
}

# One table of one family at a time, each noted by its file's name: a new name needs no room on the
# disk. What could not be done (4: another program holds the lock) is tried again.
take_out() {
  for file in out.*; do
    unit=${file#out.}
    if [ -f "$file" ] && [ -z "$over" ] && mv -f "$file" "is-out.$unit" 2>/dev/null; then
      restore "$unit" "is-out.$unit"
      case $? in
        0) ;;
        4) mv -f "is-out.$unit" "$file" ;;
        *) clear_out "$unit" ;;
      esac
    fi
  done
}

# One that was killed may have noted what it had not done, or not any more.
put_in() {
  for note in is-out.*; do
    unit=${note#is-out.}
    if [ -e "$note" ] && [ -z "$over" ]; then
      clear_out "$unit"
      if restore "$unit" "in.$unit" || restore "$unit" "in.$unit.appended"; then
        mv -f "$note" "out.$unit" 2>/dev/null
      fi
    fi
  done
}

if [ "${1:-}" = in ]; then
  put_in
  exit
fi
while [ -z "$over" ] && [ -e run.sh ]; do
  if listens; then put_in; else take_out; fi
  if [ -z "$over" ]; then
    sleep 0.5 &
    nap=$!
    wait $nap
    [ -z "$over" ] || kill $nap 2>/dev/null
  fi
done
