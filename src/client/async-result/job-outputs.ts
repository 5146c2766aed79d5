import { isShownEvent, type Output, type StreamEvent } from '../../protocol/outputs.ts';
import type { Job } from '../job.ts';
import { print } from '../print.ts';
import { outputAsText, outputOfEvent } from './display.ts';

/** Gets each event of a running task. */
export type OutputSink = (event: StreamEvent, job: Job) => void;

/** Where outputs go: the environment's `show`, else the console. */
export function showOutput(output: Output, show: ((output: Output) => void) | undefined): void {
  if (show) show(output);
  else print(outputAsText(output));
}

/** Tells `sink` what the jobs have printed and displayed, then what they will, until disposed of. */
export function streamJobs(jobs: readonly Job[], sink: OutputSink): Disposable {
  const stops = jobs.map((job) => {
    for (const event of job.log) sink(event, job);
    return job.onEvent((event) => {
      sink(event, job);
    });
  });
  return {
    [Symbol.dispose]() {
      for (const stop of stops) stop();
    },
  };
}

/** A sink that shows everything; single results have no lane. */
export function showingSink(isSingle: boolean, show: ((output: Output) => void) | undefined): OutputSink {
  return (event, job) => {
    if (!isShownEvent(event)) return;
    const output = outputOfEvent(event, isSingle ? null : job.engineId);
    if (output) showOutput(output, show);
  };
}
