// breaks: area-contracts
export { x } from '../core/x/target.ts';
