// breaks: floor-main-1
export { x } from '../shells/target.ts';
