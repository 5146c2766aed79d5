// Writes what the page's bench has measured into bench/RESULTS.md; what people have written there stays.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { format, resolveConfig } from 'prettier';

const [BEGIN, END] = [
  '<!-- measured: written by `npm run bench -- page --write` -->',
  '<!-- end of what is measured -->',
];

export async function writeResults(file, rows, browserVersion) {
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has lost the marks between which results stand.`);
  const whole = `${text.slice(0, from + BEGIN.length)}\n\n${measured(rows, browserVersion)}\n${text.slice(to)}`;
  writeFileSync(file, await format(whole, { ...(await resolveConfig(file)), filepath: file }));
}

function measured(rows, browserVersion) {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}`;
  const day = new Date().toISOString().slice(0, 10);
  const lines = rows.map(({ name, value, target, met, details }) => {
    const verdict = met === null ? '' : met ? 'met' : '**not met**';
    return `| ${[name, value, target, verdict, details].join(' | ')} |`;
  });
  return [
    `Measured on ${day}: ${machine}; Chromium ${browserVersion}, Node ${process.version}.`,
    '',
    '| what | measured | wanted | | beside it |',
    '| --- | ---: | ---: | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}
