import type { Code } from '../../catalogue/codes';
import type { ProviderStep } from '../../gateway/provider-states';
import type { Exchange } from '../../judging/exchange';
import type { Link } from './chains';
import type { Journal } from './journal';
import type { RequestStep } from './steps';
import { piecesOf, urlPieces, word } from './words';

/** More than any answer may have (1 MiB), with its headers. */
const TOO_LARGE_BYTES = 1_100_000;
const TOO_LARGE_SECONDS = 30;
/** Of an answer that breaks the rules of HTTP no end can be told. */
const NO_END_SECONDS = 3;
const PROVIDER_POLLS = 50;

/** Writes the requests of a line. */
export class Shell {
  /** What each request starts with; curl forgets it at a --next. */
  private readonly common: string;

  /** @param code of the finding, by which what is shown has to be looked at in another way */
  constructor(
    private readonly journal: Journal,
    private readonly code: Code,
    private readonly isInLoop: boolean,
  ) {
    this.common = ['-sS', ...limitIn(journal)].join(' ');
  }

  wait(ms: number): string[] {
    return ms > 0 ? [`sleep ${Math.ceil(ms / 100) / 10}`] : [];
  }

  /** Creates a session and keeps its id in a variable; what is shown goes beside that. */
  create(exchange: Exchange, isShown: boolean): string[] {
    const variable = (exchange.session ?? '').slice(1);
    const send = this.curl(exchange);
    const read = "jq -r '.sessionId // empty'";
    const id = isShown
      ? [`created=$(${send})`, `printf '%s\\n' "$created"`, `${variable}=$(${read} <<<"$created")`]
      : [`${variable}=$(${send} | ${read})`];
    return [...id, this.orStop(variable)];
  }

  private orStop(variable: string): string {
    return this.isInLoop ? `[ "$${variable}" ] || continue` : `: "\${${variable}:?no session was created}"`;
  }

  /**
   * Requests one after the other over one connection, each of which is shown. Ids of sessions that they create are kept
   * in variables, which can be used when all have been sent.
   */
  sendOver(steps: readonly (Exchange | ProviderStep)[]): string[] {
    const version = versionFor(steps.flatMap((one) => ('method' in one ? [one] : [])));
    const requests = steps.map((one) =>
      'method' in one ? `-i -w '\\n' ${this.request(one)}` : this.providerOptions(one),
    );
    const start = `${this.common}${version} `;
    const send = `curl ${start}${requests.join(` --next ${start}`)}`;
    const created = steps.flatMap((one) =>
      'method' in one && one.operation === 'create' && one.session !== undefined
        ? [one.session.slice(1)]
        : [],
    );
    if (created.length === 0) return [send];
    const idAt = (i: number): string =>
      `$(grep -o '"sessionId" *: *"[^"]*"' <<<"$answers" | sed -n '${i + 1}s/.*/{&}/p' | jq -r .sessionId)`;
    return [
      `answers=$(${send})`,
      `printf '%s\\n' "$answers"`,
      ...created.flatMap((variable, i) => [`${variable}=${idAt(i)}`, this.orStop(variable)]),
    ];
  }

  /** Requests that are sent at once, each of which is shown. */
  race({ exchanges, alongside }: RequestStep): string {
    const byOptions = new Map<string, string[]>();
    for (const one of exchanges) {
      const options = this.options(one);
      byOptions.set(options, [...(byOptions.get(options) ?? []), this.url(one)]);
    }
    const requests = [...byOptions].map(([options, urls]) => `-i -w '\\n' ${options}${urls.join(' ')}`);
    // By the same curl as the others: starting a second one takes longer than many a race is open.
    if (alongside) {
      const approval = `${this.providerOptions(alongside)} -w 'approval: %{http_code}\\n'`;
      requests.splice(alongside.race?.isFirst === false ? requests.length : 0, 0, approval);
    }
    const version = exchanges.length > 1 ? versionFor(exchanges) : '';
    return `${this.start} --no-progress-meter -Z --parallel-immediate${version} ${requests.join(` --next ${this.common} `)}`;
  }

  /**
   * Requests one after the other by one curl: those of a link over one connection, the next link over another.
   * @param shown the request that shows the finding; what it gets is printed so that the finding can be seen
   */
  send(links: readonly Link[], shown: Exchange, isPrinted: (one: Exchange) => boolean): string {
    const requests = links.flatMap((link) => {
      if (link.kind === 'provider') return [this.providerOptions(link.step)];
      const ending = link === links.at(-1) ? undefined : link.exchanges.at(-1);
      return link.exchanges.map((one) => {
        const close = one === ending ? "-H 'connection: close' " : '';
        if (one === shown) return close + this.shownRequest(one);
        if (isPrinted(one)) return `-i -w '\\n' ${close}${this.request(one)}`;
        return `${close}${this.options(one)}-o /dev/null ${this.url(one)}`;
      });
    });
    const exchanges = links.flatMap((link) => (link.kind === 'requests' ? link.exchanges : []));
    const start = `${this.common}${requests.length > 1 ? versionFor(exchanges) : ''}`;
    const view = exchanges.includes(shown) ? this.viewer(shown) : '';
    return `curl ${start} ${requests.join(` --next ${start} `)}${view}`;
  }

  private shownRequest(exchange: Exchange): string {
    const request = this.request(exchange);
    switch (this.code) {
      case 'malformed':
        return `-i -m ${NO_END_SECONDS} --http1.1 --http0.9 --raw --ignore-content-length ${request}`;
      case 'too-large':
        return `-i -m ${TOO_LARGE_SECONDS} --compressed ${request}`;
      case 'encoding':
        return `-i -H 'accept-encoding: gzip, deflate, br' ${request}`;
      default:
        return `-i -w '\\n' ${request}`;
    }
  }

  /** What the response that shows the finding is piped through. */
  private viewer(shown: Exchange): string {
    const isUnreadable = this.code === 'encoding' || (this.code === 'json' && !isReadable(shown));
    if (isUnreadable) return ' | cat -v';
    return this.code === 'too-large' ? ` | head -c ${TOO_LARGE_BYTES} | wc -c` : '';
  }

  /** Asks the provider to bring a session into a state, and waits where that takes a while. */
  provide(step: ProviderStep, path: string | undefined): string[] {
    const ask = this.providerRequest(step);
    if (path === undefined) return [ask];
    const poll = `${this.start} ${this.url({ base: this.journal.exchanges[0]?.base ?? '', path })} | jq -r .status`;
    return [
      ask,
      `for poll in {1..${PROVIDER_POLLS}}; do [ "$(${poll})" = pending ] || break; sleep 0.2; done`,
    ];
  }

  private providerRequest(step: ProviderStep): string {
    return `${this.start} ${this.providerOptions(step)}`;
  }

  private providerOptions({ session, state }: ProviderStep): string {
    const body = word(piecesOf(JSON.stringify({ state, params: { sessionId: session }, action: 'setup' })));
    return `-o /dev/null -H 'content-type: application/json' -d ${body} "$PROVIDER_STATE_URL"`;
  }

  /** A request on its own, of which the body is printed. */
  curl(exchange: Exchange): string {
    return `${this.start} ${this.request(exchange)}`;
  }

  private get start(): string {
    return `curl ${this.common}`;
  }

  private request(exchange: Exchange): string {
    return `${this.options(exchange)}${this.url(exchange)}`;
  }

  private options({ method, requestHeaders, requestBody }: Exchange): string {
    // Without -d curl sends no length with these, which some servers refuse.
    const hasNoLength = requestBody === undefined && ['POST', 'PUT', 'PATCH'].includes(method);
    return [
      ...(method === 'HEAD' ? ['--head'] : method === 'GET' ? [] : [`-X ${method}`]),
      ...Object.entries(requestHeaders)
        .filter(([name, value]) => name !== 'traceparent' && !(name === 'accept' && value === '*/*'))
        .map(([name, value]) => `-H ${word(piecesOf(`${name}: ${value}`))}`),
      ...(hasNoLength ? [`-H 'content-length: 0'`] : []),
      ...(requestBody === undefined ? [] : [`-d ${word(piecesOf(requestBody))}`]),
    ]
      .map((option) => `${option} `)
      .join('');
  }

  private url({ base, path }: Pick<Exchange, 'base' | 'path'>): string {
    // curl resolves dots, and takes brackets and braces for patterns.
    const asItStands = `${/[%.]/.test(path) ? '--path-as-is ' : ''}${/[[{]/.test(base) ? '-g ' : ''}`;
    return asItStands + word(urlPieces(base, path, this.journal));
  }
}

/** Over HTTP/2 one connection carries several requests at once, and none can ask to close it. */
function versionFor([first]: readonly Exchange[]): string {
  return first?.base.startsWith('https') ? ' --http1.1' : '';
}

function isReadable({ answer }: Exchange): boolean {
  return answer?.text !== undefined && !answer.byteOrderMark && !/[^\n\x20-\x7e]/.test(answer.text);
}

/**
 * Where a request of the run hung, any request of a line may hang, the first as well as the last. Lines of other runs stay
 * as short as they can be.
 */
function limitIn({ exchanges }: Journal): string[] {
  const hung = exchanges.filter(({ failure }) => failure?.kind === 'timeout');
  const longestMs = Math.max(0, ...hung.map(({ durationMs }) => durationMs));
  return hung.length > 0 ? [`-m ${Math.ceil(longestMs / 1000) + 1}`] : [];
}
