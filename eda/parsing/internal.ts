// A tool that accuses itself.

/** Code of a diagnostic that speaks of a fault of the tool, whatever place it names. */
export const INTERNAL_CODE = 'INTERNAL';
