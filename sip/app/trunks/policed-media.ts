import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import type { TrunkMedia } from '../../../src/domain/trunk/trunk.js';
import type { MediaPath } from '../calls/media-path.js';
import type { Body } from '../syntax/header.js';
import { policedOffer } from './sdp-policy.js';

/** A call's way of sound with trunks at its ends: offers inside the call are cut down to what those trunks take, too. */
export function policedMedia(path: MediaPath, { source }: Pick<CallFacts, 'source'>): MediaPath {
  let policy: TrunkMedia | undefined;
  const inner = source.kind === 'trunk' ? policed(path, 'caller', () => source.trunk.media) : path;
  return {
    ...policed(inner, 'callee', () => policy),
    chosen(branch, ofTrunk) {
      policy = ofTrunk;
      path.chosen(branch);
    },
  };
}

function policed(path: MediaPath, trunkSide: 'caller' | 'callee', policyOf: () => TrunkMedia | undefined): MediaPath {
  return {
    prepare: (targets, offer) => path.prepare(targets, offer),
    offerFor: (branch, offer) => path.offerFor(branch, offer),
    early: (branch, body, then) => path.early(branch, body, then),
    chosen: (branch) => path.chosen(branch),
    pass(from, role, body, then, refuse) {
      const policy = policyOf();
      if (from === trunkSide || role === 'answer' || policy === undefined) return path.pass(from, role, body, then, refuse);
      path.pass(from, role, body, (passed) => {
        const offer = passed === null || !isSdp(passed) ? null : policedOffer(passed.body, policy);
        if (offer === null || passed === null) return then(passed);
        if (offer.kind === 'sdp') return then({ ...passed, body: offer.sdp });
        if (refuse === undefined) then(passed);
        else refuse();
      }, refuse);
    },
    end: () => path.end(),
  };
}

const isSdp = ({ contentType }: Body): boolean => /^application\/sdp\s*(?:;|$)/i.test(contentType);
