import { readFileSync } from 'node:fs';
import type { SipRequest } from '../syntax/message.js';
import { userOf } from './user-of.js';

export type SpammerAction = 'reject' | 'discard';

/** What marks a scanner (drachtio wire protocol §7.6b). Words are compared as written, anywhere in the value. */
export interface SpammerRules {
  readonly userAgents: readonly string[];
  /** In the user part of From and To. */
  readonly fromUsers: readonly string[];
  readonly toUsers: readonly string[];
  /** In any header of the message. */
  readonly anywhere: readonly string[];
  /** `reject` answers 603, `discard` nothing; on streams `tcpAction` counts. */
  readonly action: SpammerAction;
  readonly tcpAction: SpammerAction;
}

/** The scanners everybody on the internet hears of first. */
export const defaultSpammers: SpammerRules = {
  userAgents: ['sip-cli', 'sipcli', 'friendly-scanner', 'pplsip', 'sundayddr', 'VaxSIPUserAgent'],
  fromUsers: [], toUsers: [],
  anywhere: ['sipvicious'],
  action: 'reject', tcpAction: 'reject',
};

/** What to do with a request instead of asking an application; undefined when it is none of those. */
export function spammerAction(request: SipRequest, reliable: boolean, rules: SpammerRules): SpammerAction | undefined {
  if (!isSpam(request, rules)) return undefined;
  return reliable ? rules.tcpAction : rules.action;
}

function isSpam(request: SipRequest, rules: SpammerRules): boolean {
  const agent = request.first('user-agent');
  if (agent !== undefined && rules.userAgents.some((word) => agent.includes(word))) return true;
  if (rules.fromUsers.length > 0 && holds(userOf(request.first('from')), rules.fromUsers)) return true;
  if (rules.toUsers.length > 0 && holds(userOf(request.first('to')), rules.toUsers)) return true;
  return rules.anywhere.some((word) => {
    const at = request.raw.indexOf(word);
    return at >= 0 && at < request.bodyStart;
  });
}

const holds = (text: string, words: readonly string[]): boolean => words.some((word) => text.includes(word));

const FIELDS = ['user_agents', 'from_users', 'to_users', 'anywhere'] as const;
const ACTIONS = ['action', 'tcp_action'] as const;

/**
 * Reads rules from a JSON file:
 * `{"action":"discard","tcp_action":"reject","user_agents":["sip-cli"],"from_users":[],"to_users":[],"anywhere":[]}`.
 * What it does not name has no words; `action` is `reject` by default, `tcp_action` the same as `action`.
 * @throws Error naming the file and what is wrong with it
 */
export function readSpammerFile(path: string): SpammerRules {
  const wrong = (what: string): Error => new Error(`spammer file ${path}: ${what}`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw wrong('it holds no JSON object');
  const given = new Map<string, unknown>(Object.entries(content));
  const known: ReadonlySet<string> = new Set([...FIELDS, ...ACTIONS]);
  for (const name of given.keys()) if (!known.has(name)) throw wrong(`it knows no "${name}"; there are ${[...known].join(', ')}`);
  const words = (name: (typeof FIELDS)[number]): readonly string[] => {
    const list: unknown = given.get(name) ?? [];
    const isWord = (word: unknown): word is string => typeof word === 'string' && word !== '';
    if (!Array.isArray(list) || !list.every(isWord)) throw wrong(`"${name}" must be a list of words, none of them empty`);
    return list;
  };
  const action = (name: (typeof ACTIONS)[number], otherwise: SpammerAction): SpammerAction => {
    const value = given.get(name) ?? otherwise;
    if (value !== 'reject' && value !== 'discard') throw wrong(`"${name}" must be "reject" or "discard"`);
    return value;
  };
  const udp = action('action', 'reject');
  return {
    userAgents: words('user_agents'), fromUsers: words('from_users'), toUsers: words('to_users'), anywhere: words('anywhere'),
    action: udp, tcpAction: action('tcp_action', udp),
  };
}
