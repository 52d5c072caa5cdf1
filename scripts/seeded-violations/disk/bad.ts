// breaks: area-disk
export { x } from '../eda/adapters/b/index.ts';
