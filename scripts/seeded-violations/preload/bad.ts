// breaks: preload-imports-contracts
export { x } from '../core/x/target.ts';
