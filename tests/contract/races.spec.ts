import { hasAnOrder, isDocumentedRejection } from '../../fixtures/checks';
import type { Session } from '../../fixtures/session';
import { covers, test } from '../../fixtures/test';

/*
 * Operations that are sent at the same moment. Some sequential order of them must explain all responses (linearizability):
 * of several denials of one session one is accepted, and from then on the session is gone.
 */

/**
 * The session of each denial. A server that wakes up for the first one may be done with it before the second arrives; the
 * others then come together.
 */
const DENIALS_OF_TWO_SESSIONS = [0, 1, 1, 1, 1, 0, 0, 0];

/**
 * Which request must be sent first to interfere with the other depends on the API, so several orders are tried. A poll that
 * follows the denial at once must show it.
 */
const WITH_POLLS = [
  ['poll', 'poll', 'denial'],
  ['denial', 'poll', 'following poll'],
] as const;

const WITH_APPROVAL = [
  ['approval', 'denial'],
  ['denial', 'approval'],
] as const;

test(
  'of many concurrent denials of two sessions one of each succeeds, and both sessions end denied',
  covers('DENY-7', 'DENY-8', 'REJECT-2'),
  async ({ races, sessions, states, judge, fullProfileOnly }) => {
    await fullProfileOnly('concurrent requests');
    // The other one was not polled, and was created without a body: a denial must not depend on that.
    const prepare = async (): Promise<Session[]> => [await states.pending(), await sessions.create('none')];
    for (const race of await races.betweenDenials(prepare, DENIALS_OF_TWO_SESSIONS)) {
      judge('DENY-7', race.response, hasAnOrder(race, 'DENY-7'));
      judge('DENY-8', race.response, hasAnOrder(race, 'DENY-8'));
      for (const rejection of race.rejected) judge('REJECT-2', rejection, isDocumentedRejection);
    }
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
    for (const racers of WITH_APPROVAL) {
      const race = await races.between(() => sessions.create(), racers);
      judge('DENY-7', race.response, hasAnOrder(race, 'DENY-7'));
      if (race.notApproved !== undefined)
        return leaveOut('DENY-5', `no concurrent approval: ${race.notApproved}`);
      for (const id of ['DENY-5', 'REJECT-3', 'REJECT-7'] as const)
        judge(id, race.response, hasAnOrder(race, id));
    }
  },
);
