/** Hints for the exercises: `%run hints`, then call one. */
function nestHint() {
  console.log(
    'The loops visit every pair of a width and a height. product(widths, heights) is a list of those pairs; ' +
      'map wants one list of all first items and one of all second items.',
  );
}
