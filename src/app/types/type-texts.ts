import type ts from 'typescript';
import type { Signatures } from '../../ui/editor/assist.ts';

type Parts = readonly ts.SymbolDisplayPart[] | undefined;

/** What a name is, as TypeScript writes it. That it came by an import which the reader did not write is left
 * out. */
export function codeOf(parts: Parts): string {
  return plain(parts)
    .replace(/^\(alias\) /, '')
    .replace(/\nimport [^\n]*$/, '');
}

/** Documentation as Markdown. */
export function docsOf(documentation: Parts, tags: readonly ts.JSDocTagInfo[] | undefined): string {
  const lines = (tags ?? []).map(({ name, text }) => `\n\n*@${name}* ${plain(text)}`);
  return (plain(documentation) + lines.join('')).trim();
}

export function signaturesOf(help: ts.SignatureHelpItems): Signatures {
  return {
    signatures: help.items.map(signatureOf),
    active: help.selectedItemIndex,
    activeParameter: help.argumentIndex,
  };
}

function signatureOf(item: ts.SignatureHelpItem): Signatures['signatures'][number] {
  const separator = plain(item.separatorDisplayParts);
  let label = plain(item.prefixDisplayParts);
  const parameters = item.parameters.map((parameter, i) => {
    if (i > 0) label += separator;
    const from = label.length;
    label += plain(parameter.displayParts);
    return { from, to: label.length, text: plain(parameter.documentation) };
  });
  label += plain(item.suffixDisplayParts);
  return { label, text: docsOf(item.documentation, item.tags), parameters };
}

function plain(parts: Parts): string {
  return (parts ?? []).map(({ text }) => text).join('');
}
