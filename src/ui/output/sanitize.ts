import createPurifier, { type Config } from 'dompurify';
import { boundedMarkup, type MarkupBounds } from '../../notebook/markup-scan.ts';
import { AttachedPictures } from './attached-pictures.ts';
import { breakLongWords } from './break-words.ts';
import { drawnSize } from './drawn-size.ts';
import { isDataPicture, isLocalValue, keepLocal, localSheet } from './local-styles.ts';
import { SelectorBudget, type SelectorGround } from './selector-work.ts';

/**
 * What notebooks bring along as HTML, SVG or Markdown may be hostile. Three walls: this sanitiser, a box of its own
 * that nothing leaves (a shadow root, `contain`), and the page's policy that runs no inline script and loads nothing
 * from elsewhere. Names are closed lists; what DOMPurify does not know does not come through. It is parsed once, and
 * what comes out are nodes for the place where they go: nobody writes them as text to be parsed again.
 */

/** `output`: a shadow root, which has styles and names of its own. `prose`: among the page's own elements. */
export type Place = 'output' | 'prose';

export interface Sanitized {
  readonly content: DocumentFragment;
  /** Of its style elements; they are no longer in `content`. */
  readonly sheets: readonly CSSStyleSheet[];
  /** Nothing of it can be seen: what it would show needs scripts, or another page in it. */
  readonly nothingLeft: boolean;
  /** It says its own colours, or leaves black on white to the browser. */
  readonly ownColours: boolean;
  /** Characters of the markup that were left out, since there is too much of it. */
  readonly leftOut: number;
  /** Formulas that stand there as they were typed, since there are too many. */
  readonly formulasLeft: number;
  readonly elements: number;
}

export interface SanitizeOptions {
  readonly place: Place;
  readonly bounds?: MarkupBounds;
  /** Pictures that `attachment:name` stands for, as data addresses. */
  readonly attachment?: (name: string) => string | null;
  /** Where a link to a file beside the notebook goes; null: nobody knows. */
  readonly beside?: (link: string) => string | null;
}

/** What is drawn unasked. */
export const BOUNDS: MarkupBounds = { characters: 2_000_000, nodes: 20_000, depth: 200 };
/** What is drawn when a reader asks for all of it. */
export const WIDE_BOUNDS: MarkupBounds = { characters: 20_000_000, nodes: 200_000, depth: 400 };

/** Before each name of the prose, so that none is taken for one of the page's. */
export const NAME_PREFIX = 'user-content-';

/** A purifier of our own: hooks are per instance. */
const purifier = createPurifier(window);

/** What the hooks have to know of the text that is being sanitised. */
let attached = new AttachedPictures(() => null);
let beside: (link: string) => string | null = () => null;

purifier.addHook('uponSanitizeAttribute', (node, data) => {
  const { attrName, attrValue } = data;
  if (attrName === 'src' && node.nodeName === 'IMG') data.attrValue = pictureFor(node, attrValue);
});

/** A picture as data; one that is elsewhere is remembered as such, and gets no address. */
function pictureFor(node: Element, address: string): string {
  if (isDataPicture(address)) return address;
  const name = /^attachment:(.*)$/is.exec(address)?.[1];
  if (name === undefined) {
    elsewhere.set(node, hostOf(address));
    return '';
  }
  const found = attached.find(decoded(name));
  if (typeof found === 'object' && isDataPicture(found.address)) return found.address;
  const why = found === 'too often' ? 'which is shown too often' : 'which is missing';
  elsewhere.set(node, `the attachment ${decoded(name)}, ${why}`);
  return '';
}

let elsewhere = new Map<Element, string>();

function hostOf(address: string): string {
  try {
    const { protocol, host } = new URL(address);
    return protocol === 'data:' ? 'data that Tutti does not show' : host === '' ? protocol : host;
  } catch {
    return address.slice(0, 200);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const FORBIDDEN_TAGS = [
  'form',
  'iframe',
  'object',
  'embed',
  'base',
  'meta',
  'link',
  'dialog',
  'audio',
  'video',
  'source',
  'track',
  'canvas',
  'portal',
  'picture',
  'template',
  'slot',
  'mglyph',
  'maction',
];

const FORBIDDEN_ATTRIBUTES = [
  'popover',
  'popovertarget',
  'popovertargetaction',
  'formaction',
  'action',
  'autofocus',
  'tabindex',
  'accesskey',
  'contenteditable',
  'draggable',
  'autoplay',
  'background',
  'poster',
  'srcset',
  'sizes',
  'ping',
  'download',
  'usemap',
  'ismap',
  'longdesc',
  'xml:base',
  'slot',
  'part',
  'is',
  'nonce',
];

const SHARED: Config = {
  ALLOW_DATA_ATTR: false,
  FORBID_ATTR: FORBIDDEN_ATTRIBUTES,
  RETURN_DOM_FRAGMENT: true,
  // What stands first (a style, often) stays with the rest.
  FORCE_BODY: true,
};

const CONFIGS: Readonly<Record<Place, Config>> = {
  output: {
    ...SHARED,
    USE_PROFILES: { html: true, svg: true, svgFilters: true, mathMl: true },
    ADD_TAGS: ['style', 'use', 'animate', 'set', 'foreignobject'],
    ADD_ATTR: ['href', 'xlink:href', 'to', 'from', 'scoped'],
    HTML_INTEGRATION_POINTS: { foreignobject: true, 'annotation-xml': true },
    FORBID_TAGS: FORBIDDEN_TAGS,
    // Names are those of the shadow root.
    SANITIZE_DOM: false,
  },
  prose: {
    ...SHARED,
    USE_PROFILES: { html: true, mathMl: true },
    FORBID_TAGS: [...FORBIDDEN_TAGS, 'style'],
    FORBID_ATTR: [...FORBIDDEN_ATTRIBUTES, 'class'],
    // So that none is taken for one of the page's.
    SANITIZE_NAMED_PROPS: true,
  },
};

export function sanitize(markup: string, options: SanitizeOptions): Sanitized {
  const { place } = options;
  const bounds = options.bounds ?? BOUNDS;
  const length = boundedMarkup(markup, bounds);
  attached = new AttachedPictures(options.attachment ?? (() => null));
  beside = options.beside ?? (() => null);
  elsewhere = new Map();
  const shown = length < markup.length ? markup.slice(0, length) : markup;
  const content = purifier.sanitize(shown, CONFIGS[place]) as unknown as DocumentFragment;
  const needsMore = purifier.removed.some((part) => 'element' in part && isActive(part.element));
  const found = contain(content, bounds);
  breakLongWords(content);
  // A plot that takes the colour of the text is at home in both themes.
  const ownColours = found.ownColours && !(content.querySelector('svg') && /currentcolor/i.test(shown));
  return {
    content,
    ...found,
    ownColours,
    nothingLeft: !isSeen(content) && (needsMore || isPlaceholder(content)),
    leftOut: markup.length - length,
    formulasLeft: 0,
  };
}

/** Whether it would draw, or make others draw, if it were allowed to. */
function isActive(node: Node): boolean {
  return /^(?:script|iframe|object|embed|canvas|video|audio|link|portal)$/i.test(node.nodeName);
}

/** Whether there is anything to look at. A box alone is where a script would draw. */
function isSeen(content: DocumentFragment): boolean {
  return (
    content.textContent.trim() !== '' ||
    content.querySelector('img, svg, math, hr, progress, meter, input, button, select, textarea, table') !==
      null
  );
}

/** Empty boxes with names, where a script of another form would draw. */
function isPlaceholder(content: DocumentFragment): boolean {
  return (
    content.querySelector('[id], [class]') !== null && content.querySelector('[style], [bgcolor]') === null
  );
}

/** Elements of SVG that refer to others of the same picture. */
const REFERRING =
  /^(?:use|textpath|mpath|lineargradient|radialgradient|pattern|filter|mask|clippath|marker|feimage|animate|animatemotion|animatetransform|animatecolor|set)$/i;

const CONTROLS = /^(?:input|button|select|textarea|fieldset|optgroup|option)$/i;

/** Nothing of it reaches out of its box: neither styles, nor addresses, nor links. */
function contain(
  content: DocumentFragment,
  bounds: MarkupBounds,
): Pick<Sanitized, 'sheets' | 'ownColours' | 'elements'> {
  const sheets: CSSStyleSheet[] = [];
  const elements = [...content.querySelectorAll('*')];
  const budget = new SelectorBudget(groundOf(elements));
  let ownColours = false;
  for (const element of elements) {
    const name = element.localName.toLowerCase();
    if (name === 'style') {
      const sheet = localSheet(element.textContent, element.getAttribute('media') ?? '', budget);
      sheets.push(sheet);
      ownColours ||= /color\s*:|background|fill\s*:/i.test(element.textContent);
      element.remove();
      continue;
    }
    if ('style' in element && element.style instanceof CSSStyleDeclaration && element.hasAttribute('style')) {
      keepLocal(element.style);
      const { color, backgroundColor, backgroundImage } = element.style;
      ownColours ||= `${color}${backgroundColor}${backgroundImage}` !== '';
    }
    ownColours ||= element.hasAttribute('bgcolor') || name === 'font' || name === 'svg';
    if (/^(?:animate\w*|set)$/.test(name) && !mayAnimate(element)) {
      element.remove();
      continue;
    }
    containAttributes(element, name);
    if (CONTROLS.test(name)) element.setAttribute('disabled', '');
  }
  if (elements.length > MOST_MOVING) sheets.push(atRest());
  for (const [picture, where] of elsewhere) replacePicture(picture, where);
  if (elements.length > 0 && content.querySelector('use, pattern, mask, marker'))
    boundUses(content, sheets, bounds);
  return { sheets, ownColours, elements: elements.length };
}

/** Elements of what may move: more of them are laid out again for each frame. */
const MOST_MOVING = 1000;

function atRest(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { animation: none !important; transition: none !important; }');
  return sheet;
}

/** A child comes behind its parent. */
function groundOf(elements: readonly Element[]): SelectorGround {
  const keys = new Map<string, number>();
  const count = (key: string): void => void keys.set(key, (keys.get(key) ?? 0) + 1);
  const depths = new Map<Element, number>();
  let [depth, siblings, longestAttribute] = [1, 1, 1];
  for (const element of elements) {
    const own = 1 + (depths.get(element.parentElement as Element) ?? 0);
    depths.set(element, own);
    depth = Math.max(depth, own);
    siblings = Math.max(siblings, element.childElementCount);
    for (const { value } of element.attributes) longestAttribute = Math.max(longestAttribute, value.length);
    count(element.localName.toLowerCase());
    if (element.id !== '') count(`#${element.id}`);
    for (const name of element.classList) count(`.${name}`);
  }
  return {
    elements: elements.length,
    depth,
    siblings,
    longestAttribute,
    count: (key) => keys.get(/^[.#]/.test(key) ? key : key.toLowerCase()) ?? 0,
  };
}

/** Where a link goes, and what an element refers to, is not animated. */
function mayAnimate(element: Element): boolean {
  return !/href|style|class|^id$|^on|target/i.test(element.getAttribute('attributeName')?.trim() ?? '');
}

function containAttributes(element: Element, name: string): void {
  const isLink = name === 'a' || name === 'area';
  for (const attribute of [...element.attributes]) {
    const { localName, value } = attribute;
    if (localName === 'href') {
      if (isLink) continue;
      const isPicture = (name === 'image' || name === 'feimage') && isDataPicture(value);
      if (!isPicture && !(REFERRING.test(name) && value.startsWith('#')))
        element.removeAttributeNode(attribute);
    } else if (localName === 'src') {
      if (name !== 'img' || !isDataPicture(value)) element.removeAttributeNode(attribute);
    } else if (element.namespaceURI !== HTML && !TEXTS.has(localName) && !isLocalValue(value)) {
      element.removeAttributeNode(attribute);
    }
  }
  if (isLink) containLink(element);
}

const HTML = 'http://www.w3.org/1999/xhtml';
/** Attributes of SVG that are no values of CSS. */
const TEXTS = new Set([
  'id',
  'class',
  'd',
  'points',
  'aria-label',
  'aria-description',
  'lang',
  'style',
  'transform',
]);

/** Links open elsewhere, or go to a place in the notebook. A file beside the notebook is where that came from, if it is
 * known. */
function containLink(link: Element): void {
  const address = link.getAttribute('href') ?? link.getAttribute('xlink:href');
  link.removeAttribute('target');
  if (address === null) return;
  if (address.startsWith('#')) return;
  const isWhole = /^(?:https?:|mailto:)/i.test(address.trim());
  const there = isWhole ? address : beside(address.trim());
  if (there !== null) {
    if (!isWhole) link.setAttribute('href', there);
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer');
    return;
  }
  link.removeAttribute('href');
  link.removeAttribute('xlink:href');
  link.setAttribute('class', 'absent-file');
  link.setAttribute('title', `${decoded(address).slice(0, 200)} is not part of this notebook`);
}

/** Where a picture would be that is elsewhere: whose it is, and what it shows. */
function replacePicture(picture: Element, where: string): void {
  const note = picture.ownerDocument.createElement('span');
  note.className = 'absent-picture';
  const alt = picture.getAttribute('alt')?.trim() ?? '';
  note.textContent = alt === '' ? `[picture from ${where}]` : `[picture from ${where}: ${alt}]`;
  picture.replaceWith(note);
}

/** Parts of a picture that are drawn again may be drawn again in others: what comes to too much is not drawn. */
function boundUses(content: DocumentFragment, sheets: readonly CSSStyleSheet[], bounds: MarkupBounds): void {
  const nodes = [...content.querySelectorAll('*')];
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const byName = new Map(
    nodes.filter(({ id }) => id !== '').map((node) => [node.id, numbers.get(node) ?? -1]),
  );
  const parents = nodes.map((node) => numbers.get(node.parentElement as Element) ?? -1);
  const own = nodes.flatMap((node, at) =>
    [...node.attributes]
      .flatMap(({ localName, value }) => (localName === 'href' ? [value] : namesIn(value)))
      .map((name) => ({ at, name })),
  );
  const styled = sheets.flatMap(({ cssRules }) => referringRules(cssRules)).slice(0, MOST_REFERRING_RULES);
  const byStyle = styled.flatMap(({ selectorText, cssText }) =>
    [...content.querySelectorAll(selectorText)].flatMap((node) =>
      namesIn(cssText).map((name) => ({ at: numbers.get(node) ?? -1, name })),
    ),
  );
  const uses = [...own, ...byStyle].flatMap(({ at, name }) => {
    const target = name.startsWith('#') ? byName.get(name.slice(1)) : undefined;
    return target === undefined ? [] : [{ at, target }];
  });
  if (drawnSize({ parents, uses }) <= 2 * bounds.nodes) return;
  for (const node of content.querySelectorAll('use, pattern, mask, marker')) node.remove();
}

/** Rules that name parts of the picture; more of them are not looked through. */
const MOST_REFERRING_RULES = 100;

function referringRules(rules: CSSRuleList): readonly CSSStyleRule[] {
  return [...rules].flatMap((rule) => {
    if (rule instanceof CSSStyleRule && rule.cssText.includes('url(')) return [rule];
    return 'cssRules' in rule ? referringRules(rule.cssRules as CSSRuleList) : [];
  });
}

/** `#name` of each `url(#name)`. */
function namesIn(value: string): readonly string[] {
  return [...value.matchAll(/url\(\s*["']?(#[^"')]*)/gi)].map(([, name = '']) => name);
}
