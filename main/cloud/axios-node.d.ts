// The package's one file for Node, with the types of its front door.
declare module 'axios/dist/node/axios.cjs' {
  import type { AxiosStatic } from 'axios';
  const axios: AxiosStatic;
  export default axios;
}
