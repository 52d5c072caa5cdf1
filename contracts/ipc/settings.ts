// Calls of the page: the person's settings and keys.
import { z } from 'zod';
import { SECRET_NAMES, SecretsView, UserSettings } from '../settings.ts';
import { call, None } from './call.ts';

export const SETTINGS_CALLS = {
  'secrets.read': call(None, SecretsView),
  /** write-only; null forgets the key */
  'secrets.write': call(z.object({ name: z.enum(SECRET_NAMES), value: z.string().max(4096).nullable() }), SecretsView),
  'settings.read': call(None, UserSettings),
  'settings.write': call(UserSettings.partial(), None),
} as const;
