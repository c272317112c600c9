import { isNotComputable, isPending } from '../../fixtures/checks';
import { covers, test } from '../../fixtures/test';
import type { FormName } from '../../src/catalogue/forms';

/*
 * Creating sessions, as far as denials depend on it. The rules for single responses judge each 201 (CREATE-1 to CREATE-6)
 * and what comes back of the values that were sent (POLL-4).
 */

const FORMS: [form: FormName, title: string][] = [
  ['plain', 'with a device name'],
  ['full', 'with a device name and a callback URL'],
  ['longest', 'with the longest values'],
  ['empty', 'with an empty object'],
  ['none', 'without a body'],
];

for (const [form, title] of FORMS) {
  test(
    `a create ${title} creates a session that polls as pending, with the values that were sent`,
    covers('CREATE-1', 'CREATE-7', 'POLL-1', 'POLL-4'),
    async ({ sessions, states, judge }) => {
      const session = await sessions.create(form, form === 'plain' ? 'CREATE-1' : 'CREATE-7');
      judge('POLL-1', await sessions.poll(session), isPending);
      await states.leave('pending', session);
    },
  );
}

test('polling a session several times does not change it', covers('POLL-1'), async ({ sessions, judge }) => {
  const session = await sessions.create();
  for (let poll = 1; poll <= 3; poll++) judge('POLL-1', await sessions.poll(session), isPending);
});

test(
  'each session has an id of its own, which can not be computed from the others',
  covers('CREATE-3', 'CREATE-4'),
  async ({ states, judge }) => {
    const { response, how } = await states.collectIds();
    judge('CREATE-4', response, isNotComputable(how));
  },
);
