import type ts from 'typescript';
import type { Link } from '../../protocol/link.ts';
import type { SourceCell } from './cell-modules.ts';
import { TypeService, type Declarations } from './type-service.ts';
import type { FromTypes, Question, ToTypes } from './types-messages.ts';

/** Answers questions one after the other, in the order in which they come. */
export function answerTypes(link: Link<ToTypes, FromTypes>, compiler: typeof ts): void {
  const cells = new Map<string, SourceCell>();
  let service: TypeService | null = null;
  let before: Promise<void> = Promise.resolve();

  const perform = async (message: ToTypes): Promise<void> => {
    switch (message.type) {
      case 'start':
        service = new TypeService(compiler, await fetchDeclarations(message.declarations));
        break;
      case 'cells':
        for (const cell of message.changed) cells.set(cell.id, cell);
        for (const id of cells.keys()) if (!message.order.includes(id)) cells.delete(id);
        service?.setCells(message.order.map((id) => cells.get(id) ?? { id, source: '' }));
        break;
      case 'ask':
        if (!service) throw new Error('The declarations of the API could not be loaded.');
        link.post({ type: 'answer', n: message.n, answer: answer(service, message) });
        break;
    }
  };

  link.onMessages((messages) => {
    for (const message of messages) {
      before = before
        .then(() => perform(message))
        .catch((error: unknown) => {
          if (message.type !== 'ask') return;
          link.post({ type: 'failed', n: message.n, message: String(error) });
        });
    }
  });
}

function answer(service: TypeService, question: Question): unknown {
  const { about, cell } = question;
  switch (about) {
    case 'suggest':
      return service.suggest(cell, question.offset);
    case 'describe':
      return service.describe(cell, question.offset, question.name);
    case 'hover':
      return service.hover(cell, question.offset);
    case 'signatures':
      return service.signatures(cell, question.offset);
    case 'problems':
      return service.problems(cell);
  }
}

async function fetchDeclarations(url: string): Promise<Declarations> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${String(response.status)}`);
  return (await response.json()) as Declarations;
}
