/** The first API client, as DATA_DIR/admin.json has it. */
export interface ApiCredentials {
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  /** What the JSON says; undefined without a body. Its shape is what the caller expects, not checked here. */
  readonly body: T;
}

/** A caller of the admin API: fetches a token as scripts do and keeps it until it is refused. */
export class ApiClient {
  #token: Promise<string> | undefined;

  constructor(private readonly url: string, private readonly credentials: ApiCredentials) {}

  /** `path` from the root, e.g. `/v2/phone/users`; a text as body is CSV. */
  async request<T>(method: string, path: string, body?: unknown): Promise<ApiAnswer<T>> {
    const first = await this.#send<T>(method, path, body);
    if (first.status !== 401) return first;
    this.#token = undefined;
    return this.#send<T>(method, path, body);
  }

  /** An answer whose body is read as it comes; throws unless it is 200. */
  async open(path: string): Promise<{ readonly body: AsyncIterable<Uint8Array> }> {
    this.#token ??= this.#fetchToken();
    const answer = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${await this.#token}` } });
    if (answer.status !== 200 || answer.body === null) throw new Error(`GET ${path}: status ${answer.status}: ${await answer.text()}`);
    return { body: answer.body };
  }

  async #send<T>(method: string, path: string, body: unknown): Promise<ApiAnswer<T>> {
    // One request for all that wait: the token endpoint is rate-limited.
    this.#token ??= this.#fetchToken();
    const token = await this.#token;
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  async #fetchToken(): Promise<string> {
    const { accountId, clientId, clientSecret } = this.credentials;
    const answer = await fetch(`${this.url}/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'account_credentials', account_id: accountId }),
    });
    const { access_token: token } = await answer.json() as { readonly access_token?: string };
    if (token === undefined) throw new Error(`no token from ${this.url}/oauth/token: status ${answer.status}`);
    return token;
  }
}
