// The forms of names that paths are made of. Free of zod, so that the page can load them.

export const CBB_ID = /^cbb_[a-z0-9_]{1,60}$/;
export const SEMVER = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
