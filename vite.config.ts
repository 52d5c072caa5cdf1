// How a page is built: the app's (the default) and the portal's, by the same rules. The bundles of main and preload for
// Electron are made by scripts/build.ts with options of their own.
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

/** `folder` holds index.html and is built to dist/<folder>; `base` is where its files are served. */
export const pageConfig = (folder: string, base: string): UserConfig => ({
  root: path.join(import.meta.dirname, folder),
  base,
  plugins: [react()],
  build: {
    outDir: path.join(import.meta.dirname, 'dist', folder),
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: false,
    modulePreload: { polyfill: false },
    // data: URLs for fonts and icons are not in the content security policy's font-src
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
  },
  worker: { format: 'es' },
});

export default defineConfig(pageConfig('renderer', '/'));
