import type { StatedRequirement } from './statement';
import { idsText, LOOKS, shownTransitions, type ShownTransition } from './session-states';

const ROW = 62;
const BOX = { width: 330, height: 46 };
const STATE = { width: 100, height: 36 };
const COLUMNS = { from: 20, box: 170, to: 550 };
const TOP = 50;

/**
 * The life of a session as a picture, for reports that show pictures and no Mermaid: a row for each transition, from a
 * state by what happens to a state.
 */
export function drawSessionStates(requirements: StatedRequirement[]): string {
  const transitions = shownTransitions(requirements);
  const height = TOP + transitions.length * ROW;
  const width = COLUMNS.to + STATE.width + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1f2328">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#59636e"/></marker></defs>',
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    `<text x="${COLUMNS.from}" y="30" font-size="16" font-weight="600">The life of a session, as this run saw it</text>`,
    ...transitions.map((transition, i) => drawRow(transition, TOP + i * ROW)),
    '</svg>',
  ].join('\n');
}

function drawRow({ from, to, label, shown, by }: ShownTransition, y: number): string {
  const { mark, fill, stroke } = LOOKS[shown];
  const middle = y + BOX.height / 2;
  const arrow = (x1: number, x2: number): string =>
    `<path d="M${x1} ${middle}H${x2}" stroke="#59636e" marker-end="url(#tip)"/>`;
  return [
    drawState(from === 'start' ? 'none yet' : from, COLUMNS.from, middle),
    arrow(COLUMNS.from + STATE.width, COLUMNS.box),
    `<rect x="${COLUMNS.box}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${fill}" stroke="${stroke}"/>`,
    `<text x="${COLUMNS.box + 12}" y="${y + 19}">${mark} ${label}</text>`,
    `<text x="${COLUMNS.box + 12}" y="${y + 37}" font-weight="600" fill="${stroke}">${shown} (${idsText(by)})</text>`,
    arrow(COLUMNS.box + BOX.width, COLUMNS.to),
    drawState(to, COLUMNS.to, middle),
  ].join('');
}

function drawState(name: string, x: number, middle: number): string {
  return `<rect x="${x}" y="${middle - STATE.height / 2}" width="${STATE.width}" height="${STATE.height}" rx="18" fill="#f6f8fa" stroke="#59636e"/><text x="${x + STATE.width / 2}" y="${middle + 5}" text-anchor="middle">${name}</text>`;
}
