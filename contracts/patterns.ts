// The forms of names that paths are made of. Free of zod, so that the page can load them.

/** The short name of an organisation, which its packages stand under. */
export const CBB_SCOPE = /^[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?$/;
/**
 * `cbb_name`, the platform's, or `@org/name`, an organisation's. Neither capitals nor dots, so that an id is a folder,
 * or one in another, on every file system.
 */
export const CBB_ID = /^(?:cbb_[a-z0-9_]{1,60}|@[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?\/[a-z][a-z0-9_-]{0,59})$/;
export const SEMVER = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
