// Names of the skill runtime, without schemas: options of the command line are made of them at every start.

export const SKILL_HOSTS = ['innovus', 'yosys', 'opensta', 'magic', 'netgen', 'tclsh'] as const;
export const LAUNCHER_IDS = ['local', 'dsub', 'lsf', 'slurm'] as const;
