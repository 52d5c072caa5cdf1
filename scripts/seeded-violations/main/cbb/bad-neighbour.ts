// breaks: floor-main-4
export { x } from '../review/target.ts';
