/** The list of completions; a part of Monaco without declarations of its own. */
declare module 'monaco-editor/editor/contrib/suggest/browser/suggestController' {}
