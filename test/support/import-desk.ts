/** Files of changes over the API, as an administrator handles them: uploaded, looked at, applied, undone. */
import { parse } from 'csv-parse/sync';
import type { ApiOffice, ApiReply } from './api-office.js';

export interface ShownImport {
  readonly id: string;
  readonly state: string;
  readonly rows: number;
  readonly counts: Readonly<Record<'add' | 'update' | 'unchanged' | 'error', number>>;
  readonly applied_rows: number;
  readonly problems: readonly { readonly row: number; readonly column: string; readonly message: string }[];
}
export interface ShownRow {
  readonly row: number;
  readonly action: string;
  readonly subject: string;
  readonly changes: readonly { readonly column: string; readonly before: string; readonly after: string }[];
  readonly problems: readonly { readonly column: string; readonly message: string }[];
  readonly warnings: readonly { readonly column: string; readonly message: string }[];
}

/** Rows as a file has them, quoted where they must be. */
export function csvText(rows: readonly (readonly string[])[], separator = ','): string {
  const cell = (text: string): string => (/[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(separator)).join('\r\n');
}

export function importDesk({ call, expect, deps }: ApiOffice, kind: string) {
  const upload = async (status: number, file: string | Buffer, query = ''): Promise<ApiReply> =>
    expect(status, 'POST', `/v2/cordboard/imports?kind=${kind}${query}`, undefined, { raw: file, headers: { 'content-type': 'text/csv' } });
  const settled = async (id: string): Promise<ShownImport> => {
    for (let tries = 0; tries < 1000; tries += 1) {
      const { json } = await call('GET', `/v2/cordboard/imports/${id}`);
      if (!['parsing', 'applying', 'rolling_back', 'undoing'].includes(json.state)) return json;
      await deps.importWork.advance(json.id);
    }
    throw new Error(`import ${id} does not come to an end`);
  };
  const act = (status: number, id: string, verb: string, body: object = {}): Promise<ApiReply> => expect(status, 'POST', `/v2/cordboard/imports/${id}/${verb}`, body);
  return {
    upload,
    settled,
    act,
    /** Uploads a file and waits for its plan. */
    plan: async (rows: readonly (readonly string[])[] | string, query = ''): Promise<ShownImport> =>
      settled((await upload(201, typeof rows === 'string' ? rows : csvText(rows), query)).json.id),
    /** Asks for a verb and waits for its end. */
    finish: async (id: string, verb: string, body: object = {}): Promise<ShownImport> => settled((await act(202, id, verb, body)).json.id),
    rows: async (id: string, show = 'all'): Promise<readonly ShownRow[]> => (await expect(200, 'GET', `/v2/cordboard/imports/${id}/rows?show=${show}&page_size=300`)).json.rows,
    exported: async (): Promise<string> => (await expect(200, 'GET', `/v2/cordboard/exports/${kind}.csv`)).text,
  };
}

/** A file as rows by the titles of its columns. */
export function tableOf(file: string): readonly Readonly<Record<string, string>>[] {
  return parse(file, { columns: true, bom: true }) as readonly Readonly<Record<string, string>>[];
}
