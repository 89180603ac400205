// The catalogue's tests of arguments: which constant an argument passed, so that no other argument need be told.

import { constant } from "./values.js";

// From the rows of a method to a function that gives, for the arguments of a call, the constants that passed (one for
// each argument, null for none), or null if the call is no row of the catalogue.
//
// `own` is the app's package: asking about oneself is not asking about another app, whatever pattern the name has.
export function tester(rows, own) {
  if (rows.some(row => row.length === 0)) {
    const tested = rows.filter(row => row.length > 0);
    const ready = compiled(tested, own);
    return tested.length === 0 ? () => [] : (args, types) => passed(ready, args, types) || [];
  }
  const ready = compiled(rows, own);
  return (args, types) => passed(ready, args, types);
}

function compiled(rows, own) {
  return rows.map(row => row.map(test => ({ ...test, own, match: test.match.map(pattern => [new RegExp(pattern), pattern]) })));
}

function passed(rows, args, types) {
  const read = [];
  const found = [];
  let any = false;
  for (const row of rows) {
    const constants = row.map(test => {
      if (test.at >= args.length) {
        return null;
      }
      if (read[test.at] === undefined) {
        read[test.at] = constant(args[test.at], types[test.at]);
      }
      return read[test.at] === null ? null : met(test, read[test.at]);
    });
    if (!constants.includes(null)) {
      any = true;
      row.forEach((test, n) => { found[test.at] = longer(found[test.at], constants[n]); });
    }
  }
  return any ? found : null;
}

// What passed: the whole constant, the start it has, or the pattern; never more of the argument than the catalogue holds.
function met(test, value) {
  if (test.equal.includes(value)) {
    return value;
  }
  const starts = test.start.filter(start => value.startsWith(start));
  if (starts.length > 0) {
    return starts.reduce(longer);
  }
  const pattern = value === test.own ? undefined : test.match.find(([expression]) => expression.test(value));
  return pattern === undefined ? null : pattern[1];
}

function longer(one, other) {
  return one === undefined || other.length > one.length ? other : one;
}
