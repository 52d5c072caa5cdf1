// What a caller asks of the sandbox and what an adapter says that its tool needs. Data only.
import { totalmem } from 'node:os';

/**
 * `required`: without a sandbox nothing is run. `preferred`: without one the run goes on and says that it was not
 * confined; only for what no job wrote, or when a person agreed. `off`: switched off by the person.
 */
export type ConfinementMode = 'required' | 'preferred' | 'off';

export interface ConfinementPolicy {
  readonly mode: ConfinementMode;
  /**
   * `read`: sources and all else of the workspace are read-only, and what the run writes at its root goes to the run
   * folder. `write`: the person's own code writes where it is used to, but for dot files. Default: `read`
   */
  readonly workspace?: 'read' | 'write';
  /** absolute folders that the run may write beside its run and build folder */
  readonly writable?: readonly string[];
  /** absolute files and folders that it may read although they lie in a hidden place */
  readonly readable?: readonly string[];
  /** absolute folders that it must not see beside the usual ones, e.g. other workspaces */
  readonly hidden?: readonly string[];
  readonly bounds?: Partial<Bounds>;
}

/** What a tool cannot do without. Declared by its adapter. */
export interface ToolNeeds {
  /**
   * `licence`: the network stays open when a licence variable is set or a licence file of the home says so; `always`: a
   * command of a project whose person declared and trusted it
   */
  readonly network?: 'licence' | 'always';
  /** files and folders of the home that the tool reads, relative to it */
  readonly home?: readonly string[];
}

/** What one run may use. A run that reaches a bound is stopped and ends as `resource_limit`. */
export interface Bounds {
  /** processor time of each process */
  readonly cpuSeconds: number;
  /** of all its processes together, watched; and address space with data in it of each process */
  readonly memoryBytes: number;
  /** at a time, threads included where the kernel counts them */
  readonly processes: number;
  /** of each file that it writes */
  readonly fileBytes: number;
  /** of its writable folders together */
  readonly diskBytes: number;
  /** of each of its private folders in memory: /tmp, the home, /dev/shm */
  readonly scratchBytes: number;
}

const GIB = 1024 ** 3;

/** Wide enough for a long gate-level simulation with waves, small enough for the machine to stay usable. */
export function defaultBounds(): Bounds {
  return {
    cpuSeconds: 24 * 3600,
    memoryBytes: Math.max(2 * GIB, Math.floor(totalmem() * 0.75)),
    processes: 1024,
    fileBytes: 16 * GIB,
    diskBytes: 32 * GIB,
    scratchBytes: 1 * GIB,
  };
}
