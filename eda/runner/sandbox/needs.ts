// What a run must see although it lies in a hidden place: the tool's installation, its licences, the sources.
import path from 'node:path';
import { findExecutable } from '../executable.ts';
import { isLicenceVariable, TOOL_FOLDER_VARIABLES } from '../environment.ts';
import { isSystem, isWithin, real } from './places.ts';
import type { Environment } from './places.ts';
import type { ToolNeeds } from './policy.ts';
import { readRegularSync } from '@genrtl/disk/regular-file.ts';

const HDL = /\.(?:sv|v|svh|vh|vhd|vhdl|inc|h|mem|hex|f)$/i;

interface Visited {
  readonly needs?: ToolNeeds;
  readonly executables: readonly string[];
  readonly sources?: readonly string[];
  readonly workspace: string;
  readonly env: Environment;
}

/** A licence server is somewhere on the network; only tools that ask one get out. */
export function needsNetwork(needs: ToolNeeds | undefined, env: Environment): boolean {
  if (needs?.network === 'always') return true;
  if (needs?.network !== 'licence') return false;
  if (Object.keys(env).some((name) => isLicenceVariable(name) && env[name] !== '')) return true;
  const home = env['HOME'];
  return home !== undefined && real(path.join(home, '.flexlmrc')) !== null;
}

/** Absolute paths; what lies in no hidden place costs nothing. */
export function readablePlaces({ needs, executables, sources = [], workspace, env }: Visited): string[] {
  const home = real(env['HOME'] ?? '/') ?? '/';
  const root = real(workspace) ?? workspace;
  const found = new Set<string>();
  for (const file of executables) for (const place of installation(file, [home, root], 1)) found.add(place);
  for (const folder of (env['PATH'] ?? '').split(path.delimiter))
    if (path.isAbsolute(folder) && isWithin(path.resolve(folder), home))
      for (const place of prefixParts(path.resolve(folder), [home, root])) found.add(place);
  for (const name of TOOL_FOLDER_VARIABLES)
    for (const place of (env[name] ?? '').split(path.delimiter)) if (path.isAbsolute(place)) found.add(place);
  for (const [name, value] of Object.entries(env))
    if (isLicenceVariable(name))
      for (const place of (value ?? '').split(/[:;]/)) if (path.isAbsolute(place)) found.add(place);
  for (const file of needs?.home ?? []) found.add(path.join(home, file));
  for (const source of sources) {
    const at = real(source);
    if (at === null) continue;
    if (isWithin(at, root)) {
      const place = inDotFolder(path.relative(root, at));
      if (place !== null) found.add(path.join(root, place));
      continue;
    }
    // what it includes lies beside it
    const folder = HDL.test(at) ? path.dirname(at) : at;
    found.add(isPlain(folder, [home, root]) ? folder : at);
  }
  if (needs?.network !== undefined) for (const file of RESOLVER) found.add(file);
  return [...found].filter((place) => !isWithin(home, place) && place !== '/');
}

/** Dot folders of a workspace in which no design lies, but keys and records do. */
const NO_DESIGN = /^\.(?:git|genRTL|ssh|gnupg|aws|azure|kube|docker|config|env.*|vscode|idea|npm|cache)$/i;

/**
 * What is shown of a dot folder of the workspace, where package managers keep the sources that they fetched (Bender's
 * `.bender`): the folder of a source, or one that headers are searched in, never the dot folder itself.
 */
function inDotFolder(relative: string): string | null {
  const parts = relative.split(path.sep);
  if (parts[0]?.startsWith('.') !== true || parts.some((part) => NO_DESIGN.test(part))) return null;
  const folder = HDL.test(relative) ? parts.slice(0, -1) : parts;
  return folder.length > 1 ? folder.join(path.sep) : folder.length < parts.length ? relative : null;
}

/** Where /etc/resolv.conf leads on many systems. */
const RESOLVER = ['/run/systemd/resolve', '/run/NetworkManager/resolv.conf', '/run/resolvconf'];

/** No dot folder, and not around a place that is not to be shown as a whole: the home, the workspaces. */
const isPlain = (folder: string, apart: readonly string[]): boolean =>
  !apart.some((place) => isWithin(place, folder)) && !folder.split('/').some((part) => part.startsWith('.'));

/** Scripts are read for the programs that they start, this deep. */
const MAX_WRAPPERS = 3;
const MAX_SCRIPT_BYTES = 64 * 1024;

/**
 * The folder that a program was installed to; what a wrapper script in the home names is followed. `~/tools/x/bin/y`
 * belongs to `~/tools/x`; of `~/bin` and `~/.local` only what programs need is shown. `apart`: home and workspace.
 */
function installation(file: string, apart: readonly string[], depth: number): string[] {
  const target = real(file);
  if (target === null) return [];
  const places = new Set<string>();
  for (const program of new Set([path.resolve(file), target])) {
    const folder = path.dirname(program);
    for (const place of prefixParts(folder, apart))
      places.add(apart.some((one) => isWithin(one, place)) ? program : place);
    // data of a tool below a shared prefix carries the tool's name
    places.add(path.join(path.dirname(folder), 'share', path.basename(program)));
  }
  if (depth <= MAX_WRAPPERS)
    for (const named of programsIn(target, apart))
      for (const place of installation(named, apart, depth + 1)) places.add(place);
  return [...places];
}

const PROGRAM_FOLDER = /^(?:s?bin|bin32|bin64|linux\w*|shims)$/;
/** Of a dot folder only these: `~/.local` and `~/.cargo` hold keys beside programs. */
const PARTS = ['bin', 'shims', 'lib', 'lib64', 'libexec', 'include', 'versions', 'opt', 'toolchains', 'plugins'];

/** What belongs to programs in a folder, as far as it lies in no system folder. */
function prefixParts(folder: string, apart: readonly string[]): string[] {
  const prefix = path.dirname(folder);
  if (isSystem(prefix) || !PROGRAM_FOLDER.test(path.basename(folder))) return [folder];
  if (isPlain(prefix, apart)) return [prefix];
  return apart.includes(prefix) ? [folder] : [folder, ...PARTS.map((part) => path.join(prefix, part))];
}

/** Programs in the home that a script names, and plain files and folders; a key in a dot folder is neither. */
function programsIn(file: string, apart: readonly string[]): string[] {
  const [home = '/'] = apart;
  if (!isWithin(file, home)) return [];
  let text: string;
  try {
    text = readRegularSync(file, 'latin1').slice(0, MAX_SCRIPT_BYTES);
  } catch {
    return [];
  }
  if (!text.startsWith('#!')) return [];
  const names = text.match(/(?:~|\$HOME|\$\{HOME\}|\/)[\w./+@-]{1,400}/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/^(?:~|\$HOME|\$\{HOME\})/, home)))]
    .map((name) => path.resolve(name))
    .filter((name) => name !== home && isWithin(name, home))
    .slice(0, 50)
    .filter((name) => isPlain(name, apart) || findExecutable(name, {}) !== null);
}
