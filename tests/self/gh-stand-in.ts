import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { temporaryFolder } from './temporary-folder';

export interface StoredIssue {
  number: number;
  state: 'open' | 'closed';
  title: string;
  body: string | null;
  author: string;
  comments: string[];
  pull_request?: object;
}

export interface GhCall {
  args: string[];
  input: string;
  token: string | undefined;
}

/** What gh does in place of its work: a message on standard error and an exit code, or an answer. */
interface Fault {
  /** Such as "issue edit". */
  command: string;
  stderr?: string;
  code?: number;
  stdout?: string;
}

interface State {
  issues: StoredIssue[];
  calls: GhCall[];
  fault?: Fault;
}

/** A repository as the stand-in for the GitHub CLI (bin/gh) keeps it in a file. */
export class GhStandIn {
  private readonly file = join(temporaryFolder(), 'state.json');

  constructor() {
    this.write({ issues: [], calls: [] });
  }

  /** Variables with which `gh` is the stand-in. */
  get env(): { PATH: string; GH_STATE: string } {
    return { PATH: `${join(__dirname, 'bin')}${delimiter}${process.env.PATH}`, GH_STATE: this.file };
  }

  get issues(): StoredIssue[] {
    return this.read().issues;
  }

  get calls(): GhCall[] {
    return this.read().calls;
  }

  /** The commands that changed something, such as "issue create". */
  get writes(): string[] {
    return this.calls.filter(({ args }) => args[0] === 'issue').map(({ args }) => args.slice(0, 2).join(' '));
  }

  add(issue: Partial<StoredIssue>): number {
    const state = this.read();
    const number = state.issues.length + 1;
    state.issues.push({
      number,
      state: 'open',
      title: 'Some issue',
      body: null,
      author: 'github-actions[bot]',
      comments: [],
      ...issue,
    });
    this.write(state);
    return number;
  }

  change(number: number, change: Partial<StoredIssue>): void {
    const state = this.read();
    Object.assign(state.issues.find((one) => one.number === number) ?? {}, change);
    this.write(state);
  }

  failAt(fault: Fault): void {
    this.write({ ...this.read(), fault });
  }

  recover(): void {
    const { issues, calls } = this.read();
    this.write({ issues, calls });
  }

  private read(): State {
    return JSON.parse(readFileSync(this.file, 'utf8')) as State;
  }

  private write(state: State): void {
    writeFileSync(this.file, JSON.stringify(state));
  }
}
