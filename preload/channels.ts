// The two channels between Electron's page and main.
export const CALL_CHANNEL = 'genrtl:call';
export const PUSH_CHANNEL = 'genrtl:push';
