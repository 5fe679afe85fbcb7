/** Why a target could not be reached. */
export type TransportFaultReason =
  | 'no-such-transport'
  | 'unresolved'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'too-many-connections'
  | 'certificate-refused'
  | 'flow-gone'
  | 'stopped'
  | 'bind-failed'
  | 'bad-setting';

/** The one error the transport layer throws or rejects with. */
export class TransportFault extends Error {
  override readonly name = 'TransportFault';
  readonly reason: TransportFaultReason;

  /**
   * @param reason what happened, to be switched on
   * @param detail for the log: what was tried and how to remedy it
   */
  constructor(reason: TransportFaultReason, detail: string, options?: { readonly cause: unknown }) {
    super(`${reason}: ${detail}`, options);
    this.reason = reason;
  }
}
