// Runs electron-builder over the staged trees, with the configuration of electron-builder.yml.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Arch, Platform, build } from 'electron-builder';

export interface PackOptions {
  /** holds electron-builder.yml, package.json, resources/icons, dist/desktop and dist/server */
  readonly projectDir: string;
  /** e.g. `dir`, `AppImage`, `deb`; empty means those of electron-builder.yml */
  readonly targets: readonly string[];
  /** an unpacked Electron or its zip; without it electron-builder downloads the version that is installed */
  readonly electronDist?: string;
}

/**
 * Resolves to the files that were made; with the target `dir` there is none, and the app lies in
 * `dist/packages/linux-unpacked` or its like.
 */
export async function pack({ projectDir, targets, electronDist }: PackOptions): Promise<string[]> {
  const electron = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('electron/package.json'), 'utf8'),
  ) as { version: string };
  return build({
    projectDir,
    targets: Platform.current().createTarget([...targets], Arch[process.arch as keyof typeof Arch]),
    publish: 'never',
    config: {
      electronVersion: electron.version,
      // what goes in was staged file by file; electron-builder neither installs nor collects packages on its own
      beforeBuild: async () => false,
      ...(electronDist === undefined ? {} : { electronDist }),
    },
  });
}
