import type { LiveName } from './assist.ts';

/** Where a magic, or a flag of one, is being typed: the text so far, with its signs. */
export interface MagicPlace {
  readonly kind: 'magic' | 'flag';
  readonly typed: string;
  /** For a flag: the name of the magic, without signs. */
  readonly magic: string;
}

const ASSIGNED = String.raw`(?:(?:const|let|var)\s+)?(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=\s*)?`;
const NAME = new RegExp(String.raw`^\s*${ASSIGNED}(%{1,2}[A-Za-z]*\w*)$`, 'u');
const FLAG = new RegExp(
  String.raw`^\s*${ASSIGNED}%{1,2}([A-Za-z]\w*)(?:\s+--?\w[\w-]*(?:[= ][^-\s]\S*)?)*\s+(-[\w-]*)$`,
  'u',
);

/** `before` is the line up to the caret. Null where code is typed. */
export function magicPlaceAt(before: string): MagicPlace | null {
  const typed = NAME.exec(before)?.[1];
  if (typed !== undefined) return { kind: 'magic', typed, magic: '' };
  const [, magic, flag] = FLAG.exec(before) ?? [];
  return magic !== undefined && flag !== undefined ? { kind: 'flag', typed: flag, magic } : null;
}

/** What there is at that place, as far as it is known without asking the kernel. */
export function magicWords({ kind, typed, magic }: MagicPlace): readonly LiveName[] {
  const words = kind === 'magic' ? MAGICS : (FLAGS[magic] ?? (/^px\w*$/.test(magic) ? PX_FLAGS : []));
  return words.filter(({ name }) => name.startsWith(typed));
}

const word = (kind: string) => (text: string) => {
  const [, name = '', detail = ''] = /^(\S+)\s+(.*)$/.exec(text) ?? [];
  return { name, kind, detail };
};

const MAGICS: readonly LiveName[] = [
  '%px run a line on the engines',
  '%%px run the cell on the engines',
  '%autopx send every following cell to the engines, or stop that',
  '%pxresult show what the last %px without waiting gave',
  '%result the same as %pxresult',
  '%pxconfig set the flags of every %px to come',
  '%debug open the last error as `e`',
  '%time how long a line takes',
  '%%time how long the cell takes',
  '%timeit how long a line takes, over many runs',
  '%%timeit how long the cell takes, over many runs',
  '%who names of variables',
  '%whos variables, with their values',
  '%reset forget all variables',
  '%run run a file',
  '%load put the text of a file into the cell',
  '%lsmagic the magics there are',
  '%magic what magics are',
].map(word('magic'));

const EXECUTE = [
  '--targets where: all, 1, 0,2 or ::2',
  '--block wait, and show what the engines say',
  '--noblock do not wait; the value is an AsyncResult',
  '--verbose say which engines it runs on',
  '--no-verbose do not',
  '--stream show output while it happens',
  '--no-stream show output at the end, grouped',
  '--progress-after show progress when it takes longer (seconds)',
  '--signal-on-interrupt what Interrupt sends: SIGINT, SIGTERM, SIGKILL',
].map(word('flag'));
const OUTPUT = [
  '--out keep the AsyncResult under this name',
  '--group-outputs at the end, by type, engine or order',
].map(word('flag'));
const PX_FLAGS: readonly LiveName[] = [
  ...EXECUTE,
  word('flag')('--local run here too, in the kernel'),
  ...OUTPUT,
];

const FLAGS: Readonly<Record<string, readonly LiveName[]>> = {
  pxconfig: EXECUTE,
  pxresult: OUTPUT,
  result: OUTPUT,
};
