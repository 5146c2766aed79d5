import { constants, cpus, hostname } from 'node:os';
import type { JsonObject } from '../../src/protocol/jupyter-message.ts';
import type { Outcome } from '../../src/protocol/replies.ts';
import { inspect } from '../../src/realm/format.ts';

/** Where an engine is, for lists of engines. */
export function processFacts(): JsonObject {
  return {
    host: hostname(),
    pid: process.pid,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    cpus: cpus().length,
    directory: process.cwd(),
  };
}

/** An outcome as Jupyter's entry in `user_expressions`. */
export function showValue(outcome: Outcome): JsonObject {
  switch (outcome.status) {
    case 'ok':
      return { status: 'ok', data: { 'text/plain': inspect(outcome.value.value) }, metadata: {} };
    case 'error': {
      const { ename, evalue, traceback } = outcome.error;
      return { status: 'error', ename, evalue, traceback };
    }
    case 'aborted':
      return { status: 'error', ename: 'TaskAborted', evalue: outcome.reason, traceback: [] };
  }
}

/** A signal by its name or number on this machine; null when there is none. */
export function signalNamed(signal: unknown): NodeJS.Signals | null {
  const entry = Object.entries(constants.signals).find(([name, n]) => signal === name || signal === n);
  return entry ? (entry[0] as NodeJS.Signals) : null;
}
