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

export function requestOf(exchange: Exchange, traceId: string | undefined): StatedRequest {
  const { spanId, requestIds = {} } = exchange;
  return {
    n: exchange.n,
    method: exchange.method,
    path: exchange.path,
    ...(exchange.answer && { status: exchange.answer.status }),
    startedAt: exchange.startedAt,
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(Object.keys(requestIds).length > 0 && { requestIds }),
  };
}
