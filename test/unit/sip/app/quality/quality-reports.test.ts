import fc from 'fast-check';
import t from 'tap';
import { readRtpStat } from '../../../../../sip/app/quality/rtp-stat.js';
import { readVqReport } from '../../../../../sip/app/quality/vq-report.js';

/** A session report as a desk phone sends it at the end of a call (RFC 6035 §4.6). */
const SESSION = [
  'VQSessionReport: CallTerm', 'CallID: 6dg37f1890463', 'LocalID: Alice <sip:alice@example.org>', 'RemoteID: Bill <sip:bill@example.net>',
  'OrigID: Alice <sip:alice@example.org>', 'LocalAddr: IP=10.10.1.100 PORT=5000 SSRC=0x2468abcd', 'RemoteAddr: IP=11.1.1.150 PORT=5002 SSRC=0x1357ace',
  'LocalMetrics:', 'Timestamps: START=2026-11-22T18:23:43Z STOP=2026-11-22T18:26:02Z', 'SessionDesc: PT=18 PD=G729 SR=8000 FD=20 FO=20 FPP=2 PPS=50 PLC=3 SSUP=on',
  'JitterBuffer: JBA=3 JBR=2 JBN=40 JBM=80 JBX=120', 'PacketLoss: NLR=5.0 JDR=2.0', 'BurstGapLoss: BLD=0 BD=0 GLD=2.0 GD=500 GMIN=16',
  'Delay: RTD=200 ESD=140 IAJ=2 MAJ=10', 'Signal: SL=-21 NL=-50 RERL=55', 'QualityEst: RLQ=88 RCQ=85 EXTRI=90 MOSLQ=4.1 MOSCQ=4.0',
  'RemoteMetrics:', 'SessionDesc: PT=18 PD=G729 SR=8000', 'PacketLoss: NLR=1.5 JDR=0', 'BurstGapLoss: BLD=9.5 BD=60 GLD=0 GD=500 GMIN=16',
  'Delay: RTD=200 ESD=140 IAJ=7', 'QualityEst: MOSLQ=127 MOSCQ=12.7', 'DialogID:1890463548@alice.example.org;to-tag=8472761;from-tag=9123dh311',
];
const body = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

t.test('reports of RFC 6035', async (t) => {
  t.same(readVqReport(body(...SESSION)), {
    kind: 'report', report: {
      callId: '6dg37f1890463', span: 'session',
      receiving: { codec: 'G729', packets: null, lossPercent: 5, maxLossPercent: 5, jitterMs: 2, roundTripMs: 200, bitrateKbps: null, mos: 4 },
      sending: { codec: 'G729', packets: null, lossPercent: 1.5, maxLossPercent: 9.5, jitterMs: 7, roundTripMs: 200, bitrateKbps: null, mos: 3.27 },
    },
  });
  const minimal = (first: string, ...metrics: readonly string[]): string => body(first, 'CallID: x', 'LocalMetrics:', ...metrics);
  const rows: readonly (readonly [what: string, body: string, expected: object])[] = [
    ['an interval', minimal('VQIntervalReport', 'PacketLoss: NLR=1 JDR=0'), { kind: 'report', report: { span: 'interval', receiving: { lossPercent: 1 }, sending: null } }],
    ['an alert', minimal('VQAlertReport: Type=NLR Severity=Critical Dir=local', 'PacketLoss: NLR=30'), { kind: 'report', report: { span: 'interval' } }],
    ['no spaces behind colons, lines of LF alone', 'VQSessionReport:CallTerm\nCallID:a@b\nLocalMetrics:\nPacketLoss:NLR=0.5 JDR=0\nQualityEst:MOSLQ=4.2 MOSCQ=0\n', {
      kind: 'report', report: { callId: 'a@b', receiving: { lossPercent: 0.5, mos: 4.2 } } }],
    ['metrics without their heading', body('VQSessionReport', 'CallID: x', 'QualityEst: MOSLQ=4.3'), { kind: 'report', report: { receiving: { mos: 4.3 } } }],
    ['folded lines', minimal('VQSessionReport', 'PacketLoss: NLR=1', '  JDR=0'), { kind: 'report', report: { receiving: { lossPercent: 1 } } }],
    ['opinions that mean none: by the E-model', minimal('VQSessionReport', 'PacketLoss: NLR=0 JDR=0', 'QualityEst: MOSLQ=12.7 MOSCQ=127'), { report: { receiving: { mos: 4.38 } } }],
    ['numbers out of range or none are left out', minimal('VQSessionReport', 'PacketLoss: NLR=101', 'Delay: RTD=-3 IAJ=1e9', 'QualityEst: MOSLQ=4'), {
      report: { receiving: { lossPercent: null, roundTripMs: null, jitterMs: null, mos: 4 } } }],
    ['the first of two CallIDs', body('VQSessionReport', 'CallID: one', 'CallID: two', 'QualityEst: MOSLQ=4'), { report: { callId: 'one' } }],
    ['nothing', '', { kind: 'malformed', reason: 'Not A VQ Report' }],
    ['another body', '<xml/>', { kind: 'malformed' }],
    ['no call', body('VQSessionReport', 'LocalMetrics:', 'QualityEst: MOSLQ=4'), { kind: 'malformed', reason: 'No CallID' }],
    ['a Call-ID longer than any', body('VQSessionReport', `CallID: ${'x'.repeat(257)}`, 'QualityEst: MOSLQ=4'), { kind: 'malformed', reason: 'No CallID' }],
    ['no figures', minimal('VQSessionReport', 'SessionDesc: PT=0 PD=PCMU'), { kind: 'malformed', reason: 'No Metrics' }],
    ['figures that all lie', minimal('VQSessionReport', 'PacketLoss: NLR=NaN', 'QualityEst: MOSLQ=Infinity'), { kind: 'malformed', reason: 'No Metrics' }],
    ['too much of it', minimal('VQSessionReport', 'QualityEst: MOSLQ=4', `X: ${'y'.repeat(9000)}`), { kind: 'malformed', reason: 'Report Too Long' }],
    ['more lines than any report has', body('VQSessionReport', ...Array.from({ length: 500 }, () => 'A: b'), 'CallID: x', 'QualityEst: MOSLQ=4'), { kind: 'malformed', reason: 'No CallID' }],
    ['names of objects of JavaScript', minimal('VQSessionReport', 'PacketLoss: __proto__=1 CONSTRUCTOR=2 NLR=2'), { report: { receiving: { lossPercent: 2 } } }],
    ['a codec’s name is a name', minimal('VQSessionReport', 'SessionDesc: PD=<b>', 'QualityEst: MOSLQ=4'), { report: { receiving: { codec: '' } } }],
  ];
  for (const [what, text, expected] of rows) t.match(readVqReport(text), expected, what);
});

t.test('headers of BYE', async (t) => {
  const rows: readonly (readonly [what: string, headers: Record<string, string>, expected: object | null])[] = [
    ['AudioCodes', { 'X-RTP-Stat': 'PS=207;OS=49680;;PR=314;OR=50240;PL=0;JI=600;LA=40;' }, {
      receiving: { packets: 314, lossPercent: 0, jitterMs: 600, roundTripMs: 40, bitrateKbps: null }, sending: { packets: 207, lossPercent: null } }],
    ['baresip: what was received and what was sent', { 'x-rtp-stat': 'EX=BareSip;CS=12;CD=10;PR=475;PS=500;PL=25,5;PD=0,0;JI=12.0,20.0;IP=1.2.3.4:5,6.7.8.9:10;EN=PCMU/8000;DE=PCMA/8000' }, {
      receiving: { packets: 475, lossPercent: 5, jitterMs: 1.5, codec: 'PCMA' }, sending: { packets: 500, lossPercent: 1, jitterMs: 2.5, codec: 'PCMU' } }],
    ['a call that had no sound', { 'x-rtp-stat': 'CS=0;PS=0;PR=0;PL=0' }, { receiving: { packets: 0, lossPercent: null }, sending: { packets: 0 } }],
    ['Cisco IOS, commas', { 'p-rtp-stat': 'PS=300,OS=48000,PR=365,OR=58400,PL=5,JI=3,LA=12,DU=7' }, {
      receiving: { packets: 365, lossPercent: 1.35, jitterMs: 3, roundTripMs: 12, bitrateKbps: 66.7 }, sending: { packets: 300, bitrateKbps: 54.9 } }],
    ['Cisco’s phones', { 'rtp-rxstat': 'Dur=13,Pkt=657,Oct=113004,LatePkt=0,LostPkt=3,AvgJit=1,VQMetrics="MLQK=4.1000;MLQKav=4.2000;MLQKmn=4.0,CCR=0.0"', 'rtp-txstat': 'Dur=13,Pkt=650,Oct=111800' }, {
      receiving: { packets: 657, lossPercent: 0.45, jitterMs: 1, mos: 4.2, bitrateKbps: 69.5 }, sending: { packets: 650, bitrateKbps: 68.8 } }],
    ['no header', { reason: 'Q.850;cause=16' }, null],
    ['an empty one', { 'x-rtp-stat': '' }, null],
    ['words', { 'x-rtp-stat': 'MOS=3.8;Jitter=7;RTPStat=RTP: 258452 bytes' }, null],
    ['numbers that are none', { 'x-rtp-stat': 'PR=-1;PS=0x10;PL=1e3' }, null],
    ['more lost than 32 bits hold', { 'x-rtp-stat': 'PR=100;PL=99999999999' }, { receiving: { packets: 100, lossPercent: null } }],
    ['all lost', { 'x-rtp-stat': 'PR=0;PL=100' }, { receiving: { lossPercent: 100 } }],
    ['a division by no time', { 'x-rtp-stat': 'PR=5;OR=800;CD=0' }, { receiving: { bitrateKbps: null } }],
    ['longer than any', { 'x-rtp-stat': `PR=5;X=${'y'.repeat(2000)}` }, null],
    ['a thousand fields', { 'x-rtp-stat': `${'A=1;'.repeat(100)}PR=5` }, null],
  ];
  for (const [what, headers, expected] of rows) {
    const read = readRtpStat({ headers, body: '' });
    if (expected === null) t.equal(read, null, what);
    else t.match(read, expected, what);
  }
});

t.test('whatever comes, nothing throws and every figure stays in its range', async (t) => {
  const piece = fc.oneof(fc.constantFrom('NLR=', 'IAJ=', 'MOSLQ=', 'RTD=', 'LocalMetrics:\r\n', 'PacketLoss: ', 'Delay: ', 'QualityEst: ', 'CallID: x\r\n', 'PR=', 'PL=', ';', ',', '=', '"'), fc.double().map(String), fc.string());
  await t.resolves(fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
    const text = pieces.join('');
    const reading = readVqReport(`VQSessionReport\r\n${text}`);
    const stat = readRtpStat({ headers: { 'x-rtp-stat': text }, body: '' });
    const cisco = readRtpStat({ headers: { 'rtp-rxstat': text }, body: '' });
    const all = [...reading.kind === 'report' ? [reading.report.receiving, reading.report.sending] : [], stat?.receiving, stat?.sending, cisco?.receiving];
    return all.every((figures) => figures === null || figures === undefined
      || ((figures.lossPercent ?? 0) <= 100 && (figures.mos ?? 1) >= 1 && (figures.mos ?? 1) <= 5 && (figures.jitterMs ?? 0) <= 60_000));
  })));
});
