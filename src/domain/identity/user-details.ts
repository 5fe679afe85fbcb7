export interface ProfileNumber {
  readonly code: string;
  readonly country: string;
  readonly label: string;
  readonly number: string;
}

export interface CustomAttribute {
  readonly key: string;
  readonly name: string;
  readonly value: string;
}

/** What a directory of people keeps and shows; no call and no phone depends on any of it. */
export interface UserDetails {
  readonly company: string;
  readonly employeeUniqueId: string;
  readonly manager: string;
  readonly pronouns: string;
  readonly pronounsOption: number;
  readonly hostKey: string;
  readonly cmsUserId: string;
  readonly vanityName: string;
  readonly aboutMe: string;
  readonly linkedinUrl: string;
  readonly phoneCountry: string;
  readonly phoneNumber: string;
  readonly phoneNumbers: readonly ProfileNumber[];
  readonly customAttributes: readonly CustomAttribute[];
  readonly groupIds: readonly string[];
  /** Number of a personal meeting room elsewhere; 0 = none. */
  readonly pmi: number;
  readonly usePmi: boolean;
  readonly zoomOneType: number;
}

export const NO_DETAILS: UserDetails = {
  company: '', employeeUniqueId: '', manager: '', pronouns: '', pronounsOption: 0, hostKey: '', cmsUserId: '', vanityName: '', aboutMe: '',
  linkedinUrl: '', phoneCountry: '', phoneNumber: '', phoneNumbers: [], customAttributes: [], groupIds: [], pmi: 0, usePmi: false, zoomOneType: 0,
};

/** Whole details of what was stored; people without any share one object. */
export function wholeDetails(stored: Partial<UserDetails>): UserDetails {
  return Object.keys(stored).length === 0 ? NO_DETAILS : { ...NO_DETAILS, ...stored };
}
