// Fake EDA executables for tests: shell scripts on a PATH of their own that note how they were called and then do as
// told.
import { chmodSync, mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

export interface FakeTools {
  /** environment whose PATH finds the fakes first, then the system's own shell tools */
  readonly env: Readonly<Record<string, string>>;
  /** installs an executable; `body` is shell, `$FAKE` is the folder of the fakes */
  add(name: string, body: string): void;
  /** argument vectors of all calls so far, executable's name first */
  calls(): string[][];
}

export function fakeTools(folder: string): FakeTools {
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'calls.bin');
  return {
    env: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder },
    add(name, body) {
      const path = join(folder, name);
      writeFileSync(
        path,
        `#!/bin/sh\nFAKE='${folder}'\n{ printf '%s\\0' '${name}' "$@"; printf '\\001'; } >> "$FAKE/calls.bin"\n${body}\n`,
      );
      chmodSync(path, 0o755);
    },
    calls() {
      if (!existsSync(log)) return [];
      return readFileSync(log, 'utf8')
        .split('\x01')
        .filter((call) => call !== '')
        .map((call) => call.split('\0').slice(0, -1));
    },
  };
}
