/** The offset of the first character from `from` on that is neither white space nor in a comment (nor a `;`, on request). */
export function skipTrivia(text: string, from: number, semicolons = false): number {
  let at = from;
  for (;;) {
    const start = at;
    if (text.startsWith('//', at)) at = lineEnd(text, at);
    else if (text.startsWith('/*', at)) at = commentEnd(text, at);
    else if (at < text.length && isBlank(text.charAt(at), semicolons)) at++;
    if (at === start) return at;
  }
}

function isBlank(letter: string, semicolons: boolean): boolean {
  return /[\s\uFEFF]/.test(letter) || (semicolons && letter === ';');
}

/** An unfinished comment ends nowhere: its own start. */
function commentEnd(text: string, at: number): number {
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? at : end + 2;
}

/** The offset of the next line break, or the end. */
export function lineEnd(text: string, at: number): number {
  const breaks = /[\n\r\u2028\u2029]/g;
  breaks.lastIndex = at;
  return breaks.exec(text)?.index ?? text.length;
}
