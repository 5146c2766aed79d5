// One list for each argument, of equal length: the i-th call gets the i-th item of each.
const combinations = product(widths, heights);
const ws = combinations.map(([w]) => w);
const hs = combinations.map(([, h]) => h);

const solution = await lview.map(area, ws, hs);
console.log(solution.join() === areas.join() ? 'the same areas' : 'not the same');
