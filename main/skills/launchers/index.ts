// How sessions are started: on this machine or through a scheduler. child_process is used in this folder only.
export { LAUNCHERS, renderNodeScript } from './command.ts';
export { cancelOnCluster, killSession, startGuarded, type GuardedExit, type GuardedProcess } from './process.ts';
