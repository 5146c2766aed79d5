import { hostname, networkInterfaces } from 'node:os';

/** Addresses that mean "all interfaces" to who listens, and nothing to who connects. */
const EVERYWHERE = new Set(['0.0.0.0', '*', '[::]', '::']);

/**
 * Where to connect to. A controller that listens on all interfaces writes such an address into its connection
 * files, and its own host as `location`: on that host the loopback is taken, on others its name.
 */
export function reachableInterface(url: string, location: string): string {
  const [, transport, address] = /^(\w+:\/\/)(.+)$/.exec(url) ?? [];
  if (transport === undefined || address === undefined || !EVERYWHERE.has(address)) return url;
  return `${transport}${location === '' || isHere(location) ? '127.0.0.1' : location}`;
}

function isHere(location: string): boolean {
  if (location === hostname() || location === 'localhost') return true;
  return Object.values(networkInterfaces())
    .flat()
    .some((here) => here?.address === location);
}
