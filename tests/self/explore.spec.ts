import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { describeWalk } from '../../src/explore/describe';
import type { FailingWalk } from '../../src/explore/explorer';
import { shrink } from '../../src/explore/shrink';
import type { Step, Walk } from '../../src/explore/steps';
import { walkOf, type WalkOptions } from '../../src/explore/walks';
import { exploreVariant } from '../../src/run/explore-variant';
import { StandIn } from '../../src/stand-in/server';
import type { Hook } from '../../src/stand-in/variant';
import { VARIANTS } from '../../src/stand-in/variants';
import { HISTORY } from '../../src/stand-in/variants/history';
import { artifactsIn, leaksIn } from './artifacts';
import { startContract, type CommandResult } from './command';
import { SLOW } from './slow';
import { stated } from './stated';
import { comparable, responsesToScript } from './walk-scripts';

/*
 * npm run explore. All seeds, and all benign variants, are for npm run prove:explore; here the first seed that finds a
 * fault is enough.
 */

test.describe.configure({ mode: 'parallel' });

/** Nine of ten find it; what all of these miss is missed by chance once in a hundred thousand times. */
const SEEDS = [1, 2, 3, 4, 5];

for (const variant of HISTORY) {
  test(
    `exploring finds that ${variant.description}, and its script shows it (${variant.name})`,
    SLOW,
    async () => {
      for (const seed of SEEDS) {
        const { findings, rejudged, failing } = await exploreVariant(variant, seed, { stops: true });
        expect(rejudged, 'attempts that do not count are not judged again').toEqual(findings);
        if (findings.length === 0) continue;
        expect(variant.findings).toEqual(expect.arrayContaining(findings));
        const [walk] = failing;
        expect(walk?.lines.length).toBeLessThanOrEqual(25);
        // A script does not repeat what all walks before it did.
        if (walk && !variant.dependsOnWholeRun)
          expect(await responsesToScript(walk.text, variant)).toContainEqual(comparable(walk.responses));
        return;
      }
      throw new Error(`no seed of ${SEEDS.join(', ')} has found it`);
    },
  );
}

test('the faults of history are of all kinds, and none has the name of another variant', () => {
  const names = [...VARIANTS, ...HISTORY].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(HISTORY.length).toBeGreaterThanOrEqual(15);
  expect(new Set(HISTORY.map(({ history }) => history)).size).toBe(7);
});

const UNUSUAL = ['plain', 'drops-kept-connections', 'reset-in-race', 'provider-forces-completed'];

for (const name of UNUSUAL) {
  test(`exploring finds nothing in an API that keeps the contract (${name})`, SLOW, async () => {
    const variant = VARIANTS.find((one) => one.name === name);
    if (!variant) throw new Error(`no such variant: ${name}`);
    const { findings, failing, walks, outage } = await exploreVariant(variant, 1);
    expect({ findings, failing, outage }).toEqual({ findings: [], failing: [], outage: undefined });
    // The default number of requests is enough for the default number of walks, if none has to be repeated.
    expect(walks).toBeGreaterThanOrEqual(name === 'plain' ? 30 : 20);
  });
}

/** The requests of a run, as the API sees them: in their order on each kept connection, the others in any order. */
async function requestsOf(seed: number): Promise<string[]> {
  const alone: string[] = [];
  const kept = new Map<Socket, string[]>();
  const every: Hook = (call, next) => {
    const reply = next(call);
    const { socket, method, path, rawId, body, session, reuses, model } = call;
    const place = session ? [...model.sessions.values()].indexOf(session) + 1 : '';
    if (reuses === 1) kept.set(socket, []);
    const on = reuses === 0 ? alone : kept.get(socket);
    on?.push(`${method} ${path.replace(rawId, `${place}`)} ${body}`);
    return reply;
  };
  await exploreVariant({ name: 'seen', kind: 'benign', description: '', every }, seed);
  return [...alone.sort(), ...[...kept.values()].flat()];
}

test('a seed sends the same requests each time, and another seed others', SLOW, async () => {
  const requests = await requestsOf(1);
  expect(await requestsOf(1)).toEqual(requests);
  expect(requests.length).toBeGreaterThan(400);
  expect(await requestsOf(2)).not.toEqual(requests);
});

/* The walks. */

const FULL: WalkOptions = { profile: 'full', hasProviderStates: true };
const allWalks = (options: WalkOptions): Walk[] =>
  Array.from({ length: 300 }, (_one, i) => walkOf(7, i + 1, options));
const kindsIn = (walks: Walk[]): Set<Step['do']> => new Set(walks.flat().map((step) => step.do));

test('a seed walks the same way each time, and another one walks another way', () => {
  expect(allWalks(FULL)).toEqual(allWalks(FULL));
  const others = Array.from({ length: 300 }, (_one, i) => walkOf(8, i + 1, FULL));
  const same = allWalks(FULL).filter((walk, i) => JSON.stringify(walk) === JSON.stringify(others[i]));
  expect(same.length).toBeLessThan(30);
});

test('most walks are about several sessions, and each seed has walks of all kinds', () => {
  const sessionsIn = (walk: Walk): number => {
    const names = new Set(JSON.stringify(walk).match(/"session":"[A-D]"/g));
    return names.size + (walk.some((step) => step.do === 'create others') ? 1 : 0);
  };
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    const walks = Array.from({ length: 30 }, (_one, i) => walkOf(seed, i + 1, FULL));
    expect(walks.filter((walk) => sessionsIn(walk) >= 2).length).toBeGreaterThanOrEqual(25);
    const denials = walks.flat().filter((step) => step.do === 'deny' && step.times >= 8);
    expect(denials, 'one for each way in which a session ends').toHaveLength(3);
    expect(walks.flat().filter((step) => step.do === 'at once').length).toBeGreaterThan(20);
  }
});

test('walks take steps of all kinds; politely none is concurrent or has a pattern for an id', () => {
  const full = kindsIn(allWalks(FULL));
  expect([...full].sort()).toEqual([
    'approve',
    'approve others',
    'at once',
    'create',
    'create others',
    'deny',
    'deny derived',
    'deny others',
    'deny unknown',
    'expire',
    'expire others',
    'other method',
    'poll',
    'poll derived',
    'poll others',
    'poll unknown',
    'safe method',
    'wait',
  ]);
  const polite = allWalks({ profile: 'polite', hasProviderStates: false });
  const left = [...full].filter((kind) => !kindsIn(polite).has(kind));
  expect(left.sort()).toEqual([
    'approve',
    'approve others',
    'at once',
    'expire',
    'expire others',
    'other method',
  ]);
  expect(JSON.stringify(polite)).not.toMatch(/wildcard|regular-expression/);
  expect(JSON.stringify(allWalks(FULL))).toMatch(/wildcard/);
});

/* The shortest form. */

const poll = (session: 'A' | 'B', times: number): Step => ({
  do: 'poll',
  session,
  times,
  connection: 'kept',
});
const deny = (session: 'A' | 'B'): Step => ({ do: 'deny', session, times: 1, connection: 'new' });
const LONG: Walk = [
  { do: 'create', session: 'B', form: 'longest' },
  poll('A', 3),
  { do: 'wait', ms: 300 },
  poll('B', 9),
  { do: 'at once', parts: [{ action: 'deny', session: 'A' }] },
  poll('A', 2),
  deny('B'),
];

test('the shortest form of a walk has only what it needs to fail, in its simplest form', async () => {
  let attempts = 0;
  const shortest = await shrink(LONG, (form) => {
    attempts++;
    const polls = form.findIndex((step) => step.do === 'poll' && step.times >= 5);
    const denial = form.findIndex((step) => step.do === 'deny');
    return Promise.resolve(polls >= 0 && denial > polls ? form : 'passes');
  });
  expect(shortest).toEqual([{ do: 'poll', session: 'B', times: 5, connection: 'new' }, deny('B')]);
  expect(attempts).toBeLessThan(60);
});

test('requests that are alike are not sent at once where one after the other fails, too', async () => {
  const parts = Array.from({ length: 6 }, () => ({ action: 'deny', session: 'A' }) as const);
  const denials = (form: Walk): number =>
    form.reduce(
      (sum, step) => sum + ('times' in step ? step.times : 'parts' in step ? step.parts.length : 0),
      0,
    );
  const shortest = await shrink([{ do: 'at once', parts }], (form) =>
    Promise.resolve(denials(form) >= 4 ? form : 'passes'),
  );
  expect(shortest).toEqual([{ do: 'deny', session: 'A', times: 4, connection: 'new' }]);
});

test('a search that may go no further gives the shortest form by then', async () => {
  const answers: (Walk | 'passes' | 'over')[] = ['passes', LONG.slice(3), 'over'];
  let attempts = 0;
  const shortest = await shrink(LONG, () => Promise.resolve(answers[attempts++] ?? 'passes'));
  expect(shortest).toEqual(LONG.slice(3));
  expect(attempts).toBe(3);
});

test('a walk of any length is told in 25 lines, and says how often it failed', () => {
  const failing: FailingWalk = {
    walk: 3,
    seed: 7,
    failure: {
      requirement: 'DENY-2',
      code: 'still-pending',
      pointer: '',
      expected: 'polls as 404 or expired',
      actual: 'polls as pending',
      exchange: 9,
    },
    steps: Array.from({ length: 40 }, () => deny('B')),
    trace: [],
    failed: 1,
    attempts: 3,
    foundWithSteps: 40,
  };
  const lines = describeWalk(failing);
  expect(lines.length).toBeLessThanOrEqual(25);
  expect(lines.join('\n')).toContain('intermittent (1 of 3 attempts)');
  expect(lines.join('\n')).toContain('EXPLORE_SEED=7');
});

/* The command. */

const ROOT = join(__dirname, '..', '..');
const EXPLORE = [join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', '--project=explore'];

function runExplore(env: Record<string, string>): Promise<CommandResult> {
  return startContract(env, [], EXPLORE).result;
}

test('npm run explore tells the shortest walk that fails, and its script shows the fault', SLOW, async () => {
  // It shows without a race, so that this seed finds it each time.
  const variant = HISTORY.find(({ name }) => name === 'third-head-of-denied');
  const created: string[] = [];
  const standIn = await StandIn.start({
    variant: {
      ...variant!,
      newId: () => created[created.push(crypto.randomUUID()) - 1] ?? '',
    },
  });
  const env = {
    BASE_URL: standIn.baseUrl.href,
    PROVIDER_STATE_URL: standIn.providerStateUrl?.href ?? '',
  };
  try {
    const run = await runExplore({ ...env, EXPLORE_SEED: '1', EXPLORE_WALKS: '5' });
    const { verdict, walks } = stated(run);
    expect({ verdict, exitCode: run.exitCode }).toEqual({ verdict: 'deviates', exitCode: 1 });
    const [failing] = walks?.failing ?? [];
    expect(`${failing?.requirement}/${failing?.code}`).toBe('DENY-2/still-pending');
    for (const line of failing?.lines ?? []) expect(run.text).toContain(line);
    expect(run.text).toContain('EXPLORE_SEED=1 walks the same way');
    expect(standIn.openSessions).toBeLessThanOrEqual(1);
    expect(leaksIn(artifactsIn(run.folder), created)).toEqual([]);
    const script = readFileSync(join(run.folder, 'results', failing?.script ?? ''), 'utf8');
    const printed = await new Promise<string>((resolve) => {
      execFile('bash', ['-u', '-c', script], { env: { ...process.env, ...env } }, (_error, stdout) =>
        resolve(stdout),
      );
    });
    expect(printed.trimEnd().split('\n').at(-1)).toContain('"status":"pending"');
  } finally {
    await standIn.close();
  }
});

test('npm run explore says of an API that keeps the contract that it conforms', SLOW, async () => {
  const run = await runExplore({ EXPLORE_SEED: '1', EXPLORE_WALKS: '4' });
  expect(stated(run).verdict).toBe('conforms');
  expect(stated(run).walks).toMatchObject({ walked: 4, failing: [] });
});

test('npm run explore finds no walk to fail where nothing is there to answer', SLOW, async () => {
  const run = await runExplore({ BASE_URL: 'http://127.0.0.1:9/api', REQUEST_TIMEOUT_MS: '200' });
  expect(stated(run).verdict).toBe('untestable');
  expect(run.exitCode).toBe(2);
  expect(stated(run).walks?.failing).toEqual([]);
});
