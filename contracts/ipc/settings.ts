// Calls of the page: the person's settings and keys.
import { z } from 'zod';
import { SECRET_NAMES, SecretsView, UserSettings } from '../settings.ts';
import { call, None } from './call.ts';

export const SETTINGS_CALLS = {
  'secrets.read': call(None, SecretsView),
  /** write-only; null forgets the key */
  'secrets.write': call(z.object({ name: z.enum(SECRET_NAMES), value: z.string().max(4096).nullable() }), SecretsView),
  /** says the passphrase of the kept keys, or chooses one; keys of this session are kept with it from then on */
  'secrets.open': call(z.object({ passphrase: z.string().min(8).max(200) }), SecretsView),
  /** forgets passphrase and kept keys */
  'secrets.forget': call(None, SecretsView),
  'settings.read': call(None, UserSettings),
  'settings.write': call(UserSettings.partial(), None),
} as const;
