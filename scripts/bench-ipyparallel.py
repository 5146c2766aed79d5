"""What the real ipyparallel does with the calls that the bench makes: two engines on this machine, JSON on the last line."""

import json
import time

import ipyparallel as ipp


def noop(x=0):
    return x


def p50(call, n=300):
    times = []
    for _ in range(n):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return sorted(times)[n // 2] * 1e6


def rate(call, n):
    begun = time.perf_counter()
    call(n)
    return n / (time.perf_counter() - begun)


with ipp.Cluster(n=2, controller_ip="127.0.0.1", log_level=40) as rc:
    e0, lview = rc[0], rc.load_balanced_view()
    e0.apply_sync(noop)
    lview.apply_sync(noop)
    figures = {
        "version": ipp.__version__,
        "direct": p50(lambda: e0.apply_sync(noop)),
        "balanced": p50(lambda: lview.apply_sync(noop)),
        "map": rate(lambda n: lview.map_sync(noop, range(n)), 2000),
        "chunked": rate(lambda n: lview.map(noop, range(n), chunksize=100).get(), 50_000),
    }
print(json.dumps(figures))
