// breaks: floor-main-4
export { x } from '../shells/target.ts';
