import type { Exchange } from '../judging/exchange';

/** A request as the logs of the API and of what stands before it know it. */
export interface StatedRequest {
  n: number;
  method: string;
  path: string;
  status?: number;
  startedAt: string;
  traceId?: string;
  spanId?: string;
  /** Ids that the answer gave the request: x-request-id, cf-ray and the like, by header. */
  requestIds?: Record<string, string>;
}

/** What an exchange carries where its requests are traced. */
interface Traced {
  spanId?: string;
  requestIds?: Record<string, string> | readonly (readonly [string, string])[];
}

export function requestOf(exchange: Exchange, traceId: string | undefined): StatedRequest {
  const { spanId, requestIds } = exchange as Traced;
  const ids: Record<string, string> = Object.fromEntries(
    Array.isArray(requestIds) ? requestIds : Object.entries(requestIds ?? {}),
  );
  return {
    n: exchange.n,
    method: exchange.method,
    path: exchange.path,
    ...(exchange.answer && { status: exchange.answer.status }),
    startedAt: exchange.startedAt,
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(Object.keys(ids).length > 0 && { requestIds: ids }),
  };
}
