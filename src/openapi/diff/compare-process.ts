import { compareHere, type Sources } from './compare';

/* The process of compareSources: is sent what to compare, sends back what came of it. */

process.once('message', (sources) => {
  void compareHere(sources as Sources).then((comparison) => process.send?.(comparison, () => process.exit()));
});
process.once('disconnect', () => process.exit());
