// The object store of the backend.
export { FolderStore } from './folder.ts';
export type { ObjectStore } from './store.ts';
