import { flagLines } from '../../realm/magics/flags.ts';
import { say } from '../run-context.ts';
import { NO_FLAGS, type Magic, type MagicRegistry } from './magic.ts';

/** Says what an expression stands for: `name?`, and with its source `name??`. */
export type Describe = (expression: string, withSource: boolean) => string;

/** `%lsmagic`, `%magic`, `name?` and `name??`: what there is, and what a name stands for. */
export function registerHelp(registry: MagicRegistry, describe: Describe): void {
  const asked = (withSource: boolean): Magic => ({
    forms: 'line',
    usage: 'name',
    help: withSource
      ? 'as name??: what a name stands for, and its source'
      : 'as name?: what a name stands for',
    flags: NO_FLAGS,
    isHidden: true,
    prepare: (call, context) => () => {
      const name = call.rest.trim();
      say(context, name.startsWith('%') ? magicHelp(name, registry) : describe(name, withSource));
      return Promise.resolve({});
    },
  });
  registry.register('pinfo', asked(false));
  registry.register('pinfo2', asked(true));
  registry.register('lsmagic', {
    forms: 'line',
    usage: '',
    help: 'list the magics',
    flags: NO_FLAGS,
    prepare: (_call, context) => () => {
      const { line, cell } = registry.listed();
      say(context, `Line magics: ${line.join(' ')}\nCell magics: ${cell.join(' ')}\n`);
      return Promise.resolve({});
    },
  });
  registry.register('magic', {
    forms: 'line',
    usage: '',
    help: 'describe all magics',
    flags: NO_FLAGS,
    prepare: (_call, context) => () => {
      say(context, allMagics(registry));
      return Promise.resolve({});
    },
  });
}

/** `%px?`: how it is called, what it does, its flags. */
export function magicHelp(typed: string, registry: MagicRegistry): string {
  const name = typed.replace(/^%+/, '');
  const magic = registry.get(name);
  if (magic === undefined) return `There is no magic ${typed}. %lsmagic lists those there are.\n`;
  return `${describeMagic(name, magic).join('\n')}\n`;
}

function describeMagic(name: string, magic: Magic): readonly string[] {
  const sign = magic.forms === 'cell' ? '%%' : '%';
  return [
    `${sign}${name} ${magic.usage}`.trimEnd(),
    `  ${magic.help.charAt(0).toUpperCase()}${magic.help.slice(1)}.`,
    ...flagLines(magic.flags).map((line) => `  ${line}`),
  ];
}

const INTRODUCTION = [
  'Magics are lines that begin with %, between the statements of a cell. A magic with %% at the top of a cell',
  'takes the whole cell. `x = %magic …` keeps what a magic gives. JavaScript that contains % is never taken for',
  'a magic. `name?` tells what a name stands for, `name??` shows its source, `%px?` is help on a magic.',
  'Engines have %time, %timeit, %who, %whos and %reset of their own: `%px %whos`.',
];

function allMagics(registry: MagicRegistry): string {
  const names = [...registry.names()].filter((name) => registry.get(name)?.isHidden !== true);
  const parts = names.flatMap((name) => {
    const magic = registry.get(name);
    return magic === undefined ? [] : ['', ...describeMagic(name, magic)];
  });
  return `${[...INTRODUCTION, ...parts].join('\n')}\n`;
}
