/** What users type into cells, by name; the kernel binds `Client` to the notebook's cluster. */
export { AsyncMapResult } from './async-result/async-map-result.ts';
export { AsyncResult } from './async-result/async-result.ts';
export { capture, partial } from './capture.ts';
export { Client } from './client.ts';
export { Cluster } from './cluster/cluster.ts';
export { CompositeError } from './composite-error.ts';
export { depend, dependent, require } from './conditions.ts';
export { Dependency } from './dependency.ts';
export {
  AlreadyDisplayedError,
  BlockingUnavailableError,
  ClusterError,
  DependencyTimeout,
  EngineError,
  FileNotFoundError,
  ImpossibleDependency,
  IndexError,
  InvalidDependency,
  KeyboardInterrupt,
  JoinError,
  KeyError,
  NoEnginesRegistered,
  RemoteError,
  RuntimeError,
  TaskAborted,
  TaskTimeout,
  TimeoutError,
  TuttiError,
  UnmetDependency,
  ValueError,
} from './errors.ts';
export { registerCodec, unregisterCodec } from '../protocol/codecs.ts';
export { product, range } from './sequences.ts';
export { BroadcastView } from './views/broadcast-view.ts';
export { DirectView } from './views/direct-view.ts';
export { LoadBalancedView } from './views/load-balanced-view.ts';
