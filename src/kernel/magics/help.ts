import { inspect } from '../../realm/format.ts';
import type { Magic, MagicRegistry } from './magic.ts';

/** `%lsmagic`, `name?` and `name??`: what there is, and what a name stands for. */
export function registerHelp(registry: MagicRegistry, valueOf: (expression: string) => unknown): void {
  const describe =
    (withSource: boolean): Magic =>
    (call, context) =>
    () => {
      const text = call.rest.startsWith('%')
        ? describeMagic(call.rest, registry)
        : describeValue(call.rest, valueOf(call.rest), withSource);
      context.outputs.add({ type: 'stream', lane: null, name: 'stdout', text });
      return Promise.resolve({});
    };
  registry.register('pinfo', describe(false));
  registry.register('pinfo2', describe(true));
  registry.register('lsmagic', (_call, context) => () => {
    const names = [...registry.names()].filter((name) => !name.startsWith('pinfo'));
    const text = `Line magics: ${names.map((name) => `%${name}`).join(' ')}\nCell magics: %%px\n`;
    context.outputs.add({ type: 'stream', lane: null, name: 'stdout', text });
    return Promise.resolve({});
  });
}

function describeMagic(name: string, registry: MagicRegistry): string {
  const known = registry.get(name.replace(/^%+/, '')) !== undefined;
  return known ? `${name} is a magic. A wrong flag lists its flags: ${name} --help\n` : `There is no magic ${name}.\n`;
}

function describeValue(name: string, value: unknown, withSource: boolean): string {
  const lines = [`Name:   ${name}`, `Type:   ${typeName(value)}`];
  if (typeof value !== 'function') lines.push(`Value:  ${inspect(value)}`);
  else if (withSource) lines.push('Source:', Function.prototype.toString.call(value));
  else lines.push(`Takes:  ${String(value.length)} argument${value.length === 1 ? '' : 's'}`);
  return `${lines.join('\n')}\n`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  const maker: unknown = (value as { readonly constructor?: unknown }).constructor;
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'Object';
}
