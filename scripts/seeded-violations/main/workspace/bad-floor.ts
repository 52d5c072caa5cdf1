// breaks: floor-main-2
export { x } from '../shells/target.ts';
