/**
 * What runs on a Python engine for `push` and `pull`. An engine as installed knows nothing of us, so each call
 * brings this text along: `tutti(what, text, blob)` takes JSON and bytes and gives both back in one `bytes`.
 *
 * In the JSON `{"$": kind, …}` stands for what JSON has no word for; `values.ts` is the other end. The answer is
 * longer than a kilobyte always: so ipyparallel sends it as a buffer of its own, and nobody must read a pickle.
 */
export const BRIDGE_SOURCE = String.raw`
import json, math, datetime
from IPython import get_ipython

def tutti(what, text, blob):
    shell = get_ipython()
    ns = shell.user_ns
    asked = json.loads(text)
    if what == 'push':
        for path, value in asked:
            value = read(value, blob, ns)
            if path.isidentifier():
                ns[path] = value
            else:
                exec(path + ' = __tutti__', ns, {'__tutti__': value})
        return answer(None)
    if what == 'pull':
        if isinstance(asked, str):
            return answer(eval(asked, ns), asked)
        return answer([eval(name, ns) for name in asked], ', '.join(asked))
    if what == 'keys':
        hidden = shell.user_ns_hidden
        return answer([k for k, v in ns.items() if not k.startswith('_') and hidden.get(k, ns) is not v])
    import socket, os, sys
    return answer({'host': socket.gethostname(), 'pid': os.getpid(), 'version': sys.version.split()[0]})

def read(value, blob, ns):
    if isinstance(value, list):
        return [read(item, blob, ns) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get('$')
    if kind is None:
        return {key: read(item, blob, ns) for key, item in value.items()}
    if kind == 'array':
        import numpy
        part = bytearray(memoryview(blob)[value['at']:value['at'] + value['size']])
        return numpy.frombuffer(part, dtype=value['dtype'])
    if kind == 'bytes':
        return blob[value['at']:value['at'] + value['size']]
    if kind == 'number':
        return float(value['value'])
    if kind == 'int':
        return int(value['value'])
    if kind == 'date':
        return datetime.datetime.fromtimestamp(value['value'] / 1000, datetime.timezone.utc)
    if kind == 'dict':
        return {read(k, blob, ns): read(v, blob, ns) for k, v in value['items']}
    if kind == 'set':
        return {read(item, blob, ns) for item in value['items']}
    return eval(value['value'], ns)

def answer(value, name='value'):
    parts = []
    text = json.dumps(write(value, parts, name), allow_nan=False).encode()
    head = b'%012d' % len(text) + text
    head += b' ' * (-len(head) % 8)
    body = b''.join([head] + parts)
    return body + b' ' * max(0, 1032 - len(body))

def place(data, parts):
    at = sum(map(len, parts))
    parts.append(data + b' ' * (-len(data) % 8))
    return {'at': at, 'size': len(data)}

def write(value, parts, where):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 2 ** 53 else {'$': 'int', 'value': str(int(value))}
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {'$': 'number', 'value': repr(float(value))}
    if isinstance(value, (list, tuple, range)):
        return [write(item, parts, '%s[%d]' % (where, i)) for i, item in enumerate(value)]
    if isinstance(value, dict):
        items = [(k, write(v, parts, '%s[%r]' % (where, k))) for k, v in value.items()]
        if all(isinstance(k, str) and k != '$' for k, _ in items):
            return dict(items)
        return {'$': 'dict', 'items': [[write(k, parts, where), v] for k, v in items]}
    if isinstance(value, (set, frozenset)):
        return {'$': 'set', 'items': [write(item, parts, where) for item in value]}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return dict(place(bytes(value), parts), **{'$': 'bytes'})
    if isinstance(value, datetime.datetime):
        return {'$': 'date', 'value': value.timestamp() * 1000}
    kind = type(value)
    if kind.__module__ == 'numpy':
        import numpy
        if isinstance(value, numpy.ndarray):
            return write_array(value, parts, where)
        if isinstance(value, numpy.generic):
            return write(value.item(), parts, where)
    raise TypeError(
        '%s is a %s.%s, which has no counterpart in JavaScript. Pull plain data instead: numbers, text, lists, '
        'dictionaries, NumPy arrays.' % (where, kind.__module__, kind.__qualname__))

def write_array(array, parts, where):
    import numpy
    if array.dtype.kind == 'f' and array.dtype.itemsize not in (4, 8):
        array = array.astype('f4' if array.dtype.itemsize < 4 else 'f8')
    if array.dtype.kind in 'iuf':
        array = numpy.ascontiguousarray(array, dtype=array.dtype.newbyteorder('<'))
        about = place(array.tobytes(), parts)
        return dict(about, **{'$': 'array', 'dtype': array.dtype.str, 'shape': list(array.shape)})
    if array.dtype.kind in 'bOUS':
        return write(array.tolist(), parts, where)
    raise TypeError('%s is a NumPy array of %s, which has no counterpart in JavaScript.' % (where, array.dtype))
`;
