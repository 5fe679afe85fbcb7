import type { Outcome } from '../usecases/outcome.js';
import { fromRefusal, type Problem } from './problem.js';

/** What a handler gives back; the runner alone writes it. */
export type Answer =
  | {
    readonly kind: 'json';
    readonly status: number;
    readonly body: object;
    readonly headers?: Readonly<Record<string, string>>;
  }
  | {
    readonly kind: 'text';
    readonly status: number;
    readonly contentType: string;
    readonly text: string;
    readonly headers?: Readonly<Record<string, string>>;
  }
  | { readonly kind: 'bytes'; readonly status: number; readonly contentType: string; readonly bytes: Uint8Array }
  | {
    readonly kind: 'stream';
    readonly status: number;
    readonly contentType: string;
    readonly filename: string;
    readonly chunks: AsyncIterable<string>;
  }
  | { readonly kind: 'empty'; readonly status: number }
  | { readonly kind: 'problem'; readonly problem: Problem };

export function json(body: object, status = 200): Answer {
  return { kind: 'json', status, body };
}

export function created(body: object): Answer {
  return json(body, 201);
}

export const NO_CONTENT: Answer = { kind: 'empty', status: 204 };

export function text(contentType: string, content: string): Answer {
  return { kind: 'text', status: 200, contentType, text: content };
}

export function bytes(contentType: string, content: Uint8Array): Answer {
  return { kind: 'bytes', status: 200, contentType, bytes: content };
}

export function failed(problem: Problem): Answer {
  return { kind: 'problem', problem };
}

/** The answer to a verb: its refusal as an error, or what `onDone` makes of the value. */
export function answer<T>(outcome: Outcome<T>, onDone: (value: T) => Answer): Answer {
  return outcome.kind === 'refused' ? failed(fromRefusal(outcome)) : onDone(outcome.value);
}
