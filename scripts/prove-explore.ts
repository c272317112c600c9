import { BENIGN } from '../src/stand-in/variants/benign';
import { HISTORY } from '../src/stand-in/variants/history';
import { exploreVariant } from '../src/run/explore-variant';

const [which = 'history', seeds = '3', only] = process.argv.slice(2);
async function main(): Promise<void> {
  const variants = (which === 'history' ? HISTORY : BENIGN).filter(
    ({ name }) => !only || name.includes(only),
  );
  for (const variant of variants) {
    const rows = [];
    const t = performance.now();
    for (let seed = 1; seed <= Number(seeds); seed++) rows.push(await exploreVariant(variant, seed));
    const found = rows.filter(({ findings }) =>
      findings.some((f) => (variant.findings as string[] | undefined)?.includes(f)),
    ).length;
    const other = [
      ...new Set(
        rows.flatMap(({ findings }) =>
          findings.filter((f) => !(variant.findings as string[] | undefined)?.includes(f)),
        ),
      ),
    ];
    console.log(
      `${variant.name.padEnd(32)} ${found}/${seeds} steps ${rows.map((r) => r.steps.join('+') || '-').join(' ')} req ${rows.map((r) => r.requests).join(' ')} walks ${rows.map((r) => r.walks).join(' ')} ${Math.round((performance.now() - t) / Number(seeds))}ms ${other.length ? `OTHER ${other.join(' ')}` : ''} ${[...new Set(rows.map((r) => r.outage).filter(Boolean))].join()}`,
    );
    if (only) for (const r of rows) for (const l of r.lines) console.log(l);
  }
}
void main();
