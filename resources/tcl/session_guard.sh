#!/bin/sh
# Runs one tool session so that nothing of it outlives its supervisor.
# usage: session_guard.sh RUN_DIR MODE SECONDS COMMAND [ARGUMENT...]
#   local   on the supervisor's machine: ends the tool when stdin closes (the supervisor holds its other end)
#   client  the same around a submit command such as srun; GENRTL_SKILL_CANCEL holds the words that take the job back
#   node    on a cluster's node: ends the tool when session/lease stands still for SECONDS
# The tool gets a process group of its own; the whole group ends with it. The exit code is the tool's (128+n: signal n).
run_dir=$1
mode=$2
seconds=$3
shift 3
session=$run_dir/session

# where setpriv can do that (util-linux 2.33 or newer), a guard that is killed takes the tool with it; a supervisor on this machine
# has asked already
death_signal=$GENRTL_SKILL_PDEATHSIG
if [ "$mode" = node ] || [ -z "$death_signal" ]; then
  death_signal=no
  setpriv --pdeathsig KILL true 2>/dev/null && death_signal=yes
fi
if [ "$death_signal" = yes ]; then
  set -- setpriv --pdeathsig KILL -- "$@"
fi
setsid "$@" </dev/null &
tool=$!
# stdin of a background command is /dev/null in a shell without job control; descriptor 3 keeps the lifeline
exec 3<&0

if [ "$mode" != client ]; then
  echo "$tool" >"$session/started"
fi

end_tool() {
  trap '' TERM INT HUP
  kill -TERM -"$tool" 2>/dev/null || kill -TERM "$tool" 2>/dev/null
  tries=0
  while kill -0 -"$tool" 2>/dev/null && [ "$tries" -lt 20 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  kill -KILL -"$tool" 2>/dev/null
  # a submit command that is ended while it waits or starts may leave its job behind
  [ "$mode" = client ] && [ -n "$GENRTL_SKILL_CANCEL" ] && $GENRTL_SKILL_CANCEL >/dev/null 2>&1 </dev/null
}
trap 'end_tool; exit 143' TERM INT HUP

guard=$$
watcher=
case $mode in
  local | client)
    # the descriptor is named in this subshell alone, so that the tool never holds the lifeline
    (trap - TERM INT HUP; while read -r _ <&3; do :; done; kill -TERM "$guard") >/dev/null 2>&1 &
    watcher=$!
    ;;
  node)
    (
      trap - TERM INT HUP
      # what sleeps here is no part of the tool
      unset GENRTL_SKILL_SESSION
      last=none
      still=0
      # counted in own sleeps: clocks of two machines are never compared
      while [ "$still" -lt "$seconds" ]; do
        sleep 1
        now=gone
        read -r now <"$session/lease" 2>/dev/null
        if [ "$now" = "$last" ]; then still=$((still + 1)); else still=0; last=$now; fi
      done
      echo "session_guard: the supervisor's lease ran out" >&2
      kill -TERM "$guard"
    ) &
    watcher=$!
    ;;
esac

wait "$tool"
code=$?
trap '' TERM INT HUP
[ -n "$watcher" ] && kill -KILL "$watcher" 2>/dev/null && wait "$watcher" 2>/dev/null
kill -KILL -"$tool" 2>/dev/null
exit "$code"
