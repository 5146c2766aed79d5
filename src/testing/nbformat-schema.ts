/**
 * nbformat 4.5 as a JSON Schema, for tests: the demands of Jupyter's own `nbformat.v4.5.schema.json` (BSD-3-Clause,
 * Project Jupyter), key by key, without its descriptions.
 */
const text = { type: 'string' };
const lines = { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
const count = { type: ['integer', 'null'], minimum: 0 };
const anyObject = { type: 'object', additionalProperties: true };

const bundle = {
  type: 'object',
  additionalProperties: lines,
  patternProperties: { '^application/(.*\\+)?json$': {} },
};
const attachments = { type: 'object', patternProperties: { '.*': bundle } };

const cellFields = {
  name: { type: 'string', pattern: '^.+$' },
  tags: { type: 'array', uniqueItems: true, items: { type: 'string', pattern: '^[^,]+$' } },
};

function closed(
  properties: Readonly<Record<string, object>>,
  optional: Readonly<Record<string, object>> = {},
) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    properties: { ...properties, ...optional },
  };
}

function cell(kind: string, metadata: Readonly<Record<string, object>>) {
  return {
    id: { type: 'string', pattern: '^[a-zA-Z0-9-_]+$', minLength: 1, maxLength: 64 },
    cell_type: { enum: [kind] },
    metadata: { ...anyObject, properties: { ...cellFields, ...metadata } },
    source: lines,
  };
}

const output = {
  type: 'object',
  oneOf: [
    closed({
      output_type: { enum: ['execute_result'] },
      execution_count: count,
      data: bundle,
      metadata: anyObject,
    }),
    closed({ output_type: { enum: ['display_data'] }, data: bundle, metadata: anyObject }),
    closed({ output_type: { enum: ['stream'] }, name: text, text: lines }),
    closed({
      output_type: { enum: ['error'] },
      ename: text,
      evalue: text,
      traceback: { type: 'array', items: text },
    }),
  ],
};

const codeFields = {
  jupyter: {
    ...anyObject,
    properties: { source_hidden: { type: 'boolean' }, outputs_hidden: { type: 'boolean' } },
  },
  execution: { ...anyObject, patternProperties: { '^.*$': text } },
  collapsed: { type: 'boolean' },
  scrolled: { enum: [true, false, 'auto'] },
};

export const NBFORMAT_4_5 = closed({
  metadata: {
    ...anyObject,
    properties: {
      kernelspec: {
        type: 'object',
        required: ['name', 'display_name'],
        properties: { name: text, display_name: text },
      },
      language_info: {
        type: 'object',
        required: ['name'],
        properties: {
          name: text,
          codemirror_mode: { oneOf: [text, { type: 'object' }] },
          file_extension: text,
          mimetype: text,
          pygments_lexer: text,
        },
      },
      orig_nbformat: { type: 'integer', minimum: 1 },
      title: text,
      authors: { type: 'array' },
    },
  },
  nbformat_minor: { type: 'integer', minimum: 5 },
  nbformat: { type: 'integer', minimum: 4, maximum: 4 },
  cells: {
    type: 'array',
    items: {
      type: 'object',
      oneOf: [
        closed(cell('raw', { format: text, jupyter: anyObject }), { attachments }),
        closed(cell('markdown', { jupyter: anyObject }), { attachments }),
        closed({
          ...cell('code', codeFields),
          outputs: { type: 'array', items: output },
          execution_count: count,
        }),
      ],
    },
  },
});
