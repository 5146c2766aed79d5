import type { ExecuteReply } from '../async-result/execute-reply.ts';

/** What one engine did with one command. */
export interface CommandResult {
  readonly input: { readonly translated: string; readonly raw: string };
  /** The n of `In [n]`, on that engine. */
  readonly number: number;
  /** The engine's. */
  readonly id: number;
  /** What it printed, the value of its last expression included; left out when there is nothing. */
  readonly stdout?: string;
  readonly stderr?: string;
}

/** The results of a command, in target order. Prints as `[0] In [1]: …` and `[0] Out[1]: …`. */
export class ResultsList extends Array<CommandResult> {
  // What `map` and its like make of it is no list of results.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override toString(): string {
    return ['<Results List>', ...this.flatMap(linesOf)].join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }
}

export function commandResult(code: string, reply: ExecuteReply): CommandResult {
  const stdout = reply.stdout + valueText(code, reply);
  return {
    input: { translated: code, raw: code },
    number: reply.executionCount ?? 0,
    id: reply.engineId ?? -1,
    ...(stdout === '' ? {} : { stdout }),
    ...(reply.stderr === '' ? {} : { stderr: reply.stderr }),
  };
}

function linesOf({ id, number, input, stdout, stderr }: CommandResult): string[] {
  const line = (what: string, text: string) => `[${String(id)}] ${what}[${String(number)}]: ${text}`;
  return [
    line('In ', input.raw),
    ...(stdout === undefined ? [] : [line('Out', stdout.trimEnd())]),
    ...(stderr === undefined ? [] : [line('Err', stderr.trimEnd())]),
  ];
}

function valueText(code: string, { executeResult }: ExecuteReply): string {
  const text = executeResult?.data['text/plain'];
  return typeof text === 'string' && !endsInAssignment(code) ? `${text}\n` : '';
}

/** As in Python, an assignment shows nothing, although in JavaScript it has a value. */
function endsInAssignment(code: string): boolean {
  const last = code.split(/[;\n]/).findLast((part) => part.trim() !== '') ?? '';
  return /^\s*[\p{ID_Start}$_][\p{ID_Continue}$.]*(\[[^\]]*\])*\s*([-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>])/u.test(
    last,
  );
}
