// breaks: everything-resolves
export { x } from './nowhere.ts';
