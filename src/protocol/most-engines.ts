/**
 * Engines that a page has at most, of all its clusters together: each is a thread with an engine for JavaScript of its
 * own, and more would hold the page for minutes.
 */
export const MOST_ENGINES = 128;
