// Names of a project's files, for everybody, the page included: no schemas here.

/** At the workspace's root. */
export const PROJECT_FILE = 'genrtl.yaml';
/** Lines in gitignore's form; what they match never leaves the machine. */
export const IGNORE_FILE = '.genrtlignore';
