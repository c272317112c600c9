import { test } from '../../fixtures/explore';
import { exploreWalks } from '../../src/run/settings';

/*
 * Random walks over the life of sessions: requests in any order, repeated and concurrent, each response judged by what the
 * session must be by then. A walk that fails is repeated in shorter forms, and the shortest that still fails is told.
 * EXPLORE_SEED makes the same walks again.
 */

const walks = exploreWalks(process.env);

for (let walk = 1; walk <= walks; walk++) {
  test(`walk ${walk} of ${walks} meets only what the contract allows`, async ({ explorer }) => {
    await explorer.walk(walk);
  });
}
