// What GENRTL_HOME/settings.json holds, and how it is read. Reading needs nothing of the store, so that a command line
// starts without it.
import path from 'node:path';
import { z } from 'zod';
import { defaultSettings, UserSettings } from '@genrtl/contracts';
import { readText } from '@genrtl/disk/records.ts';

export const SETTINGS_NAME = 'settings';

const StoredFile = z.object({
  settings: UserSettings.partial(),
  recent: z.array(z.string()),
  layouts: z.record(z.string(), z.string()),
});
export type StoredSettings = z.infer<typeof StoredFile>;

const EMPTY: StoredSettings = { settings: {}, recent: [], layouts: {} };

/** Anything that is no settings file counts as an empty one. */
export function storedSettings(content: unknown): StoredSettings {
  const parsed = StoredFile.safeParse({ ...EMPTY, ...(typeof content === 'object' ? content : null) });
  return parsed.success ? parsed.data : EMPTY;
}

export const withDefaults = ({ settings }: StoredSettings, locale: string): UserSettings =>
  ({ ...defaultSettings(locale), ...settings }) as UserSettings;

/** What the file of `home`, which is GENRTL_HOME, holds. */
export async function readStoredSettings(home: string): Promise<StoredSettings> {
  let content: unknown = null;
  try {
    content = JSON.parse((await readText(path.join(home, `${SETTINGS_NAME}.json`))) ?? 'null');
  } catch {
    // damaged: the app starts from the defaults, and so does this
  }
  return storedSettings(content);
}

/** The person's settings as they stand in that file. */
export async function readUserSettings(home: string, locale: string): Promise<UserSettings> {
  return withDefaults(await readStoredSettings(home), locale);
}
