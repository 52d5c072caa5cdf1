// Where the parts of this installation lie. The same tree stands in a checkout (TypeScript sources) and in the `server`
// folder of a packaged app (compiled); Electron's bundle lies in a third place and points at one of the two.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Installation {
  /** folder that holds `backend/`, `resources/` and `dist/renderer/`; real files, never inside an asar */
  readonly root: string;
  /** the Node 24 that runs backend and command line; the Electron binary cannot, its run-as-node is fused off */
  readonly node: string;
  readonly backendEntry: string;
}

/**
 * @param moduleFile this module, or the bundle that it was put into; two folders below the root of its tree either way.
 * @param electron the version of Electron, undefined in plain Node
 */
export function locate(moduleFile: string, execPath: string, electron: string | undefined): Installation {
  const tree = path.resolve(path.dirname(moduleFile), '../..');
  const packed = path.basename(tree) === 'app.asar';
  const root = packed ? path.join(path.dirname(tree), 'server') : tree;
  const extension = packed || moduleFile.endsWith('.js') ? 'js' : 'ts';
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return {
    root,
    node: electron === undefined ? execPath : path.join(root, 'node_modules/node/bin', binary),
    backendEntry: path.join(root, `backend/main.${extension}`),
  };
}

export const INSTALLATION: Installation = locate(
  fileURLToPath(import.meta.url),
  process.execPath,
  process.versions['electron'],
);
