import { transfer } from '../../protocol/canned.ts';
import type { EngineId } from '../../protocol/ids.ts';
import { checkDist, isTypedArray, materialise, partition, type Dist, type Sequence } from '../partition.ts';
import type { Call } from '../submitter.ts';
import { equalSequences, splitColumns, zipSequences } from './columns.ts';
import { applyRequest, directCall, mapRequest, pushRequest } from './view-requests.ts';

/** Calls that spread sequences over engines: one for each engine that gets a part. */

interface Scattering {
  readonly dist: Dist;
  readonly flatten: boolean;
  readonly track: boolean;
}

/** A part for each engine, under that name. */
export function scatterCalls(
  engines: readonly EngineId[],
  name: string,
  sequence: unknown,
  { dist, flatten, track }: Scattering,
): Call[] {
  const parts = partition(materialise(sequence), engines.length, checkDist(dist));
  return engines.map((engine, i) => {
    const part = parts[i] ?? [];
    // Parts of typed arrays are copies already, which nobody else has.
    const value = flatten && part.length === 1 ? part[0] : isTypedArray(part) ? transfer(part) : part;
    return directCall(engine, pushRequest({ [name]: value }, track));
  });
}

/** `f` of each item, a piece of the items on each engine; `sizes`: how many items each piece has. */
export function mapCalls(
  engines: readonly EngineId[],
  f: unknown,
  sequences: readonly unknown[],
  { returnExceptions, track }: { readonly returnExceptions: boolean; readonly track: boolean },
): { readonly calls: Call[]; readonly sizes: readonly number[] } {
  const make = (columns: readonly Sequence[]) => mapRequest(f, columns, returnExceptions, track);
  const { pieces, sizes } = splitColumns(zipSequences(sequences), engines.length);
  return { calls: pieces.map((columns, i) => directCall(engines[i] ?? 0, make(columns))), sizes };
}

/** `f` of each piece as a whole. */
export function parallelCalls(
  engines: readonly EngineId[],
  f: unknown,
  sequences: readonly unknown[],
  { dist, track }: { readonly dist: Dist; readonly track: boolean },
): Call[] {
  const { pieces } = splitColumns(equalSequences(sequences), engines.length, dist);
  return pieces.map((part, i) => directCall(engines[i] ?? 0, applyRequest(f, part, track)));
}
