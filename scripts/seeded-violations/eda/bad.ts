// breaks: eda-imports-contracts-and-core
export { x } from '../main/target.ts';
