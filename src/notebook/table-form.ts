import type { LiveValue, TableCell, TableForm } from '../protocol/looking.ts';

/** Forms of ours may come out of a stranger's file: what does not have the shape is not shown in them. */

export function readTable(value: unknown): TableForm | null {
  if (!isObject(value)) return null;
  const { columns, rows, rowNames, total, handle } = value;
  if (!isListOf(columns, isText) || columns.length === 0 || !isListOf(rows, isRow)) return null;
  if (rows.some((row) => row.length !== columns.length)) return null;
  if (rowNames !== null && !(isListOf(rowNames, isText) && rowNames.length === rows.length)) return null;
  if (!isCount(total) || total < rows.length || !(handle === null || isText(handle))) return null;
  return { columns, rows, rowNames, total, handle };
}

export function readLiveValue(value: unknown): LiveValue | null {
  if (!isObject(value)) return null;
  const { handle, summary, entries, total } = value;
  if (!isText(handle) || !isSummary(summary) || !isListOf(entries, isEntry) || !isCount(total)) return null;
  return { handle, summary, entries, total } as LiveValue;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isRow(value: unknown): value is readonly TableCell[] {
  return isListOf(value, isCell);
}

function isCell(value: unknown): value is TableCell {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

function isEntry(value: unknown): value is object {
  return isObject(value) && isText(value['name']) && isSummary(value['value']);
}

function isSummary(value: unknown): value is object {
  if (!isObject(value)) return false;
  const { kind, text, node } = value;
  return isText(kind) && isText(text) && (node === null || isCount(node));
}
