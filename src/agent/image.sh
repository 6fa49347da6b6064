#!/bin/sh
# Makes the agent's image: a folder with its own small Java, the jar, the launcher, the unit and,
# unless --no-cache is given, an AOT cache trained by the real commands.
# Usage: image.sh [--no-cache] OUT
# The jar, and for the cache the test classes, must have been built; the error says how.
set -eu
cache=yes
if [ "${1:-}" = --no-cache ]; then cache=no; shift; fi
[ $# = 1 ] || { echo "usage: image.sh [--no-cache] OUT" >&2; exit 2; }
module=$(cd "$(dirname "$0")" && pwd)
out=$1
jdk=$("$module/../../sluice" jdk)
# The newest: a target that was not cleaned has those of earlier versions, too.
jar=$(find "$module/target" -maxdepth 1 -name 'sluice-agent-*.jar' ! -name '*-sources.jar' ! -name '*-tests.jar' -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -n 1 | cut -d ' ' -f 2-)
if [ -z "$jar" ] || { [ $cache = yes ] && [ ! -e "$module/target/test-classes/io/sluice/agent/Training.class" ]; }; then
  echo "image.sh: the agent is not built, or not the classes that train its cache. Run this first:" >&2
  echo "  ./mvnw -q -pl src/agent -am package -DskipTests" >&2
  exit 1
fi

rm -rf "$out"
mkdir -p "$(dirname "$out")"
# jdk.crypto.ec is part of java.base since 22; the agent needs nothing beyond it.
"$jdk/bin/jlink" --add-modules java.base --strip-debug --no-header-files --no-man-pages \
  --output "$out"
install -m 644 "$jar" "$out/lib/sluice-agent.jar"
install -m 755 "$module/src/main/dist/sluice-agent" "$out/bin/sluice-agent"
mkdir -p "$out/lib/systemd"
install -m 644 "$module"/src/main/dist/systemd/*.service "$out/lib/systemd/"
[ "$cache" = yes ] || exit 0

# The training runs the commands that a host runs, against a control plane that is not there and
# against one that the test tree has, if it was compiled.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Profiles are of use to the second compiler only, which the agent does without.
flags="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+UseCompactObjectHeaders"
"$jdk/bin/java" -cp "$module/target/test-classes:$out/lib/sluice-agent.jar" \
  io.sluice.agent.Training "$work" "$out/bin/java" "$out/lib/sluice-agent.jar" \
  "$flags -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining"
"$out/bin/java" $flags -XX:AOTMode=create -XX:AOTConfiguration="$work/agent.aotconf" \
  -XX:AOTCache="$out/lib/sluice-agent.aot" -jar "$out/lib/sluice-agent.jar" --version \
  >"$work/create.log" 2>&1 || { cat "$work/create.log" >&2; exit 1; }
ls -l "$out/lib/sluice-agent.aot"
