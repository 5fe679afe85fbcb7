/** What the transport layer counts, all since its start but `connections_open`. */
export type TransportCounter =
  | 'messages_in'
  | 'messages_out'
  | 'datagrams_oversize'
  | 'datagrams_keepalive'
  | 'udp_send_errors'
  | 'connections_open'
  | 'connections_accepted'
  | 'connections_opened'
  | 'connections_refused_total'
  | 'connections_refused_source'
  | 'connect_failures'
  | 'handshakes_failed'
  | 'upgrades_refused'
  | 'closed_message_deadline'
  | 'closed_unused'
  | 'closed_handshake_deadline'
  | 'closed_silent'
  | 'closed_write_buffer'
  | 'closed_framing'
  | 'handler_faults';

export class TransportCounters {
  readonly #values: Record<TransportCounter, number> = {
    messages_in: 0,
    messages_out: 0,
    datagrams_oversize: 0,
    datagrams_keepalive: 0,
    udp_send_errors: 0,
    connections_open: 0,
    connections_accepted: 0,
    connections_opened: 0,
    connections_refused_total: 0,
    connections_refused_source: 0,
    connect_failures: 0,
    handshakes_failed: 0,
    upgrades_refused: 0,
    closed_message_deadline: 0,
    closed_unused: 0,
    closed_handshake_deadline: 0,
    closed_silent: 0,
    closed_write_buffer: 0,
    closed_framing: 0,
    handler_faults: 0,
  };

  add(counter: TransportCounter, amount = 1): void {
    this.#values[counter] += amount;
  }

  snapshot(): Readonly<Record<TransportCounter, number>> {
    return { ...this.#values };
  }
}
