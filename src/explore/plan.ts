import { NEAR_MISS_NAMES, PATTERN_NAMES } from '../catalogue/derived-ids';
import { FORM_NAMES } from '../catalogue/forms';
import type { Draw } from './draw';
import type {
  BatchPart,
  SafeRequest,
  SessionName,
  Step,
  StepConnection,
  UndocumentedRequest,
  Walk,
} from './steps';

/** What a walk may do against this target. */
export interface WalkOptions {
  /** `polite`: no concurrent requests, malformed ids or undocumented methods. */
  profile: 'full' | 'polite';
  hasProviderStates: boolean;
}

/** How a session ends. */
export type End = 'deny' | 'approve' | 'expire';

/** What a walk is made from, and its single steps. */
export class Plan {
  /**
   * @param turn how many walks with the same focus come before it
   * @param connection what its requests are sent over
   */
  constructor(
    readonly draw: Draw,
    readonly turn: number,
    private readonly connection: StepConnection,
    private readonly options: WalkOptions,
  ) {}

  /** What goes round with the turns, so that a run has some of each. */
  inTurn<T>(all: readonly T[], turn = this.turn): T {
    return all[turn % all.length] as T;
  }

  create(session: SessionName): Step {
    return { do: 'create', session, form: this.draw.oneOf(FORM_NAMES) };
  }

  readonly poll = (session: SessionName, times = 1): Step => {
    return { do: 'poll', session, times, connection: this.connection };
  };

  readonly deny = (session: SessionName, times = 1): Step => {
    return { do: 'deny', session, times, connection: this.connection };
  };

  safe(request: SafeRequest, session: SessionName, times = 1): Step {
    return { do: 'safe method', session, request, times, connection: this.connection };
  }

  unknown(operation: 'poll' | 'deny', times = 1): Step {
    return { do: `${operation} unknown`, times, connection: this.connection };
  }

  /** No step where that takes a provider state which this target has not: the session stays pending. */
  end(session: SessionName, how: End): Walk {
    if (how === 'deny') return [this.deny(session)];
    return this.options.hasProviderStates ? [{ do: how, session }] : [];
  }

  /** A person gives one approval only. */
  approval(session: SessionName): BatchPart[] {
    return this.options.hasProviderStates ? [{ action: 'approve', session }] : [];
  }

  endOthers(how: End): Walk {
    if (how === 'deny') return [{ do: 'deny others', connection: this.connection }];
    return this.options.hasProviderStates ? [{ do: `${how} others` }] : [];
  }

  createOthers(times: number, connection = this.connection): Step {
    return { do: 'create others', times, connection };
  }

  /** Something that must change nothing. */
  aside(session: SessionName): Step {
    const { draw } = this;
    const isFull = this.options.profile === 'full';
    // An id that contains a whole session id may be taken for it: that is advice, and the walk would lose its way.
    const derivation = draw.oneOf([...NEAR_MISS_NAMES, ...(isFull ? PATTERN_NAMES : [])]);
    const request = draw.oneOf<UndocumentedRequest>(['POST', 'PUT', 'PATCH']);
    const times = draw.oneIn(6) ? 2 : 1;
    return draw.oneOf<Step>([
      this.poll(session, times),
      this.poll(session, times),
      this.safe('HEAD', session, times),
      this.safe('OPTIONS', session, times),
      this.safe('GET with overrides', session),
      this.unknown('poll', times),
      this.unknown('deny', times),
      this.createOthers(1),
      { do: draw.oneOf(['poll derived', 'deny derived']), session, derivation, times },
      { do: 'wait', ms: draw.oneOf([20, 100, 300]) },
      ...(isFull ? [{ do: 'other method', session, request } satisfies Step] : []),
    ]);
  }
}
