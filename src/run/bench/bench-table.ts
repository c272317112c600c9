import { LATENCIES_MS, type Measured, type Round } from './measure';

interface Row {
  what: string;
  value: number;
  shown: string;
  budget?: number;
  unit?: string;
}

/** What was measured as a table in Markdown: medians over the rounds, against the budgets. */
export function benchTable({ rounds, requests, findings }: Measured): string {
  const of = (value: (round: Round) => number): number => median(rounds.map(value));
  const seconds = (value: (round: Round) => number): string => `${(of(value) / 1000).toFixed(2)} s`;
  const ratio = of(({ contract, bare }) => contract / bare);
  const faulty = of((round) => round.faulty / round.contract);
  const rows: Row[] = [
    { what: 'a bare run of one API test', value: 0, shown: seconds(({ bare }) => bare) },
    {
      what: 'a contract run, against the bare one',
      value: ratio,
      shown: `${ratio.toFixed(2)} x (${seconds(({ contract }) => contract)})`,
      budget: 1.7,
      unit: ' x',
    },
    { what: 'requests, PROFILE=full', value: requests.full, shown: `${requests.full}`, budget: 130 },
    { what: 'requests, PROFILE=polite', value: requests.polite, shown: `${requests.polite}`, budget: 80 },
    ...LATENCIES_MS.map((latency, i): Row => {
      const growth = of(({ atLatency, contract }) => ((atLatency[i] ?? 0) - contract) / latency);
      return {
        what: `growth with the latency of the API, from 0 to ${latency} ms`,
        value: growth,
        shown: `${growth.toFixed(1)} x the latency`,
        budget: 50,
        unit: ' x',
      };
    }),
    {
      what: `a run with ${findings} findings, against a green one`,
      value: faulty,
      shown: `${faulty.toFixed(2)} x`,
    },
  ];
  return [
    '| what | median | budget | |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ what, value, shown, budget, unit = '' }) => {
      const verdict = budget === undefined ? '' : value <= budget ? 'within' : '**over**';
      return `| ${what} | ${shown} | ${budget === undefined ? '' : `${budget}${unit}`} | ${verdict} |`;
    }),
    '',
    `Medians of ${rounds.length} rounds, Node.js ${process.version}, without SETTLE_MS and the pace of a polite run.`,
    '',
  ].join('\n');
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
