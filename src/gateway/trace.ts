import { randomBytes } from 'node:crypto';
import { headerValues, type Answer } from '../judging/answer';
import { printable } from '../judging/printable';

/** Headers in which servers, proxies and clouds name a request as their logs do. */
const REQUEST_ID_HEADERS = [
  'x-request-id',
  'request-id',
  'x-correlation-id',
  'correlation-id',
  'x-trace-id',
  'trace-id',
  'traceresponse',
  'traceparent',
  'b3',
  'x-b3-traceid',
  'uber-trace-id',
  'cf-ray',
  'x-amzn-trace-id',
  'x-amzn-requestid',
  'x-amz-request-id',
  'x-amz-apigw-id',
  'x-amz-cf-id',
  'x-cloud-trace-context',
  'x-datadog-trace-id',
  'x-ms-request-id',
  'x-azure-ref',
  'x-vercel-id',
  'x-nf-request-id',
  'x-railway-request-id',
  'fly-request-id',
  'rndr-id',
  'x-kong-request-id',
  'x-envoy-request-id',
  'akamai-grn',
];
const MAX_ID = 200;

/** W3C Trace Context: one trace for the run, one span for each request. */
export class Trace {
  readonly id = randomBytes(16).toString('hex');
  private readonly ids = new Set([this.id]);

  newSpan(): { spanId: string; traceparent: string } {
    const spanId = randomBytes(8).toString('hex');
    this.ids.add(spanId);
    return { spanId, traceparent: `00-${this.id}-${spanId}-01` };
  }

  /** Whether a text holds an id of this trace, which is no secret although it looks like one. */
  isIn(text: string): boolean {
    return (text.match(/[\da-f]{32}|[\da-f]{16}/gi) ?? []).some((id) => this.ids.has(id.toLowerCase()));
  }
}

/** The ids that an answer gives its request, by header. The answer is masked already. */
export function requestIdsOf(answer: Answer): Record<string, string> {
  return Object.fromEntries(
    REQUEST_ID_HEADERS.flatMap((name) => {
      const value = headerValues(answer, name).join(', ');
      return value === '' ? [] : [[name, printable(value, MAX_ID)]];
    }),
  );
}
