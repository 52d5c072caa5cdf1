// The two channels between Electron’s page and main; in a file without schemas, since preload carries all that it
// imports.
export const CALL_CHANNEL = 'genrtl:call';
export const PUSH_CHANNEL = 'genrtl:push';
