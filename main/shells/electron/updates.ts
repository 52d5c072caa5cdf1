// Looks for a newer version and installs it when the app quits. Off unless a feed is named: no request leaves the
// machine by default.

/** The part of electron-updater's `AppUpdater` that is used. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  allowDowngrade: boolean;
  allowPrerelease: boolean;
  setFeedURL(options: { provider: 'generic'; url: string }): void;
  checkForUpdates(): Promise<unknown>;
}

export interface UpdateDeps {
  /** GENRTL_UPDATE_URL */
  readonly feedUrl: string | undefined;
  /** false for a checkout, which updates through git */
  readonly packaged: boolean;
  readonly updater: () => Promise<Updater>;
  readonly onUnexpected: (where: string, error: unknown) => void;
}

const EVERY_MS = 6 * 3_600_000;

/** A feed must be https: what comes from it is run. */
export function feedFrom(feedUrl: string | undefined): string | null {
  if (feedUrl === undefined || !URL.canParse(feedUrl)) return null;
  const url = new URL(feedUrl);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null;
}

/** Returns the function that ends the looking. The updater is loaded only when there is a feed. */
export function followUpdates({ feedUrl, packaged, updater, onUnexpected }: UpdateDeps): () => void {
  const url = feedFrom(feedUrl);
  if (feedUrl !== undefined && feedUrl !== '' && url === null)
    onUnexpected('updates', new TypeError('GENRTL_UPDATE_URL must be an https address without a password.'));
  if (url === null || !packaged) return () => undefined;
  let stopped = false;
  const prepared = updater().then((loaded) => {
    loaded.autoDownload = true;
    loaded.autoInstallOnAppQuit = true;
    // an older signed version with a known hole is an attack, not an update
    loaded.allowDowngrade = false;
    loaded.allowPrerelease = false;
    loaded.setFeedURL({ provider: 'generic', url });
    return loaded;
  });
  const look = (): void => {
    if (!stopped)
      prepared.then((loaded) => loaded.checkForUpdates()).catch((error: unknown) => onUnexpected('updates', error));
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
