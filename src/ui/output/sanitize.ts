import createPurifier from 'dompurify';

/**
 * What notebooks bring along as HTML, SVG or Markdown may be hostile. Three walls: this sanitiser, a shadow
 * root that keeps styles in (`SafeMarkup`), and the page's policy that runs no inline script and loads no
 * foreign image. Names are closed lists; what DOMPurify does not know does not come through.
 */

/** A purifier of our own: hooks are per instance. */
const purifier = createPurifier(window);

/** Styles that could reach out (addresses) or out of their root. */
const DANGEROUS_STYLE = /url\s*\(|@import|image-set|:host|expression|\\/i;

purifier.addHook('uponSanitizeElement', (node, { tagName }) => {
  if (tagName === 'style' && DANGEROUS_STYLE.test(node.textContent ?? '')) node.parentNode?.removeChild(node);
});

purifier.addHook('uponSanitizeAttribute', (_node, attribute) => {
  if (attribute.attrName === 'style' && DANGEROUS_STYLE.test(attribute.attrValue)) attribute.keepAttr = false;
});

purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node.nodeName.toLowerCase() === 'a' && node.hasAttribute('href')) {
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer');
  }
});

const FORBIDDEN_TAGS = [
  'form',
  'input',
  'button',
  'textarea',
  'select',
  'option',
  'iframe',
  'object',
  'embed',
  'base',
  'meta',
  'link',
  'dialog',
  'audio',
  'video',
];
const FORBIDDEN_ATTRIBUTES = [
  'popover',
  'popovertarget',
  'formaction',
  'autofocus',
  'tabindex',
  'contenteditable',
];

export function sanitizeHtml(html: string): string {
  return purifier.sanitize(html, {
    USE_PROFILES: { html: true, svg: true, mathMl: true },
    ALLOW_DATA_ATTR: false,
    SANITIZE_NAMED_PROPS: true,
    FORBID_TAGS: [...FORBIDDEN_TAGS, 'style'],
    FORBID_ATTR: [...FORBIDDEN_ATTRIBUTES, 'style', 'class'],
  });
}

/** Plots style themselves: here `style` stays, as the shadow root confines it. */
export function sanitizeSvg(svg: string): string {
  return purifier.sanitize(svg, {
    USE_PROFILES: { svg: true, svgFilters: true },
    ADD_TAGS: ['style'],
    ALLOW_DATA_ATTR: false,
    FORBID_TAGS: ['foreignObject', 'image', 'a'],
    FORBID_ATTR: FORBIDDEN_ATTRIBUTES,
  });
}
