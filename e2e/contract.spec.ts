import { expect } from '@playwright/test';
import { NotebookPage } from './notebook-page.ts';
import { test } from './story.ts';

/** What the API says of results, waiting and operators, in the browser; the tables are the unit tests'. */

const CELLS = [
  `const lview = rc.loadBalancedView(), dview = rc[':'], other = new Client();
   const flaky = lview.map((x) => { if (x === 1) throw new Error('one'); return x }, [0, 1, 2], { returnExceptions: true });
   const list = await flaky;
   console.log(list.map((x) => x?.evalue ?? x).join(), flaky.successful(), (await other.getResult(flaky.msgIds)).flat().length);`,
  `const d = other.loadBalancedView().apply(() => { console.log('hey'); return sleep(0.3) });
   console.log(await rc.wait([d], 0.05), rc.waitSync(d.msgIds, 20), (await rc.getResult(d.msgIds[0]).wait()));
   const far = rc.getResult(d.msgIds[0]); far.getSync(); console.log('far', far.stdout.trim());`,
  `const repeat = (v) => ({ [Symbol.iterator]: () => ({ next: () => ({ value: v, done: false }) }) });
   console.log((await lview.map((x, k) => x * k, range(100), repeat(1))).length);
   try { lview.map((x) => x, repeat(1)) } catch (e) { console.log(e.name) }`,
  `await dview.push({ q: 1 }); console.log('q' in dview, 'q' in dview.ns, delete dview['q'], 'z' in dview);
   try { new Reference('a') + 1 } catch (e) { console.log(e.name) }
   console.log(JSON.stringify(await dview.map((x) => x + '@' + engine.id, range(8)).getDict()), list[0], flaky[0]);
   const fact = (n) => (n < 2 ? 1 : n * fact(n - 1)); console.log(await rc[0].apply(capture({ fact }, fact), 5));
   try { await lview.apply(() => rc.ids) } catch (e) { console.log(e.evalue) }
   try { await lview.apply(() => document.title) } catch (e) { console.log(e.evalue) }
   const pair = rc[[0, 1]].apply(() => (comm.rank === 0 ? comm.allgather('g') : comm.allreduce(5)));
   console.log((await pair.exception()).elist.map((e) => e.evalue).join())`,
  `%%px --group-outputs type\nconsole.log('out', engine.id); console.error('err', engine.id);`,
];

test('results, waiting, endless sequences and operators do what is said of them', async ({ page }) => {
  const notebook = new NotebookPage(page);
  // All cells run as the notebook opens.
  await notebook.open([...CELLS, '0', '0']);
  expect(await notebook.text(1)).toContain('0,one,2 false 3');
  expect(await notebook.text(2)).toContain('false true true');
  expect(await notebook.text(2)).toContain('far hey');
  expect(await notebook.text(3)).toMatch(/100\s+RangeError/);
  const operators = await notebook.text(4);
  for (const said of [
    'true true true false',
    'TypeError',
    '{"0":["0@0","1@0"],"1":["2@1","3@1"],"2":["4@2","5@2"],"3":["6@3","7@3"]} 0 0',
    '120',
    "'rc' is <Client: 4 engines> in the notebook, and cannot be sent.",
    "'document' belongs to a page",
    'comm.allgather() on rank 0 (engine 0) meets comm.allreduce() on rank 1 (engine 1)',
  ])
    expect(operators).toContain(said);
  expect(await notebook.text(5)).toMatch(/out 0[^]*out 3[^]*err 0[^]*err 3/);
  await notebook.type(6, 'await lview.map(() => sleep(60), range(100))');
  await notebook.run(6);
  for (const engine of [0, 1, 2, 3]) await expect(notebook.engine(engine, 'busy')).toBeVisible();
  await notebook.button('Interrupt').click();
  await notebook.finished();
  expect(await notebook.text(6)).toContain('KeyboardInterrupt');
  await notebook.type(7, 'await rc.queueStatus()');
  await notebook.run(7);
  await notebook.finished();
  expect(await notebook.text(7)).toMatch(/unassigned: 0/);
});
