// breaks: core-imports-contracts
export { x } from '../main/target.ts';
