// A folder that electron-builder takes for an unpacked Electron on Linux, where the real one cannot be had.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * The binary is no Electron but has the fuse wire of one: the sentinel, version 1, its length, and every fuse as
 * Electron ships it.
 */
export async function stubElectron(folder: string): Promise<void> {
  const { SENTINEL } = createRequire(import.meta.url)('@electron/fuses/dist/constants.js') as { SENTINEL: string };
  // run-as-node, cookies, node options, inspect, asar integrity, only asar, snapshot, file privileges, wasm trap
  // handlers
  const shipped = '101100011';
  await mkdir(path.join(folder, 'resources'), { recursive: true });
  await writeFile(
    path.join(folder, 'electron'),
    Buffer.concat([
      Buffer.from('#!/bin/sh\nexit 0\n'),
      Buffer.from(SENTINEL),
      Buffer.from([1, shipped.length]),
      Buffer.from(shipped),
    ]),
    { mode: 0o755 },
  );
  await writeFile(path.join(folder, 'version'), 'stub');
  await writeFile(path.join(folder, 'LICENSE'), 'licence of Electron');
}
