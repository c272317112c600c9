import { headerValues, type Answer } from '../judging/answer';
import { essenceOf } from '../contract/media-type';
import type { Exchange } from '../judging/exchange';

/** A request as the logs of the API and of what stands before it know it. */
export interface StatedRequest {
  n: number;
  method: string;
  path: string;
  status?: number;
  /** Of the body, without parameters. */
  mediaType?: string;
  /** Seconds for which a cache had kept the response: RFC 9111, section 5.1. */
  age?: number;
  startedAt: string;
  traceId?: string;
  spanId?: string;
  /** Ids that the answer gave the request: x-request-id, cf-ray and the like, by header. */
  requestIds?: Record<string, string>;
}

export function requestOf(exchange: Exchange, traceId: string | undefined): StatedRequest {
  const { spanId, requestIds = {}, answer } = exchange;
  const age = answer && ageOf(answer);
  const mediaType = answer && mediaTypeOf(answer);
  return {
    n: exchange.n,
    method: exchange.method,
    path: exchange.path,
    ...(answer && { status: answer.status }),
    ...(mediaType !== undefined && { mediaType }),
    ...(age !== undefined && { age }),
    startedAt: exchange.startedAt,
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(Object.keys(requestIds).length > 0 && { requestIds }),
  };
}

function ageOf(answer: Answer): number | undefined {
  const [value = ''] = headerValues(answer, 'age');
  return /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}

function mediaTypeOf(answer: Answer): string | undefined {
  const [value = ''] = headerValues(answer, 'content-type');
  const essence = essenceOf(value);
  return /^[a-z0-9.+-]{1,40}\/[a-z0-9.+-]{1,80}$/.test(essence) ? essence : undefined;
}
