# Watches whether Envoy listens, for hosts that would rather pass by it than fail (onProxyFailure:
# open). It takes our jumps out when Envoy does not listen on every port that rules lead to, and puts
# them in again when it does, whether an agent runs or not. What precedes this text sets:
#
# folder, where its files are; v4 and v6, the programs that restore rules; ports in hex as the kernel
# lists them; user, the UID that Envoy has.
#
# With the argument "in" it only puts in what is out.

trap '' HUP INT QUIT PIPE
trap 'exit 0' TERM
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

# One table of one family at a time, each noted, so that nothing is put in twice.
take_out() {
  for file in out.*; do
    unit=${file#out.}
    if [ -f "$file" ] && [ ! -e "is-out.$unit" ]; then
      : >"is-out.$unit"
      restore "$unit" "$file"
    fi
  done
}

put_in() {
  for note in is-out.*; do
    unit=${note#is-out.}
    if [ -e "$note" ]; then
      restore "$unit" "in.$unit" || restore "$unit" "in.$unit.appended"
      rm -f "$note"
    fi
  done
}

if [ "${1:-}" = in ]; then
  put_in
  exit
fi
while [ -e run.sh ]; do
  if listens; then put_in; else take_out; fi
  sleep 0.5 &
  wait $!
done
