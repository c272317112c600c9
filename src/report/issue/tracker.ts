export interface Issue {
  number: number;
  state: 'open' | 'closed';
  body: string;
}

/** The issues of one repository. Every method throws an Error of one line when it fails. */
export interface IssueTracker {
  /** The issues that the suite has opened and whose body begins with this text, open and closed. */
  list(start: string): Promise<Issue[]>;
  /** @returns its number */
  create(title: string, body: string): Promise<number>;
  edit(number: number, title: string, body: string): Promise<void>;
  comment(number: number, body: string): Promise<void>;
  close(number: number): Promise<void>;
  reopen(number: number): Promise<void>;
}
