import t from 'tap';
import { createMailRenderer } from '../../src/outbound/mail/mail-renderer.js';
import { createSmtpMailer } from '../../src/outbound/mail/smtp-mailer.js';
import { createDeliverMail } from '../../src/usecases/mail/deliver-mail.js';
import { apiDesks } from '../support/api-desks.js';
import { startApiOffice } from '../support/api-office.js';
import { startMailReceiver } from '../support/mail-receiver.js';

t.test('profiles, packages, add-ons, mail and what a status does', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  const desks = apiDesks(office);
  const seatsOf = async (code: number): Promise<{ readonly assigned: number; readonly available: number }> => (
    (await expect(200, 'GET', '/v2/phone/plans')).json.calling_plans.find((row: { type: number }) => row.type === code));
  const heldBy = async (email: string): Promise<readonly number[]> => (
    (await expect(200, 'GET', `/v2/phone/users/${email}`)).json.calling_plans.map((plan: { type: number }) => plan.type).sort((a: number, b: number) => a - b));

  await t.test('every field of a profile is kept and shown', async (t) => {
    await expect(201, 'POST', '/v2/users', { action: 'create', user_info: { email: 'ada@example.com', first_name: 'Ada', type: 2 } });
    const profile = {
      first_name: 'Augusta', last_name: 'King', display_name: 'Ada', type: 1, dept: 'Engines', cost_center: '42', job_title: 'Countess', location: 'London',
      language: 'en-GB', timezone: 'Europe/London', company: 'Analytical', cms_user_id: 'cms-1', employee_unique_id: 'E-1815', manager: 'charles@example.com',
      custom_attributes: [{ key: 'k1', name: 'Shoe size', value: '38' }], host_key: '123456', phone_country: 'GB', phone_number: '+442079460000',
      phone_numbers: [{ code: '+44', country: 'GB', label: 'Office', number: '2079460000' }], pmi: 1234567890, use_pmi: true, pronouns: 'she/her',
      pronouns_option: 2, about_me: 'Numbers.', linkedin_url: 'https://example.com/ada', zoom_one_type: 4,
    };
    await expect(204, 'PATCH', '/v2/users/ada@example.com', { ...profile, group_id: 'g1', vanity_name: 'ada' });
    const { json } = await expect(200, 'GET', '/v2/users/ada@example.com');
    const { phone_numbers, ...plain } = profile;
    t.match(json, { ...plain, group_ids: ['g1'], vanity_url: 'ada', phone_numbers: [{ ...phone_numbers[0], verified: false }], plan_united_type: '' });
    await expect(204, 'PATCH', '/v2/users/ada@example.com', { company: 'Other' });
    t.match((await expect(200, 'GET', '/v2/users/E-1815?search_by_unique_id=true')).json, { id: json.id, company: 'Other', host_key: '123456' });
    await expect(404, 'GET', '/v2/users/E-1816?search_by_unique_id=true');
    const bad = [
      ['host_key', 'abc'], ['pmi', 1], ['manager', 'nobody'], ['timezone', 'Mars/Base'], ['type', 3], ['about_me', 'x'.repeat(151)], ['plan_united_type', 'No such'],
      ['custom_attributes', 'x'],
    ] as const;
    for (const [field, value] of bad) {
      t.match((await expect(400, 'PATCH', '/v2/users/ada@example.com', { [field]: value })).json.errors[0].field, field);
    }
  });

  await t.test('the list: filters, pages by number, and fields asked for', async (t) => {
    for (const name of ['b', 'c', 'd']) await expect(201, 'POST', '/v2/users', { action: 'create', user_info: { email: `${name}@example.com`, type: 1 } });
    const emails = async (query: string): Promise<readonly string[]> => (
      (await expect(200, 'GET', `/v2/users?${query}`)).json.users.map((user: { email: string }) => user.email));
    t.same(await emails('page_size=3&page_number=2'), ['d@example.com']);
    t.match((await expect(200, 'GET', '/v2/users?page_size=3')).json, { page_count: 2, page_number: 1, total_records: 4 });
    t.notOk('host_key' in (await expect(200, 'GET', '/v2/users')).json.users[0]);
    t.match((await expect(200, 'GET', '/v2/users?include_fields=host_key,custom_attributes')).json.users[0], { host_key: '123456', custom_attributes: [{ value: '38' }] });
    await expect(400, 'GET', '/v2/users?license=Nonsense');
    await expect(400, 'GET', '/v2/users?page_number=0');
    await expect(204, 'PATCH', '/v2/users/b@example.com', { feature: { zoom_phone: true } });
    await expect(201, 'POST', '/v2/phone/users/b@example.com/calling_plans', { calling_plans: [{ type: 'US/CA Metered Calling Plan' }] });
    t.same(await emails('license=100'), ['b@example.com']);
    t.same(await emails('license=METERED_PLAN_US_CA'), ['b@example.com']);
  });

  await t.test('add-ons are assigned and counted one by one', async (t) => {
    const plans = '/v2/phone/users/b@example.com/calling_plans';
    await expect(201, 'POST', plans, { calling_plans: [{ type: 4010 }, { type: 3000 }] });
    t.same(await heldBy('b@example.com'), [100, 3000, 4010]);
    t.equal((await seatsOf(4010)).assigned, 1);
    await expect(204, 'DELETE', `${plans}/4010`);
    await expect(204, 'DELETE', `${plans}/${encodeURIComponent('Zoom Phone Pro')}`);
    t.same(await heldBy('b@example.com'), [100]);
    t.equal((await seatsOf(4010)).assigned, 0);
  });

  await t.test('a package assigns licence, plan and add-on at once, and takes them away together', async (t) => {
    const packages = '/v2/cordboard/licence_packages';
    const { json: made } = await expect(201, 'POST', packages, { name: 'Workplace Enterprise', plans: ['ZP_PRO', 200, 'Zoom Phone Power Pack'] });
    t.same(made.plans.map((plan: { type: number }) => plan.type), [200, 3000, 4010]);
    const bad: readonly (readonly [number, string, unknown])[] = [
      [400, 'name', { name: 'Zoom Phone Pro', plans: [200] }], [400, 'name', { name: 'none', plans: [200] }], [409, 'name', { name: 'workplace ENTERPRISE', plans: [200] }],
      [400, 'plans[1]', { name: 'x', plans: [200, 'Nonsense'] }], [400, 'plans[1]', { name: 'x', plans: [200, '200'] }], [400, 'plans', { name: 'x', plans: [] }],
    ];
    for (const [status, field, body] of bad) t.equal((await expect(status, 'POST', packages, body)).json.errors[0].field, field);

    await expect(204, 'PATCH', '/v2/users/b@example.com', { plan_united_type: 'workplace enterprise' });
    t.same(await heldBy('b@example.com'), [100, 200, 3000, 4010], 'what was assigned singly stays');
    t.match((await expect(200, 'GET', '/v2/users/b@example.com')).json, { plan_united_type: 'Workplace Enterprise' });
    t.match((await expect(200, 'GET', packages)).json.packages, [{ name: 'Workplace Enterprise', holders: 1 }]);
    await expect(409, 'PATCH', `${packages}/${made.id}`, { plans: [100] });
    await expect(409, 'DELETE', `${packages}/${made.id}`);
    await expect(204, 'PATCH', `${packages}/${made.id}`, { name: 'Enterprise' });
    await expect(204, 'PATCH', '/v2/users/b@example.com', { plan_united_type: 'none' });
    t.same(await heldBy('b@example.com'), [100]);

    await expect(400, 'PATCH', '/v2/users/c@example.com', { plan_united_type: 'Enterprise' });
    await expect(201, 'POST', '/v2/users', { action: 'create', user_info: { email: 'e@example.com', type: 2, plan_united_type: 'Enterprise' } });
    t.same(await heldBy('e@example.com'), [200, 3000, 4010], 'a person added with a package is a phone user');
    await expect(204, 'DELETE', '/v2/phone/users/e@example.com/calling_plans/4010');
    t.match((await expect(200, 'GET', '/v2/users/e@example.com')).json, { plan_united_type: '' }, 'a package without one of its pieces is none');
    await expect(201, 'POST', '/v2/phone/users/batch', { users: [{ email: 'f@example.com', calling_plans: ['Enterprise', '102'] }] });
    t.same(await heldBy('f@example.com'), [102, 200, 3000, 4010], 'its name stands for its pieces wherever plans are named');

    await expect(204, 'PATCH', '/v2/cordboard/plans/4010', { subscribed: (await seatsOf(4010)).assigned });
    const full = await expect(409, 'PATCH', '/v2/users/b@example.com', { plan_united_type: 'Enterprise' });
    t.match(full.json.errors, [{ field: 'plan_united_type', message: /Power Pack/ }]);
    t.same(await heldBy('b@example.com'), [100], 'and nothing of it was assigned');
    await expect(204, 'PATCH', '/v2/users/f@example.com', { feature: { zoom_phone: false } });
    t.equal((await seatsOf(4010)).available, 1, 'the seats of a removed phone are free');
    await expect(204, 'PATCH', '/v2/users/b@example.com', { plan_united_type: 'Enterprise' });
    await expect(204, 'PATCH', '/v2/users/b@example.com', { feature: { zoom_phone: false } });
    t.match((await expect(200, 'GET', '/v2/users/b@example.com')).json, { plan_united_type: '' });
    await expect(204, 'DELETE', `${packages}/${made.id}`);
    await expect(404, 'DELETE', `${packages}/${made.id}`);
  });

  await t.test('a deactivated person neither makes nor gets calls, and keeps everything', async (t) => {
    const [ada, bob] = [await desks.person('2001'), await desks.person('2002')];
    const [adas, bobs] = [await desks.desk(ada), await desks.desk(bob)];
    const decision = async (deviceId: string, dialled: string) => (
      await expect(200, 'POST', '/v2/cordboard/policy/explain', { device_id: deviceId, dialled })).json;
    const before = [await decision(adas, '2002'), await decision(bobs, '2001')];
    for (const one of before) t.notMatch(JSON.stringify(one), /deactivated/i);
    await expect(201, 'POST', `/v2/cordboard/devices/${bobs}/hot_desk_sign_in`, { user_id: ada.id });
    await expect(204, 'PATCH', `/v2/phone/users/${ada.id}`, { status: 'deactivate' });
    t.equal((await expect(200, 'GET', `/v2/cordboard/users/${ada.id}/hot_desk`)).json.device_id, '', 'the session ended');
    for (const [device, dialled] of [[adas, '2002'], [bobs, '2001']] as const) t.match(JSON.stringify(await decision(device, dialled)), /deactivated/i);
    await expect(409, 'POST', `/v2/cordboard/devices/${bobs}/hot_desk_sign_in`, { user_id: ada.id });
    await expect(204, 'PATCH', `/v2/phone/users/${ada.id}`, { status: 'activate' });
    t.same([await decision(adas, '2002'), await decision(bobs, '2001')], before, 'as it was');
  });

  await t.test('the PIN of a new phone user goes by mail, and nowhere else', async (t) => {
    const receiver = await startMailReceiver(t);
    const deliver = createDeliverMail({
      stores: office.deps.stores, clock: office.clock, mail: office.deps.mail, log: office.deps.log, jitter: () => 0.5,
      mailer: createSmtpMailer({ url: receiver.url, from: 'Phones <pbx@example.com>' }), mailRenderer: createMailRenderer(),
    });
    t.match((await expect(200, 'GET', '/v2/cordboard/mail')).json, { configured: false, mail: [] });
    office.mail.enabled = true;
    const { json: added } = await expect(201, 'POST', '/v2/phone/users/batch', {
      users: [{ email: 'grace@example.com', first_name: 'Grace', extension_number: '2003' }, { email: 'not@example.com', extension_number: '2004' }],
    });
    t.notOk('pin_code' in added[0]);
    receiver.refuse(451);
    t.equal(await deliver.tick(), 2);
    t.match((await expect(200, 'GET', '/v2/cordboard/mail?to=GRACE@example.com')).json.mail, [{ state: 'pending', attempts: 1, last_error: /451/, kind: 'phone-user-notice' }]);
    t.equal(await deliver.tick(), 0, 'not before its time');
    receiver.refuse(0);
    office.clock.advance(2 * 60_000);
    t.equal(await deliver.tick(), 2);
    const mail = receiver.mails.find(({ to }) => to.includes('grace@example.com'));
    t.match(mail?.text, /Extension: 2003/);
    const pin = /PIN: (\d{6})/.exec(mail?.text ?? '')?.[1] ?? '';
    t.ok(await office.deps.pinHasher.verify(office.account.id, pin, (await office.deps.stores.pins.get({ kind: 'user', id: added[0].id }))?.hash ?? null), 'it is the PIN');
    t.match((await expect(200, 'GET', '/v2/cordboard/mail')).json, { configured: true, total_records: 2, mail: [{ state: 'sent', sent_at: /Z$/ }, { state: 'sent' }] });
    const rows = await office.database.queries.selectFrom('mails').selectAll().execute();
    t.ok(rows.every((row) => row.sealed_content === null), 'nothing of it is kept');

    await expect(204, 'PATCH', '/v2/users/grace@example.com', { language: 'de-DE' });
    const reset = (await expect(200, 'POST', '/v2/cordboard/users/grace@example.com/reset_pin_code')).json;
    t.same(reset, { mailed: true });
    await deliver.tick();
    t.match(receiver.mails.at(-1)?.text, /Neue PIN|neue PIN/);
    t.match((await expect(200, 'POST', '/v2/cordboard/users/grace@example.com/reset_pin_code', { notify: false })).json, { mailed: false, pin_code: /^\d{6}$/ });

    receiver.refuse(550);
    await expect(204, 'PATCH', '/v2/users/b@example.com', { feature: { zoom_phone: true } });
    await deliver.tick();
    const [failed] = (await expect(200, 'GET', '/v2/cordboard/mail?state=failed')).json.mail;
    t.match(failed, { to: 'b@example.com', last_error: /550/, next_attempt_at: '' });
    t.match((await expect(200, 'GET', `/v2/cordboard/mail/${failed.id}`)).json, failed);
    await expect(404, 'GET', '/v2/cordboard/mail/nothing');
    const refused = await expect(409, 'POST', '/v2/phone/users/batch', { users: [{ email: 'late@example.com' }, { email: 'grace@example.com' }] });
    t.match(refused.json.errors, [{ field: 'users[1].email' }]);
    t.equal((await expect(200, 'GET', '/v2/cordboard/mail?to=late@example.com')).json.total_records, 0, 'a batch that is refused writes to nobody');
    const audit = await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=300');
    t.notMatch(audit.text, new RegExp(`"${pin}"`));
    office.mail.enabled = false;
  });

  await t.test('who may only look changes nothing', async () => {
    const token = await office.tokenFor('Phone Read Only');
    for (const [method, path, body] of [
      ['PATCH', '/v2/users/ada@example.com', { dept: 'x' }], ['POST', '/v2/cordboard/licence_packages', { name: 'x', plans: [200] }],
      ['PATCH', '/v2/cordboard/licence_packages/x', { name: 'y' }], ['DELETE', '/v2/cordboard/licence_packages/x', undefined],
      ['POST', '/v2/phone/users/batch', { users: [{ email: 'z@example.com' }] }], ['PUT', '/v2/phone/users/batch', { user_ids: ['x'], site_id: 'y' }],
    ] as const) await expect(403, method, path, body, { token });
    await expect(200, 'GET', '/v2/cordboard/licence_packages', undefined, { token });
  });
});
