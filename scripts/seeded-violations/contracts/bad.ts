// breaks: contracts-are-leaves
export { x } from '../core/x/target.ts';
