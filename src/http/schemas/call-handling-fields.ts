import { z } from 'zod';
import { WEEKDAYS, type Weekday } from '../../domain/device/firmware-window.js';
import type { BusinessHours, CallHandling, HandlingPeriod, NotTaken } from '../../domain/forwarding/call-handling.js';
import { rulesOf } from '../../domain/forwarding/call-handling.js';
import type { Extension } from '../../domain/numbering/extension.js';
import { PHONES } from '../../usecases/forwarding/call-handling.js';
import type { HttpDeps } from '../http-deps.js';
import { line, requiredLine } from './fields.js';
import { holderName } from './number-views.js';

/** What becomes of a call, as published: to a user, to a common area, to a number, disconnected; 21 = phones ring during a call as always. */
export const ACTIONS = { user: 2, common_area: 4, number: 10, disconnect: 11, callWaiting: 21 } as const;

const forwardTo = z.object({
  display_name: z.string(), extension_id: z.string(), extension_number: z.int(), extension_type: z.string(), id: z.string(), phone_number: z.string(), description: z.string(),
});
const routing = z.object({
  action: z.int().describe('2 to a user, 4 to a common area, 10 to a number, 11 disconnect, 21 (busy) the phones themselves say so.'), forward_to: forwardTo,
});
const forwarding = z.object({
  sub_setting_type: z.literal('call_forwarding'),
  settings: z.object({
    call_forwarding_settings: z.array(z.object({ description: z.string(), enable: z.boolean(), id: z.string(), phone_number: z.string() }))
      .describe(`What rings; ${PHONES} are the extension's own phones.`),
    require_press_1_before_connecting: z.boolean(),
  }),
});
const hours = z.object({
  sub_setting_type: z.literal('custom_hours'),
  settings: z.object({
    type: z.int().describe('1 always, 2 the hours given.'),
    custom_hours_settings: z.array(z.object({ from: z.string(), to: z.string(), type: z.int(), weekday: z.int() }))
      .describe('weekday 1 is Sunday; type 0 closed, 1 all day, 2 from … to.'),
  }),
});
const handling = z.object({
  sub_setting_type: z.literal('call_handling'),
  settings: z.object({
    ring_mode: z.enum(['simultaneous', 'sequential']), max_wait_time: z.int(), call_not_answer_action: z.int(), routing, busy_routing: routing,
    require_press_1_before_connecting: z.boolean(),
  }),
});

export const handlingView = z.object({
  business_hours: z.array(z.discriminatedUnion('sub_setting_type', [forwarding, hours, handling])),
  closed_hours: z.array(z.discriminatedUnion('sub_setting_type', [forwarding, handling])),
  holiday_hours: z.array(z.object({})).describe('There are none yet.'),
});

const pressOne = z.boolean().refine((wanted) => !wanted, 'Asking for a key before connecting is not there yet: leave it false.').optional();
const clock = z.string().regex(/^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, "Give a time as 'HH:MM'.");
const day = z.object({ from: clock.default('00:00'), to: clock.default('24:00'), type: z.union([z.literal(0), z.literal(1), z.literal(2)]), weekday: z.int().min(1).max(7) });
const action = (more: readonly number[]) => z.int().refine(
  (code) => [ACTIONS.user, ACTIONS.common_area, ACTIONS.number, ACTIONS.disconnect, ...more].includes(code),
  `Only 2 (user), 4 (common area), 10 (number), 11 (disconnect)${more.length === 0 ? '' : ' and 21 (call waiting)'} are there yet.`,
);
const noHoliday = z.string().refine(() => false, 'Holiday hours are not there yet.').optional();

export const handlingPatch = z.discriminatedUnion('sub_setting_type', [
  z.object({
    sub_setting_type: z.literal('call_forwarding'),
    settings: z.object({
      call_forwarding_settings: z.array(z.object({
        id: requiredLine(64), enable: z.boolean().optional(), phone_number: requiredLine(40).optional(), description: line(100).optional(),
      })).min(1).max(20).optional(),
      require_press_1_before_connecting: pressOne, holiday_id: noHoliday,
    }),
  }),
  z.object({
    sub_setting_type: z.literal('custom_hours'),
    settings: z.object({ type: z.union([z.literal(1), z.literal(2)]), custom_hours_settings: z.array(day).max(50).default([]) }),
  }),
  z.object({
    sub_setting_type: z.literal('call_handling'),
    settings: z.object({
      ring_mode: z.enum(['simultaneous', 'sequential']), max_wait_time: z.int().min(5).max(120).describe('Seconds.'),
      call_not_answer_action: action([]), forward_to_extension_id: line(64), phone_number: line(40), description: line(100),
      busy_on_another_call_action: action([ACTIONS.callWaiting]), busy_forward_to_extension_id: line(64), busy_phone_number: line(40), busy_description: line(100),
      un_answered_require_press_1_before_connecting: pressOne, busy_require_press_1_before_connecting: pressOne, holiday_id: noHoliday,
    }).partial(),
  }),
]);

/** Zoom's weeks begin on Sunday. */
const weekdayOf = (number: number): Weekday => WEEKDAYS[(number + 5) % 7] ?? 'mon';

export function hoursOf({ type, custom_hours_settings: days }: Extract<z.output<typeof handlingPatch>, { sub_setting_type: 'custom_hours' }>['settings']): BusinessHours {
  if (type === 1) return { kind: 'always' };
  return {
    kind: 'custom',
    days: days.flatMap((each) => (each.type === 0 ? [] : [{
      weekday: weekdayOf(each.weekday), ...(each.type === 1 ? { from: '00:00', to: '24:00' } : { from: each.from, to: each.to }),
    }])),
  };
}

export function viewHandling(deps: Pick<HttpDeps, 'directory'>, found: CallHandling): z.output<typeof handlingView> {
  const { directory } = deps;
  const usual = directory.account(found.accountId)?.policy.ringSeconds ?? 0;
  const parts = (period: HandlingPeriod) => {
    const { numbers, phones, ringMode, ringSeconds, unanswered, busy } = rulesOf(found, period);
    const rings = [{ id: PHONES, description: 'Phones of the extension', enable: phones.enabled, phone_number: '' },
      ...numbers.map(({ id, number, description, enabled }) => ({ id, description, enable: enabled, phone_number: number }))];
    const way = routingView(deps, unanswered, ACTIONS.disconnect);
    return [
      { sub_setting_type: 'call_forwarding' as const, settings: { call_forwarding_settings: rings, require_press_1_before_connecting: false } },
      {
        sub_setting_type: 'call_handling' as const,
        settings: {
          ring_mode: ringMode, max_wait_time: ringSeconds ?? usual, call_not_answer_action: way.action, routing: way,
          busy_routing: routingView(deps, busy, ACTIONS.callWaiting), require_press_1_before_connecting: false,
        },
      },
    ];
  };
  const days = found.hours.kind === 'always' ? [] : found.hours.days;
  const custom = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => {
    const open = days.filter((each) => each.weekday === weekdayOf(weekday));
    if (open.length === 0) return [{ from: '', to: '', type: 0, weekday }];
    return open.map(({ from, to }) => ({ from, to, type: from === '00:00' && to === '24:00' ? 1 : 2, weekday }));
  });
  return {
    business_hours: [...parts('business_hours'), {
      sub_setting_type: 'custom_hours', settings: found.hours.kind === 'always' ? { type: 1, custom_hours_settings: [] } : { type: 2, custom_hours_settings: custom },
    }],
    closed_hours: parts('closed_hours'), holiday_hours: [],
  };
}

const TYPE: Readonly<Record<Extension['owner']['kind'], string>> = { user: 'user', common_area: 'commonArea' };
const NOWHERE = { display_name: '', extension_id: '', extension_number: 0, extension_type: '', id: '', phone_number: '', description: '' };

function routingView({ directory }: Pick<HttpDeps, 'directory'>, to: NotTaken, otherwise: number): z.output<typeof routing> {
  switch (to.kind) {
    case 'disconnect': return { action: otherwise, forward_to: NOWHERE };
    case 'number': return { action: ACTIONS.number, forward_to: { ...NOWHERE, phone_number: to.number, description: to.description } };
    case 'extension': {
      const extension = directory.extension(to.extensionId);
      if (extension === undefined) return { action: otherwise, forward_to: NOWHERE };
      const { owner, id, number } = extension;
      return {
        action: ACTIONS[owner.kind],
        forward_to: {
          ...NOWHERE, display_name: holderName({ directory }, owner), extension_id: id, extension_number: Number(number), extension_type: TYPE[owner.kind], id: owner.id,
        },
      };
    }
  }
}
