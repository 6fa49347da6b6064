# Stands beside the agent while it changes the host, in a session of its own: tests and loads rules
# when it is told to, and gives back what was there unless the agent confirms. An agent that dies, or
# takes longer than it may, confirms nothing.
#
# $1 the agent's state folder, $2 and $3 the programs that restore rules, $4 how many seconds the
# agent may take once rules change.

trap '' HUP INT QUIT TERM PIPE
state=$1 v4=$2 v6=$3 seconds=$4 timer=
cd "$state/watchdog" || exit 1

restore() {
  family=$1 file=$2
  shift 2
  case $family in
    v4) "$v4" --noflush --wait 10 "$@" <"$file" ;;
    *) "$v6" --noflush --wait 10 "$@" <"$file" ;;
  esac
}

# Each file leads one table of one family from the new rules to the old. The kernel takes a file
# whole or not at all, and where the old rules stand it either has nothing to delete and fails, or
# sets the same again. The second form does not count on the places that others' rules had.
give_back() {
  trap '' USR1
  echo returning
  for family in v4 v6; do
    for table in raw mangle nat; do
      file=back/$family.$table
      if [ -f "$file" ]; then
        restore "$family" "$file" >/dev/null 2>&1 ||
          restore "$family" "$file.appended" >/dev/null 2>&1
      fi
    done
  done
  for file in live/endpoints/*.json live/lds.json live/cds.json; do
    [ -f "$file" ] && mv -f "$file" "$state/$file"
  done
  # The agent has ended the guard, if there is one, before it changed rules.
  if [ -f "$state/guard/run.sh" ]; then
    (
      trap - HUP INT QUIT TERM PIPE
      # There, as it is known by its folder before it has read a line.
      cd "$state/guard" || exit
      exec setsid --fork sh "$state/guard/run.sh" >/dev/null 2>&1
    )
  fi
  finish
}

finish() {
  [ -n "$timer" ] && kill "$timer" 2>/dev/null
  cd / && rm -rf "$state/watchdog"
  exit 0
}

trap give_back USR1
echo $$ >pid || exit 1
echo armed
while read -r word family; do
  case $word in
    test)
      restore "$family" "new/$family" --test >/dev/null 2>"complaint.$family"
      echo "tested $?"
      ;;
    load)
      if [ -z "$timer" ]; then
        (
          trap 'kill $s; exit' TERM
          sleep "$seconds" &
          s=$!
          wait $s
          kill -USR1 $$
        ) >/dev/null &
        timer=$!
      fi
      restore "$family" "new/$family" >/dev/null 2>"complaint.$family"
      echo "loaded $?"
      ;;
    confirm)
      trap '' USR1
      echo confirmed
      finish
      ;;
    dismiss) finish ;;
  esac
done
give_back
