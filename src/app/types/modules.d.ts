/** Monaco's TypeScript, which comes without types of its own. */
declare module 'monaco-editor/languages/features/typescript/lib/typescriptServices' {
  import type ts from 'typescript';
  export const typescript: typeof ts;
}

declare module 'virtual:api-types' {
  /** Address, relative to the page, of the declarations that scripts/api-types.mjs makes. */
  const url: string;
  export default url;
}
