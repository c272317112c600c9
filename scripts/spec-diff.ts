import { compareSources } from '../src/openapi/diff/compare';
import { shownAddress } from '../src/contract/shown-address';
import { runComparison } from './comparison';

const USAGE =
  'usage: npm run spec:diff -- BEFORE AFTER [--json] [--fail-on prose|compatible|breaking]   (files or URLs; JSON, YAML or a documentation page)';

runComparison(
  USAGE,
  2,
  ([before = '', after = '']) => compareSources({ before, after }),
  ([before = '', after = '']) => [shownAddress(before), shownAddress(after)],
);
