import type { Application, ApplicationChooser } from '../dialog/application.js';

/** Who asked for which requests: strict round robin per verb (drachtio wire protocol §7.6j). */
export class AppDirectory implements ApplicationChooser {
  readonly #byVerb = new Map<string, Application[]>();

  /** The same verb twice from one application counts once. */
  route(app: Application, verb: string): void {
    const apps = this.#byVerb.get(verb);
    if (apps === undefined) this.#byVerb.set(verb, [app]);
    else if (!apps.includes(app)) apps.push(app);
  }

  /** Deviation: drachtio-server removes all verbs of the connection; here it is the one named. */
  unroute(app: Application, verb: string): void {
    const apps = this.#byVerb.get(verb)?.filter((each) => each !== app) ?? [];
    if (apps.length === 0) this.#byVerb.delete(verb);
    else this.#byVerb.set(verb, apps);
  }

  remove(app: Application): void {
    for (const verb of [...this.#byVerb.keys()]) this.unroute(app, verb);
  }

  choose(verb: string): Application | undefined {
    const apps = this.#byVerb.get(verb);
    const app = apps?.shift();
    if (apps === undefined || app === undefined) return undefined;
    apps.push(app);
    return app;
  }
}
