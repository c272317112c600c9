import type { RequirementId } from '../../catalogue/requirements';

/** What a rule may need to know in addition to the exchange. */
export interface Facts {
  /** The unmasked body: a schema may judge a label differently from the secret that it stands for. */
  body?: unknown;
  /** The requirement that the status is judged as, where the test named one. */
  judgedAs?: RequirementId | undefined;
  /** Of a create: an earlier session has the same id. */
  repeated: boolean;
  /** The values that the session was created with. */
  sent?: { deviceName?: string; callbackUrl?: string };
}
