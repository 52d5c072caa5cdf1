// Names of a project's files, for everybody, the page included: no schemas here.

/** At the workspace's root. */
export const PROJECT_FILE = 'genrtl.yaml';
/** Larger files are no project files. */
export const MAX_PROJECT_BYTES = 4 * 1024 * 1024;
/** Lines in gitignore's form; what they match never leaves the machine. */
export const IGNORE_FILE = '.genrtlignore';
