/** A worker's own realm as the place where users' code runs. */

/** Indirect eval: at the top level, in sloppy mode, with the worker's global. Taken before a user can replace it. */
const indirectEval = eval;

export const workerEvaluator = {
  globals: self,
  evaluate: (js: string): unknown => indirectEval(js),
};

/** What was thrown; where the browser does not give it, what it says. */
function thrownIn({ error, message }: ErrorEvent): unknown {
  if (error !== null && error !== undefined) return error;
  const said = message.replace(/^Uncaught /, '');
  return said === 'null' ? null : said === 'undefined' ? undefined : said;
}

/** Errors that no request waits for: thrown by timers, rejections that nobody handles. */
export function onStrayErrors(report: (error: unknown) => void): void {
  self.addEventListener('error', (event) => {
    event.preventDefault();
    report(thrownIn(event));
  });
  self.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    report(event.reason);
  });
}
