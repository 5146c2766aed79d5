import { formatCell, type FormatCode } from './format-cell.ts';

/** Prettier, which comes at the first use: its formatter, and of its parsers the smallest that reads TypeScript. */
const formatCode: FormatCode = async (code) => {
  const [{ format }, babel, estree] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/babel'),
    import('prettier/plugins/estree'),
  ]);
  return format(code, { parser: 'babel-ts', plugins: [babel, estree.default], printWidth: 90 });
};

export function formatSource(source: string): Promise<string> {
  return formatCell(source, formatCode);
}
