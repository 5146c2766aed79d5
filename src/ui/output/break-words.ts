/** Characters after which a word may be broken: more than a line of any screen has. */
const MOST = 400;

/** No text of a page, or laid out in ways of its own. */
const NOT_PROSE = 'svg, math, style, textarea, option';

/**
 * Words longer than any line get places to break at. A browser shapes a word as a whole, and again for each line that
 * it breaks it into: with a font that has kerning, 100,000 letters without a space took twenty seconds.
 */
export function breakLongWords(content: DocumentFragment): void {
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  const long: Text[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (hasLongWord(node.nodeValue ?? '') && !node.parentElement?.closest(NOT_PROSE)) long.push(node as Text);
  }
  for (const text of long) {
    const parts = document.createDocumentFragment();
    for (let at = 0; at < text.data.length; at += MOST) {
      if (at > 0) parts.append(document.createElement('wbr'));
      parts.append(text.data.slice(at, at + MOST));
    }
    text.replaceWith(parts);
  }
}

/** In one pass: a pattern would begin anew at each letter. */
function hasLongWord(text: string): boolean {
  let letters = 0;
  for (let i = 0; i < text.length; i++) {
    letters = text.charCodeAt(i) <= 32 ? 0 : letters + 1;
    if (letters > MOST) return true;
  }
  return false;
}
