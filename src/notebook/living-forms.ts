import { TABLE_MIME, VALUE_MIME } from '../protocol/looking.ts';
import type { Output } from '../protocol/outputs.ts';
import { asKept, isJsonObject } from './cells.ts';
import type { Cell, Json } from './document.ts';

type Data = Readonly<Record<string, unknown>>;

/**
 * Forms that need the worker which made them: they end with it. What is kept of a value is its text, of a table the
 * rows that are here.
 */
export function withoutLife(data: Data): Data {
  if (!(VALUE_MIME in data) && !(TABLE_MIME in data)) return data;
  const entries = Object.entries(data).filter(([mime]) => mime !== VALUE_MIME);
  return Object.fromEntries(
    entries.map(([mime, form]) => {
      const isTable = mime === TABLE_MIME && isJsonObject(form as Json);
      return [mime, isTable ? { ...(form as object), handle: null } : form];
    }),
  );
}

/** A cell of a notebook that is opened: nothing runs, and whoever had the values that it shows is gone. */
export function opened(cell: Cell): Cell {
  const outputs = cell.outputs.map(withoutLifeIn);
  const isSame = outputs.every((output, i) => output === cell.outputs[i]);
  return asKept(isSame ? cell : { ...cell, outputs });
}

function withoutLifeIn(output: Output): Output {
  if (output.type !== 'display' && output.type !== 'result') return output;
  const data = withoutLife(output.bundle.data);
  return data === output.bundle.data ? output : { ...output, bundle: { ...output.bundle, data } };
}
