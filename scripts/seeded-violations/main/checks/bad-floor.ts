// breaks: floor-main-6
export { x } from '../shells/target.ts';
