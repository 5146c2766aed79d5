import type { Shown } from './bundle.ts';
import { htmlFragment, svgFile } from './harmless-file.ts';
import { renderMarkdown } from './markdown.ts';
import { bytesOf, type OutputContent } from './output-content.ts';

/** What an output is on the clipboard beside its text. Loaded when one is copied. */

/** Of HTML and Markdown: without scripts, handlers and what is elsewhere. */
export function copiedHtml(content: OutputContent, shown: Shown | null): string {
  return shown?.mime === 'text/markdown'
    ? fragmentOf(renderMarkdown(content.text).content)
    : htmlFragment(content.html ?? '');
}

function fragmentOf(content: DocumentFragment): string {
  const box = document.createElement('div');
  box.append(content);
  return box.innerHTML;
}

/** As PNG, which is what clipboards take. */
export async function copiedPicture(content: OutputContent, shown: Shown | null): Promise<Blob> {
  if (shown?.mime === 'image/svg+xml') return drawn(svgFile(content.text), shown.width);
  const { type, data } = content.image ?? { type: '', data: '' };
  const blob = new Blob([bytesOf(data)], { type });
  if (type === 'image/png') return blob;
  const picture = await createImageBitmap(blob);
  return painted(picture, picture.width, picture.height, false);
}

/** Pixels of a picture that says no size. */
const USUAL = { width: 640, height: 480 };
/** Of a pixel of the page: for screens of high resolution, and paper. */
const SCALE = 2;
/** Pixels of a side: browsers draw no larger ones. */
const MOST = 8000;

async function drawn(svg: string, wanted: number | null): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const { naturalWidth, naturalHeight } = picture;
    const [width, height] = [naturalWidth || USUAL.width, naturalHeight || USUAL.height];
    const scale = Math.min(
      wanted === null ? SCALE : (SCALE * wanted) / width,
      MOST / Math.max(width, height),
    );
    return await painted(picture, Math.ceil(width * scale), Math.ceil(height * scale), true);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** `onPaper`: its lines are dark, and stand on white. */
function painted(picture: CanvasImageSource, width: number, height: number, onPaper: boolean): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context && onPaper) {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
  }
  context?.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The picture could not be drawn'));
    }, 'image/png');
  });
}
