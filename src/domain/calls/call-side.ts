/** The two ends of a call. */
export type CallSide = 'caller' | 'callee';
