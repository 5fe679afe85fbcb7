import type { Route } from '../route.js';
import { outboundCountryRoutes } from './outbound-countries.js';
import { outboundExceptionRoutes } from './outbound-exceptions.js';
import type { OutboundLevelRoutes } from './outbound-level.js';

const LEVELS: readonly OutboundLevelRoutes[] = [
  {
    path: '/v2/phone/outbound_calling', whose: 'of the account', subject: () => ({ kind: 'account' }),
    operations: {
      getCountries: 'GetAccountOutboundCallingCountriesAndRegions', setCountries: 'UpdateAccountOutboundCallingCountriesOrRegions',
      listExceptions: 'listAccountOutboundCallingExceptionRule', addException: 'AddAccountOutboundCallingExceptionRule',
      removeException: 'deleteAccountOutboundCallingExceptionRule', updateException: 'UpdateAccountOutboundCallingExceptionRule',
    },
  },
  {
    path: '/v2/phone/sites/{siteId}/outbound_calling', whose: 'of a site', subject: ({ siteId = '' }) => ({ kind: 'site', id: siteId }),
    operations: {
      getCountries: 'GetSiteOutboundCallingCountriesAndRegions', setCountries: 'UpdateSiteOutboundCallingCountriesOrRegions',
      listExceptions: 'listSiteOutboundCallingExceptionRule', addException: 'AddSiteOutboundCallingExceptionRule',
      removeException: 'deleteSiteOutboundCallingExceptionRule', updateException: 'UpdateSiteOutboundCallingExceptionRule',
    },
  },
  {
    path: '/v2/phone/users/{userId}/outbound_calling', whose: 'of a user', subject: ({ userId = '' }) => ({ kind: 'user', id: userId }),
    operations: {
      getCountries: 'GetUserOutboundCallingCountriesAndRegions', setCountries: 'UpdateUserOutboundCallingCountriesOrRegions',
      listExceptions: 'listUserOutboundCallingExceptionRule', addException: 'AddUserOutboundCallingExceptionRule',
      removeException: 'deleteUserOutboundCallingExceptionRule', updateException: 'UpdateUserOutboundCallingExceptionRule',
    },
  },
  {
    path: '/v2/phone/common_areas/{commonAreaId}/outbound_calling', whose: 'of a common area',
    subject: ({ commonAreaId = '' }) => ({ kind: 'common_area', id: commonAreaId }),
    operations: {
      getCountries: 'GetCommonAreaOutboundCallingCountriesAndRegions', setCountries: 'UpdateCommonAreaOutboundCallingCountriesOrRegions',
      listExceptions: 'listCommonAreaOutboundCallingExceptionRule', addException: 'AddCommonAreaOutboundCallingExceptionRule',
      removeException: 'deleteCommonAreaOutboundCallingExceptionRule', updateException: 'UpdateCommonAreaOutboundCallingExceptionRule',
    },
  },
];

export const outboundCallingRoutes: readonly Route[] = LEVELS.flatMap(
  (level) => [...outboundCountryRoutes(level), ...outboundExceptionRoutes(level)],
);
