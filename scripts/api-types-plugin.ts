import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';
import { apiTypes } from './api-types.mjs';

const VIRTUAL = 'virtual:api-types';
const IN_DEVELOPMENT = 'types/api.json';

/**
 * The declarations of what cells see, as a file beside the page's scripts. The page learns its address from
 * the module `virtual:api-types` and loads it when somebody edits code. In development it is made when asked for.
 */
export function apiTypesAsset(): Plugin {
  let serving = false;
  return {
    name: 'tutti-api-types',
    configResolved(config) {
      serving = config.command === 'serve';
    },
    resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : null),
    async load(id) {
      if (id !== `\0${VIRTUAL}`) return null;
      if (serving) return `export default ${JSON.stringify(IN_DEVELOPMENT)};`;
      const source = await apiTypes();
      const hash = createHash('sha256').update(source).digest('hex').slice(0, 8);
      const fileName = `types/api-${hash}.json`;
      this.emitFile({ type: 'asset', fileName, source });
      return `export default ${JSON.stringify(fileName)};`;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.split('?')[0] !== `/${IN_DEVELOPMENT}`) {
          next();
          return;
        }
        apiTypes().then((text) => {
          response.setHeader('Content-Type', 'application/json');
          response.setHeader('Cache-Control', 'no-store');
          response.end(text);
        }, next);
      });
    },
  };
}
