import { shownAddress } from '../src/contract/shown-address';
import { performBounded } from '../src/openapi/bounded';
import { runComparison } from '../src/run/comparison-command';

const USAGE =
  'usage: npm run spec:diff -- BEFORE AFTER [--json] [--fail-on prose|compatible|breaking]   (files or URLs; JSON, YAML or a documentation page)';

runComparison(
  USAGE,
  2,
  async ([before = '', after = '']) => (await performBounded({ before, after })).comparison,
  ([before = '', after = '']) => [shownAddress(before), shownAddress(after)],
);
