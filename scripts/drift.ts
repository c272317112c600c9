import { runComparison } from '../src/run/comparison-command';
import { drift } from '../src/run/drift-command';

const USAGE =
  'usage: npm run drift -- [--json] [--fail-on prose|compatible|breaking]   (SPEC_URL: what to compare the pin with)';

runComparison(
  USAGE,
  0,
  (_given, { failOn }) => drift(failOn),
  () => ['the pin', 'the published document'],
);
