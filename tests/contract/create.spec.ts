import { isNotComputable, isPending } from '../../fixtures/checks';
import { covers, test } from '../../fixtures/test';

/*
 * Creating sessions: only what the denial tests rely on. The rules for single responses judge the values of each 201, and
 * that polls return the values that were sent (POLL-4).
 */

const FORMS = ['plain', 'full', 'longest', 'empty', 'none'] as const;

test(
  'each documented form of the request creates a session, which polls as pending and with the values that were sent',
  covers('CREATE-1', 'CREATE-7', 'POLL-1', 'POLL-4'),
  async ({ sessions, states, judge }) => {
    await Promise.all(
      FORMS.map((form) =>
        test.step(form, async () => {
          const session = await sessions.create(form);
          judge('POLL-1', await sessions.poll(session), isPending);
          // Polling must not change it.
          if (form === 'plain') judge('POLL-1', await sessions.poll(session), isPending);
          await states.release('pending', session);
        }),
      ),
    );
  },
);

test(
  'each session has an id of its own, which cannot be computed from the others',
  covers('CREATE-3', 'CREATE-4'),
  async ({ sessions, states, judge }) => {
    await states.release('pending', await sessions.create());
    const { response, how } = await states.collectIds();
    judge('CREATE-4', response, isNotComputable(how));
  },
);
