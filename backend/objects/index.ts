// The object store of the backend.
export { FolderStore } from './folder.ts';
export { openObjects } from './settings.ts';
export type { ObjectStore } from './store.ts';
