import { hasAnOrder, isDenied, isDocumentedRejection, isNotPending } from '../../fixtures/checks';
import { covers, test } from '../../fixtures/test';

/*
 * Operations that are sent at the same moment. Some sequential order of them must explain all responses (linearizability): of
 * several denials of one session one is accepted, and from then on the session is gone.
 */

const EIGHT_DENIALS = new Array<'denial'>(8).fill('denial');

/** Which request must be sent first to interfere with the other depends on the API, so several orders are tried. */
const WITH_POLLS = [
  ['poll', 'poll', 'denial'],
  ['denial', 'poll', 'poll'],
  ['poll', 'denial'],
] as const;

test(
  'of many concurrent denials of one session one succeeds, and the session ends denied',
  covers('DENY-7', 'REJECT-2'),
  async ({ races, states, judge, fullProfileOnly }) => {
    await fullProfileOnly('concurrent requests');
    const race = await races.between(() => states.pending(), EIGHT_DENIALS);
    judge('DENY-7', race.response, hasAnOrder(race, 'DENY-7'));
    for (const rejection of race.rejected) judge('REJECT-2', rejection, isDocumentedRejection);
  },
);

test(
  'polls that are concurrent with a denial do not revive the session',
  covers('DENY-7'),
  async ({ races, sessions, judge, fullProfileOnly }) => {
    await fullProfileOnly('concurrent requests');
    for (const racers of WITH_POLLS) {
      const race = await races.between(() => sessions.create(), racers);
      judge('DENY-7', race.response, hasAnOrder(race, 'DENY-7'));
    }
  },
);

test(
  'of a denial and a concurrent approval exactly one succeeds: the session ends denied, or completed',
  covers('DENY-5', 'DENY-7', 'REJECT-3', 'REJECT-7'),
  async ({ races, sessions, judge, leaveOut, fullProfileOnly }) => {
    await fullProfileOnly('concurrent requests');
    const race = await races.between(() => sessions.create(), ['approval', 'denial']);
    judge('DENY-7', race.response, hasAnOrder(race, 'DENY-7'));
    if (race.notApproved !== undefined)
      return leaveOut('DENY-5', `no concurrent approval: ${race.notApproved}`);
    for (const id of ['DENY-5', 'REJECT-3', 'REJECT-7'] as const)
      judge(id, race.response, hasAnOrder(race, id));
  },
);

test(
  'concurrent denials of different sessions all succeed',
  covers('DENY-2', 'DENY-8'),
  async ({ sessions, judge, fullProfileOnly }) => {
    await fullProfileOnly('concurrent requests');
    // Not polled before, and one created without a body: a denial must not depend on that.
    const [one, other] = await Promise.all([sessions.create(), sessions.create('none')]);
    const denials = await sessions.denyAtOnce([one, other], 'DENY-8');
    const areDenied = denials.map((denial) => judge('DENY-8', denial, isDenied));
    if (areDenied.every(Boolean)) judge('DENY-2', await sessions.poll(other), isNotPending);
  },
);
