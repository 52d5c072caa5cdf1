// breaks: adapters-are-strangers
export { x } from '../b/index.ts';
