/** What every error class of ours derives from, so that `catch` can tell ours from the user's. */
export class TuttiError extends Error {
  override readonly name: string = 'TuttiError';
}
