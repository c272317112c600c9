import { isPending } from '../../fixtures/checks';
import { forEachTarget } from '../../fixtures/targets';
import { judges, test } from '../../fixtures/test';

/*
 * Creating sessions, as far as denials rest on it. Each answer is judged on its way: CREATE-1 to CREATE-6, and POLL-4 by
 * what comes back of what was sent.
 */

forEachTarget(() => {
  test(
    'every documented form of the request creates a session, which polls as pending at once and again',
    judges(
      'CREATE-1',
      'CREATE-2',
      'CREATE-3',
      'CREATE-5',
      'CREATE-6',
      'CREATE-7',
      'POLL-1',
      'POLL-2',
      'POLL-4',
      'POLL-7',
    ),
    async ({ sessions, judge }) => {
      const plain = await Promise.all([1, 2].map(() => sessions.pending('plain')));
      const others = await Promise.all(
        (['full', 'longest', 'empty', 'none'] as const).map((form) => sessions.create(form)),
      );
      const created = [...plain, ...others];
      for (const answer of await Promise.all(created.map((session) => sessions.poll(session))))
        judge('POLL-1', answer, isPending);
      for (const session of plain.slice(0, 1))
        for (const answer of await Promise.all([2, 3].map(() => sessions.poll(session))))
          judge('POLL-1', answer, isPending);
      await sessions.release(...created);
    },
  );
});
