// Bulk, named by its sha256.
import { z } from 'zod';
import { Sha256 } from '../primitives.ts';

export const BlobView = z.object({ sha256: Sha256, size_bytes: z.number().int() });
