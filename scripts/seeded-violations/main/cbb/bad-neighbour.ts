// breaks: floor-main-5
export { x } from '../review/target.ts';
