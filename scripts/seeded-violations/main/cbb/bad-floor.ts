// breaks: floor-main-5
export { x } from '../shells/target.ts';
