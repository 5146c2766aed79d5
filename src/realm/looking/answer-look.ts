import type { LookAnswer, LookQuestion } from '../../protocol/looking.ts';
import type { Shelf } from './shelf.ts';
import type { Survey } from './survey.ts';

interface Realm {
  readonly shelf: Shelf;
  readonly survey: Survey;
}

/**
 * What a realm tells of its values, at once. A value may throw at whatever is asked of it (a Proxy of the user's): then
 * it is as good as gone, and the messages behind the question are read all the same.
 */
export function answerLook(
  question: Exclude<LookQuestion, { type: 'forget' }>,
  { shelf, survey }: Realm,
): LookAnswer {
  try {
    return question.type === 'variables' ? survey.answer(question) : shelf.answer(question);
  } catch {
    return { type: 'gone' };
  }
}
