import { attribute, plural, type Attribute, type ResourceType, type Schema } from './attribute.js';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PHONE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:cordboard:phone:2.0:User';

const inner = (name: string, description: string, more: Partial<Attribute> = {}): Attribute => attribute(name, description, more);

const USER: Schema = {
  id: USER_SCHEMA, name: 'User', description: 'A person of the account.',
  attributes: [
    attribute('userName', 'How the identity provider names the person.', { required: true, uniqueness: 'server', longest: 128 }),
    attribute('name', 'Parts of the name.', {
      type: 'complex',
      subAttributes: [
        inner('formatted', 'The whole name.'), inner('familyName', 'Last name.', { longest: 64 }), inner('givenName', 'First name.', { longest: 64 }),
        inner('middleName', 'Middle name.'), inner('honorificPrefix', 'Title before the name.'), inner('honorificSuffix', 'Title after the name.'),
      ],
    }),
    attribute('displayName', 'The name that others see.', { longest: 128 }),
    attribute('nickName', 'Casual name; kept and shown.'),
    attribute('profileUrl', 'A page about the person; kept and shown.', { type: 'reference', referenceTypes: ['external'], caseExact: true }),
    attribute('title', 'Job title.', { longest: 128 }),
    attribute('userType', 'What the person is to the company; kept and shown.'),
    attribute('preferredLanguage', 'Language of prompts and mail, e.g. de-DE.', { longest: 16 }),
    attribute('locale', 'Kept and shown.'),
    attribute('timezone', 'IANA time zone, e.g. Europe/Berlin.', { longest: 64 }),
    attribute('active', 'Whether the person works here; false ends the person\'s tokens and sign-ins at phones.', { type: 'boolean' }),
    attribute('password', 'Taken and forgotten: people have no password here.', { mutability: 'writeOnly', returned: 'never', caseExact: true }),
    plural('emails', 'E-mail addresses; the primary one is the person\'s here.', ['work', 'home', 'other'], { longest: 128 }),
    plural('phoneNumbers', 'Numbers of a profile; kept and shown. Numbers that ring phones here are those of the phone extension.', [
      'work', 'home', 'mobile', 'fax', 'pager', 'other',
    ]),
    plural('ims', 'Messaging addresses; kept and shown.', []),
    plural('photos', 'Addresses of pictures; kept and shown.', ['photo', 'thumbnail'], { type: 'reference', referenceTypes: ['external'], caseExact: true }),
    attribute('addresses', 'Postal addresses; kept and shown.', {
      type: 'complex', multiValued: true,
      subAttributes: [
        inner('formatted', 'The whole address.'), inner('streetAddress', 'Street.'), inner('locality', 'City.'), inner('region', 'State.'),
        inner('postalCode', 'Postal code.'), inner('country', 'Country.'), inner('type', 'What it is used for.', { canonicalValues: ['work', 'home', 'other'] }),
        inner('primary', 'Whether it is the preferred one.', { type: 'boolean' }),
      ],
    }),
    attribute('groups', 'Groups of the person, changed by the groups.', {
      type: 'complex', multiValued: true, mutability: 'readOnly',
      subAttributes: [
        inner('value', 'Id of the group.', { mutability: 'readOnly', caseExact: true }), inner('$ref', 'Its address.', {
          type: 'reference', mutability: 'readOnly', referenceTypes: ['Group'], caseExact: true,
        }),
        inner('display', 'Its name.', { mutability: 'readOnly' }), inner('type', 'How.', { mutability: 'readOnly', canonicalValues: ['direct', 'indirect'] }),
      ],
    }),
    plural('entitlements', 'Kept and shown; what opens a phone is in the phone extension.', []),
    plural('roles', 'Kept and shown; the phone role is in the phone extension.', []),
    plural('x509Certificates', 'Kept and shown.', [], { type: 'binary', caseExact: true }),
  ],
};

const ENTERPRISE: Schema = {
  id: ENTERPRISE_SCHEMA, name: 'EnterpriseUser', description: 'What an employer keeps of a person.',
  attributes: [
    attribute('employeeNumber', 'The employer\'s own id.', { longest: 128 }), attribute('costCenter', 'Cost centre.', { longest: 128 }),
    attribute('organization', 'Company.', { longest: 255 }), attribute('division', 'Kept and shown.'),
    attribute('department', 'Department.', { longest: 128 }),
    attribute('manager', 'The person\'s manager.', {
      type: 'complex',
      subAttributes: [
        inner('value', 'Id of a user.', { caseExact: true }),
        inner('$ref', 'Address of the user.', { type: 'reference', referenceTypes: ['User'], caseExact: true }),
        inner('displayName', 'Name of the manager.', { mutability: 'readOnly' }),
      ],
    }),
  ],
};

const PHONE: Schema = {
  id: PHONE_SCHEMA, name: 'PhoneUser', description: 'A person\'s phone: what there is. What was asked and is not there stands in the reconciliation list.',
  attributes: [
    attribute('extensionNumber', '1 to 6 digits; 0 = the next free one of the site, "" removes the phone.', { caseExact: true, longest: 20 }),
    attribute('site', 'Code or name of the site; the main site without one.', { longest: 128 }),
    attribute('phoneNumbers', 'Direct numbers of the account, E.164; need a calling plan.', { multiValued: true, caseExact: true, longest: 32 }),
    attribute('callingPlans', 'Names or codes of calling plans, licences and add-ons.', { multiValued: true, longest: 100 }),
    attribute('package', 'Name or id of a package; "" takes it away.', { longest: 100 }),
    attribute('role', 'Name or id of a phone role that identity providers may grant.', { longest: 100 }),
    attribute('template', 'Name of a setting template, copied once.', { longest: 100, mutability: 'writeOnly', returned: 'never' }),
  ],
};

const GROUP: Schema = {
  id: GROUP_SCHEMA, name: 'Group', description: 'A group of the identity provider; mappings by its name give its members what phones need.',
  attributes: [
    attribute('displayName', 'Its name.', { required: true, longest: 256 }),
    attribute('members', 'Its members: people.', {
      type: 'complex', multiValued: true,
      subAttributes: [
        inner('value', 'Id of a user.', { mutability: 'immutable', caseExact: true, longest: 64 }),
        inner('$ref', 'Address of the user.', { type: 'reference', mutability: 'immutable', referenceTypes: ['User'], caseExact: true }),
        inner('display', 'Name of the user.', { mutability: 'readOnly' }), inner('type', 'What it is.', { mutability: 'immutable', canonicalValues: ['User'] }),
      ],
    }),
  ],
};

export const USER_TYPE: ResourceType = { name: 'User', endpoint: '/Users', description: 'People', core: USER, extensions: [ENTERPRISE, PHONE] };
export const GROUP_TYPE: ResourceType = { name: 'Group', endpoint: '/Groups', description: 'Groups of people', core: GROUP, extensions: [] };

export const RESOURCE_TYPES: readonly ResourceType[] = [USER_TYPE, GROUP_TYPE];
