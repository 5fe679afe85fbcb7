import type { RequestedFile } from '../domain/provisioning/match-request.js';
import type { PhoneConfiguration } from '../domain/provisioning/phone-configuration.js';
import type { PhoneModel } from '../domain/provisioning/phone-model.js';
import type { TemplateRules } from '../domain/provisioning/lint-template.js';
import type { FileSetting } from '../domain/provisioning/template-settings.js';

/** A file as it goes to the phone. Equal configurations give equal bytes. */
export interface RenderedFile {
  readonly kind: 'rendered';
  readonly body: string;
  readonly contentType: string;
  /** Strong entity tag with its quotes (RFC 9110 §8.8.3), a hash of the body. */
  readonly etag: string;
}

export type RenderOutcome =
  | RenderedFile
  /** A value that the file's grammar cannot hold, such as a password with a line end; `text` names it and the remedy, never the value. */
  | { readonly kind: 'unrenderable'; readonly text: string }
  | { readonly kind: 'no-such-file' };

/** What a file that belongs to nobody may know. */
export interface CommonFacts {
  /** https URL under which phones find their own files, ending in `/`. */
  readonly baseUrl: string;
  readonly ntpPrimary: string;
  readonly ntpSecondary: string;
}

export interface PhoneFileName {
  /** As in the family's manifest. */
  readonly file: string;
  /** As the phone asks for it. */
  readonly name: string;
}

/** Makers' files of phones: which there are, what a request asks for, and what is in them. */
export interface PhoneFiles {
  readonly models: readonly PhoneModel[];
  /** By maker and model as administrators or the phone itself write them; null = unknown. */
  findModel(maker: string, model: string): PhoneModel | null;
  /** What a path asks for in each family that knows such a name. */
  request(path: string): readonly RequestedFile[];
  /** Files of one device that are worth showing, in the order the phone asks for them. */
  filesOf(model: PhoneModel, macAddress: string): readonly PhoneFileName[];
  /** @param template settings of the administrator's text, as `lintTemplate` read them */
  render(model: PhoneModel, file: string, configuration: PhoneConfiguration, template: readonly FileSetting[]): RenderOutcome;
  /** Whether the file is the one with the settings: a phone that has it whole is up to date. */
  isConfiguration(model: PhoneModel, file: string): boolean;
  /** A file without secrets. @param code as `request` found it in the name; null = none */
  renderCommon(templateFamily: string, file: string, code: string | null, facts: CommonFacts): RenderOutcome;
  /** Whether phones of the model ask for images of firmware by such a name. */
  isFirmwareName(model: PhoneModel, fileName: string): boolean;
  /** What the phone is told of where its firmware is; null = nothing can be told. @param folder URL, ending in `/` */
  firmwareAddress(model: PhoneModel, folder: string, fileName: string): string | null;
  /** What administrators may write for phones of this model. */
  templateRules(model: PhoneModel): TemplateRules;
  /** Model, firmware and MAC address in the User-Agent of a request for a file; null = of no phone we know. For plausibility alone. */
  recognise(userAgent: string): RecognisedAgent | null;
}

export interface RecognisedAgent {
  readonly templateFamily: string;
  readonly model: string | null;
  readonly firmware: string | null;
  /** Twelve lower-case hex digits. */
  readonly macAddress: string | null;
}
