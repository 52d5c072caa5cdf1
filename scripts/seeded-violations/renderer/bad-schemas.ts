// breaks: page-loads-no-schemas
export { x } from '../contracts/http/target.ts';
