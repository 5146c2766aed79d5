import { createConditions } from '../protocol/conditions.ts';
import { checkCallable, sendable } from './callable.ts';
import { UnmetDependency } from './errors.ts';
import { parseImport } from './import-spec.ts';
import { isPlainObject } from './options.ts';

const conditions = createConditions({
  checkCallable,
  sendable,
  isPlainObject: (value): value is Readonly<Record<string, unknown>> => isPlainObject(value),
  parseImport,
  unmet: (message) => new UnmetDependency(message),
  here: null,
});

export const { isConditional, depend, dependent, require } = conditions;
