import t from 'tap';
import { expectedRestart, type RestartFacts } from '../../../../src/domain/device/expected-restart.js';

const yealink = { family: 'yealink', model: 'T54W', firmware: '96.86.0.70' } as const;
const poly = { family: 'poly', model: 'VVX 450', firmware: null } as const;

t.test('whether a phone would restart', async (t) => {
  const facts: RestartFacts = { phone: yealink, restart: false, change: 'changed', changedLines: ['+local_time.time_format = 1'], firmware: null };
  for (const [rule, more, expected, text] of [
    ['another setting, of a family that takes it live', {}, 'no', /without a restart/],
    ['a family of which nobody knows', { phone: { ...yealink, family: 'fanvil' } }, 'unknown', /not verified/],
    ['a setting that is known not to', { phone: poly }, 'perhaps', /reg\./],
    ['a setting that is known to', { phone: poly, changedLines: ['-  reg.1.label="Ada"', '+  reg.1.label="Grace"'] }, 'yes', /reg\./],
    ['nothing changes', { change: 'same', changedLines: [] }, 'no', /Nothing/],
    ['the first configuration', { change: 'never-delivered', changedLines: [] }, 'perhaps', /first/],
    ['a file that cannot be made', { change: 'unrenderable', changedLines: [] }, 'no', /keeps/],
    ['other firmware', { firmware: '96.86.0.75' }, 'yes', /96\.86\.0\.70 and is told to run 96\.86\.0\.75/],
    ['the firmware it has', { firmware: '96.86.0.70' }, 'no', /without a restart/],
    ['firmware, and it does not say what it runs', { phone: { ...yealink, firmware: null }, firmware: '96.86.0.75' }, 'no', /without a restart/],
    ['asked to restart', { restart: true, change: 'same' }, 'yes', /asked to/],
    ['asked to restart by the event that it re-syncs by', { restart: true, phone: poly }, 'perhaps', /settings say so/],
    ['asked to restart, of a make of which nothing is known', { restart: true, phone: { ...yealink, family: 'other' } }, 'perhaps', /settings/],
  ] as readonly (readonly [string, Partial<RestartFacts>, string, RegExp])[]) t.match(expectedRestart({ ...facts, ...more }), { expected, text }, rule);
});
