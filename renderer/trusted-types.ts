// The page's default Trusted Types policy: scripts only from this origin's /assets/*.js, which is what Vite's workers
// need.

interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): unknown;
}

export function allowOwnWorkers(): void {
  const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;
  factory?.createPolicy('default', {
    createScriptURL: (url) => {
      const resolved = new URL(url, location.href);
      if (resolved.origin === location.origin && /^\/assets\/[\w.-]+\.js$/.test(resolved.pathname))
        return resolved.href;
      throw new TypeError(`script refused: ${resolved.href}`);
    },
  });
}
