// breaks: floor-main-7
export { x } from '../shells/target.ts';
