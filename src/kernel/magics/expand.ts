import { UsageError } from '../../realm/magics/flags.ts';

/**
 * `{expression}` on the line of a magic becomes the value of the expression in the kernel's namespace, as text:
 * `%%px -o {outName}`. `{{` and `}}` are braces. Code is never expanded.
 */
export function expandLine(magic: string, line: string, evaluate: (expression: string) => unknown): string {
  if (!/[{}]/.test(line)) return line;
  return line.replaceAll(/\{\{|\}\}|\{([^{}]*)\}/g, (text, expression: string | undefined) => {
    if (expression === undefined) return text.charAt(0);
    try {
      return String(evaluate(expression));
    } catch (error) {
      const why = error instanceof Error || isErrorLike(error) ? error.message : String(error);
      throw new UsageError(`${magic}: ${text} has no value: ${why}. Nothing was run.`);
    }
  });
}

/** Errors come from another realm, whose classes are not ours. */
function isErrorLike(error: unknown): error is { readonly message: string } {
  return typeof error === 'object' && error !== null && typeof Reflect.get(error, 'message') === 'string';
}
