/** One call as one soak phone has it: the dialog, what comes in it, what the phone sends in it. */
import { uniqueText, type PeerMessage } from '../support/sip-peer-message.js';
import { SDP } from '../support/scripted-phone.js';
import { Cut } from './cut.js';
import type { Field, Station } from './station.js';

/** Why a call is over for this phone. */
export type Ending = 'hung-up-by-us' | 'hung-up-by-them' | 'cancelled' | 'refused' | 'vanished';

export interface DialResult {
  /** Of the final response; 0 when there was none. */
  readonly status: number;
  readonly call: Call;
  /** The INVITE with credentials got an answer: the product knows of the call. */
  readonly known: boolean;
}

const SESSION: readonly Field[] = [['Supported', 'timer'], ['Session-Expires', '90;refresher=uas'], ['Min-SE', '90']];

export class Call {
  readonly over = new Cut();
  #ending: Ending | null = null;
  #remoteTag = '';
  #target = '';
  #cseq = 1;
  /** Of our last INVITE: its CANCEL and the ACK of a failure have the same. */
  #branch = '';
  #inviteOpen = false;
  #answered: { readonly key: string; readonly text: string } | null = null;
  /** INVITE for us without a final response. */
  #ringing: PeerMessage | null = null;

  private constructor(
    private readonly station: Station, readonly callId: string, private readonly localTag: string,
    private readonly us: string, private readonly them: string,
  ) {}

  get ending(): Ending | null {
    return this.#ending;
  }
  end(ending: Ending): void {
    this.#ending ??= ending;
    this.over.happen();
  }

  static outgoing(station: Station, number: string): Call {
    return new Call(station, uniqueText('c'), uniqueText('f'), `<${station.aor}>`, `<sip:${number}@${station.subscriber.domain}>`);
  }

  static incoming(station: Station, invite: PeerMessage): Call {
    const call = new Call(station, invite.header('Call-ID') ?? '', uniqueText('t'), invite.header('To') ?? '', (invite.header('From') ?? '').replace(/;\s*tag=[^;]+/i, ''));
    call.#remoteTag = invite.tag('From');
    call.#target = uriIn(invite.header('Contact'));
    call.#ringing = invite;
    return call;
  }

  /**
   * INVITE, and again with credentials. A 2xx is acknowledged, whatever happened meanwhile.
   * @param onRinging tells each provisional response above 100
   */
  async dial(onRinging: () => void): Promise<DialResult> {
    const uri = uriIn(this.them);
    const invite = async (extra: readonly Field[]): Promise<PeerMessage | null> => {
      this.#branch = uniqueText('z9hG4bK');
      const text = this.station.compose('INVITE', uri, [...this.#fields('INVITE'), ...SESSION, ...extra], SDP('1'), this.#branch);
      const final = await this.station.ask(text, this.#key('INVITE'), ({ status }) => {
        if (status > 100) onRinging();
      });
      if (final !== null && final.status >= 300) this.#acknowledge(final, this.#branch);
      return final;
    };
    const first = await invite([]);
    if (first?.status !== 401) return this.#dialled(first, false);
    this.#cseq += 1;
    const final = await invite([this.station.credentials('INVITE', uri, first)]);
    return this.#dialled(final, final !== null && final.status !== 401 && final.status !== 503);
  }

  #dialled(final: PeerMessage | null, known: boolean): DialResult {
    const status = final?.status ?? 0;
    if (final !== null && status < 300) {
      this.#learn(final);
      this.#acknowledge(final, uniqueText('z9hG4bK'));
    } else this.end(this.station.link === null ? 'vanished' : 'refused');
    return { status, call: this, known };
  }

  /** CANCEL of the INVITE under way; its 487 comes as the result of `dial`. */
  async cancel(): Promise<number> {
    const fields: readonly Field[] = [['From', `${this.us};tag=${this.localTag}`], ['To', this.them], ['Call-ID', this.callId], ['CSeq', `${this.#cseq} CANCEL`]];
    const final = await this.station.ask(this.station.compose('CANCEL', uriIn(this.them), fields, '', this.#branch), this.#key('CANCEL'));
    return final?.status ?? 0;
  }

  ring(): void {
    if (this.#ringing !== null) this.station.respond(this.#ringing, 180, 'Ringing', this.localTag, [['Contact', this.station.contact]]);
  }

  /** 200 to the INVITE for us; false when there is none to answer any more. */
  answer(): boolean {
    const invite = this.#ringing;
    if (invite === null) return false;
    this.#ringing = null;
    this.#keepAnswer(invite, this.station.respond(invite, 200, 'OK', this.localTag, [['Contact', this.station.contact], ...sessionFields(invite)], SDP('2')));
    return true;
  }

  refuse(status: number, reason: string, ending: Ending = 'refused'): void {
    const invite = this.#ringing;
    if (invite === null) return;
    this.#ringing = null;
    this.#keepAnswer(invite, this.station.respond(invite, status, reason, this.localTag));
    this.end(ending);
  }

  /** A request in the dialog; an INVITE's 2xx or failure is acknowledged. @returns status, 0 for silence */
  async request(method: 'BYE' | 'INVITE' | 'INFO' | 'UPDATE', body = ''): Promise<number> {
    this.#cseq += 1;
    const branch = uniqueText('z9hG4bK');
    const cseq = this.#cseq;
    const isInvite = method === 'INVITE';
    if (isInvite) this.#inviteOpen = true;
    const final = await this.station.ask(this.station.compose(method, this.#target, this.#fields(method), body, branch), { callId: this.callId, cseq, method });
    if (!isInvite) return final?.status ?? 0;
    this.#inviteOpen = false;
    if (final !== null && final.status < 300) this.#learn(final);
    if (final !== null) this.#acknowledge(final, final.status < 300 ? uniqueText('z9hG4bK') : branch, cseq);
    return final?.status ?? 0;
  }

  /** Ends the call that was established. @returns status of the answer to BYE, 0 for silence */
  async hangUp(): Promise<number> {
    this.end('hung-up-by-us');
    return this.request('BYE');
  }

  /** A request with this Call-ID. */
  receive(request: PeerMessage): void {
    if (request.method === 'ACK') return;
    if (this.#answered?.key === keyOf(request)) return this.station.send(this.#answered.text);
    switch (request.method) {
      case 'CANCEL': {
        this.station.respond(request, 200, 'OK', this.localTag);
        if (this.#ringing === null) return;
        return this.refuse(487, 'Request Terminated', 'cancelled');
      }
      case 'INVITE': {
        if (this.#ringing !== null) return this.ring();
        if (this.#inviteOpen) return void this.#reply(request, 491, 'Request Pending');
        this.#target = uriIn(request.header('Contact')) || this.#target;
        return this.#reply(request, 200, 'OK', [['Contact', this.station.contact], ...sessionFields(request)], SDP('2'));
      }
      case 'UPDATE': return this.#reply(request, 200, 'OK', [['Contact', this.station.contact], ...sessionFields(request)], request.body === '' ? '' : SDP('2'));
      case 'BYE': {
        this.#reply(request, 200, 'OK');
        return this.end('hung-up-by-them');
      }
      default: return this.#reply(request, 200, 'OK');
    }
  }

  #reply(request: PeerMessage, status: number, reason: string, fields: readonly Field[] = [], body = ''): void {
    this.#keepAnswer(request, this.station.respond(request, status, reason, this.localTag, fields, body));
  }

  #keepAnswer(request: PeerMessage, text: string): void {
    this.#answered = { key: keyOf(request), text };
  }

  #learn(success: PeerMessage): void {
    this.#remoteTag = success.tag('To');
    this.#target = uriIn(success.header('Contact')) || this.#target;
  }

  #acknowledge(final: PeerMessage, branch: string, cseq = this.#cseq): void {
    const uri = final.status < 300 || this.#remoteTag !== '' ? this.#target : uriIn(this.them);
    this.station.send(this.station.compose('ACK', uri, [
      ['From', `${this.us.replace(/;\s*tag=[^;]+/i, '')};tag=${this.localTag}`], ['To', final.header('To') ?? ''], ['Call-ID', this.callId], ['CSeq', `${cseq} ACK`],
    ], '', branch));
  }

  #fields(method: string): readonly Field[] {
    return [
      ['From', `${this.us};tag=${this.localTag}`], ['To', this.#remoteTag === '' ? this.them : `${this.them};tag=${this.#remoteTag}`],
      ['Call-ID', this.callId], ['CSeq', `${this.#cseq} ${method}`], ['Contact', this.station.contact],
    ];
  }

  #key(method: string): { readonly callId: string; readonly cseq: number; readonly method: string } {
    return { callId: this.callId, cseq: this.#cseq, method };
  }
}

/** RFC 4028 §9: what was wished is granted; whoever sent the request refreshes unless it says otherwise. */
function sessionFields(request: PeerMessage): readonly Field[] {
  const wished = request.header('Session-Expires');
  if (wished === undefined || !/timer/i.test(request.headers('Supported').join())) return [];
  return [['Session-Expires', /refresher=/i.test(wished) ? wished : `${wished};refresher=uac`], ['Require', 'timer']];
}

const keyOf = (request: PeerMessage): string => `${request.cseq} ${request.method}`;

function uriIn(header: string | undefined): string {
  return /<([^>]+)>/.exec(header ?? '')?.[1] ?? header ?? '';
}
