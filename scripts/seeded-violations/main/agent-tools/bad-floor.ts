// breaks: floor-main-8
export { x } from '../shells/target.ts';
